// JPEG-LS: a data set of one frame is made for DCMTK's codec, whose own interface is not public.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "Guard.h"
#include "Toolkit.h"

namespace {

void check(const OFCondition &condition) {
  if (condition.bad()) throw std::runtime_error(condition.text());
}

void describe(DcmDataset &set, const cd_picture &picture) {
  const int bits = picture.bytes_per_sample * 8;
  check(set.putAndInsertUint16(DCM_Rows, (Uint16)picture.height));
  check(set.putAndInsertUint16(DCM_Columns, (Uint16)picture.width));
  check(set.putAndInsertUint16(DCM_SamplesPerPixel, (Uint16)picture.components));
  check(set.putAndInsertUint16(DCM_BitsAllocated, (Uint16)bits));
  check(set.putAndInsertUint16(DCM_BitsStored, (Uint16)picture.precision));
  check(set.putAndInsertUint16(DCM_HighBit, (Uint16)(picture.precision - 1)));
  check(set.putAndInsertUint16(DCM_PixelRepresentation, 0));
  check(set.putAndInsertUint16(DCM_PlanarConfiguration, 0));
  check(set.putAndInsertString(DCM_PhotometricInterpretation, picture.components == 3 ? "RGB" : "MONOCHROME2"));
}

// The frame as the only one of encapsulated pixel data.
std::unique_ptr<DcmPixelData> encapsulate(const uint8_t *data, size_t count) {
  auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelData, EVR_OB));
  auto table = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_OB));
  check(sequence->insert(table.get()));
  table.release();
  auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_OB));
  Uint8 *bytes = nullptr;
  check(item->createUint8Array((Uint32)(count + count % 2), bytes));
  std::memcpy(bytes, data, count);
  if (count % 2) bytes[count] = 0;
  check(sequence->insert(item.get()));
  item.release();
  auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
  pixels->putOriginalRepresentation(EXS_JPEGLSLossless, nullptr, sequence.release());
  return pixels;
}

}  // namespace

extern "C" cd_status cd_jpegls_decode(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message) {
  return guarded(message, [&]() -> cd_status {
    prepare_toolkit();
    size_t bytes = bytes_of(*picture);
    const size_t most = std::numeric_limits<Uint32>::max() - 1;
    if (bytes == 0 || bytes > capacity || bytes > most || count > most) {
      return fail(CD_UNSUPPORTED, message, "a JPEG-LS frame of this size");
    }
    if (count == 0) return fail(CD_TRUNCATED, message, "a JPEG-LS frame of no bytes");
    if (picture->components != 1 && picture->components != 3) {
      return fail(CD_UNSUPPORTED, message, "a JPEG-LS frame of neither 1 nor 3 components");
    }
    DcmDataset set;
    describe(set, *picture);
    std::unique_ptr<DcmPixelData> pixels = encapsulate(data, count);
    DcmPixelData *inserted = pixels.get();
    check(set.insert(inserted, OFTrue));
    pixels.release();
    std::vector<uint8_t> even;
    uint8_t *to = out;
    if (bytes % 2) {
      even.resize(bytes + 1);
      to = even.data();
    }
    Uint32 fragment = 0;
    OFString model;
    check(inserted->getUncompressedFrame(&set, 0, fragment, to, (Uint32)(bytes + bytes % 2), model, nullptr));
    if (to != out) std::memcpy(out, to, bytes);
    return CD_OK;
  });
}
