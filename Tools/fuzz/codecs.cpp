// libFuzzer over the shim of the DICOM codecs (CDCMTK): any bytes give samples or a status.
// An input is a codec, columns, rows, components, bits of a sample, whether they are signed, and the encoded frame.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "CDCMTK.h"
#include "LosslessJPEG.h"
#include "Wavelet2000/Picture.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 6) return 0;
  const uint8_t *frame = data + 6;
  const size_t count = size - 6;
  char message[CD_MESSAGE] = {0};
  cd_picture picture = {};
  picture.width = 1u + data[1];
  picture.height = 1u + data[2];
  picture.components = 1 + data[3] % 4;
  picture.precision = 1 + data[4] % 32;
  picture.is_signed = data[5] & 1;
  picture.bytes_per_sample = picture.precision <= 8 ? 1 : picture.precision <= 16 ? 2 : 4;
  std::vector<uint32_t> room((size_t)picture.width * picture.height * (size_t)picture.components + 1);
  auto *out = reinterpret_cast<uint8_t *>(room.data());
  const size_t capacity = (size_t)picture.width * picture.height * (size_t)(picture.components * picture.bytes_per_sample);
  cd_status status = CD_OK;
  switch (data[0] % 8) {
    case 0: status = decode_lossless_jpeg(frame, count, &picture, out, capacity, message); break;
    case 1: case 2: case 3: status = decode_plain_jpeg2000(frame, count, &picture, out, capacity, message); break;
    case 4: status = cd_jpeg_decode(frame, count, &picture, out, capacity, message); break;
    case 5: status = cd_jpegls_decode(frame, count, &picture, out, capacity, message); break;
    case 6: {
      uint8_t *inflated = nullptr;
      size_t inflated_count = 0;
      status = cd_inflate(frame, count, 1 << 20, &inflated, &inflated_count, message);
      if ((status == CD_OK) != (inflated != nullptr) || inflated_count > 1 << 20) abort();
      cd_free(inflated);
      break;
    }
    // Each of these is decoded in a process of its own, so they are few.
    default:
      if (count % 16 == 0) status = cd_jpeg2000_decode(frame, count, &picture, out, capacity, message);
  }
  if (std::memchr(message, 0, sizeof message) == nullptr) abort();
  if (status != CD_OK && message[0] == 0) abort();
  return 0;
}
