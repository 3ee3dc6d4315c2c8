// JPEG of 12 and 16 bits, and lossless JPEG where our own decoder leaves it: what libjpeg-turbo does not read.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg12.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <dcmtk/dcmjpeg/djdijg8.h>

#include <limits>
#include <memory>
#include <vector>

#include "Guard.h"
#include "LosslessJPEG.h"
#include "Toolkit.h"

namespace {

// A progressive file may ask for a scan over all its pixels with every few bytes; real ones have about ten.
const int maximum_scans = 500;

int count_scans(const uint8_t *data, size_t count) {
  int scans = 0;
  for (size_t i = 0; i + 1 < count; i++) scans += data[i] == 0xff && data[i + 1] == 0xda;
  return scans;
}

std::unique_ptr<DJDecoder> decoder_for(int32_t precision, const DJCodecParameter &parameter) {
  if (precision <= 8) return std::make_unique<DJDecompressIJG8Bit>(parameter, OFFalse);
  if (precision <= 12) return std::make_unique<DJDecompressIJG12Bit>(parameter, OFFalse);
  return std::make_unique<DJDecompressIJG16Bit>(parameter, OFFalse);
}

}  // namespace

extern "C" cd_status cd_jpeg_decode(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message) {
  const cd_status lossless = decode_lossless_jpeg(data, count, picture, out, capacity, message);
  if (lossless != CD_UNSUPPORTED) return lossless;
  return guarded(message, [&]() -> cd_status {
    prepare_toolkit();
    size_t bytes = bytes_of(*picture);
    const size_t most = std::numeric_limits<Uint32>::max();
    if (bytes == 0 || bytes > capacity || bytes > most || count > most) {
      return fail(CD_UNSUPPORTED, message, "a JPEG frame of this size");
    }
    if (picture->precision > 16) return fail(CD_UNSUPPORTED, message, "a JPEG of more than 16 bits");
    if (count_scans(data, count) > maximum_scans) return fail(CD_UNSUPPORTED, message, "more than 500 scans");
    DJCodecParameter parameter(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_default);
    std::unique_ptr<DJDecoder> decoder = decoder_for(picture->precision, parameter);
    if (decoder->bytesPerSample() != picture->bytes_per_sample) {
      return fail(CD_UNSUPPORTED, message, "samples of another size");
    }
    OFCondition condition = decoder->init();
    if (condition.bad()) return fail(CD_CORRUPT, message, condition.text());
    // The decoder asks for a buffer that it may write, and does not.
    condition = decoder->decode(
        const_cast<Uint8 *>(data), (Uint32)count, out, (Uint32)bytes, picture->is_signed ? OFTrue : OFFalse);
    if (condition == EJ_Suspension) {
      return fail(CD_TRUNCATED, message, "the compressed data ends before the pixels do");
    }
    if (condition.bad()) return fail(CD_CORRUPT, message, condition.text());
    return CD_OK;
  });
}
