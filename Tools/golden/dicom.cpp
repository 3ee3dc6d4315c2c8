// Makes the encoded frames of Tests/DICOMTests/CodecGolden.swift with DCMTK's own encoders and OpenJPEG's:
//   g++ -std=c++20 Tools/golden/dicom.cpp $(pkg-config --cflags --libs libopenjp2) -ldcmjpeg -ldcmjpls -ldcmimgle -ldcmdata -loflog -lofstd -o golden
//   ./golden > Tests/DICOMTests/CodecGolden.swift
// The picture is 6 rows of 7 columns; sample c of pixel (x, y) is (x * 37 + y * 91 + c * 50) * scale modulo 2^bits.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpeg/djrploss.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <dcmtk/dcmjpls/djrparam.h>
#include <openjpeg.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

static const int rows = 6, columns = 7;

static std::vector<int> picture(int bits, int samples) {
  std::vector<int> values;
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++)
      for (int c = 0; c < samples; c++) values.push_back(((x * 37 + y * 91 + c * 50) * (bits > 8 ? 13 : 1)) % (1 << bits));
  return values;
}

static void print(const char *name, const uint8_t *bytes, size_t count) {
  std::printf("  static let %s: [UInt8] = [", name);
  for (size_t i = 0; i < count; i++) std::printf("%s%d", i ? ", " : "", bytes[i]);
  std::printf("]\n");
}

static void encode(const char *name, E_TransferSyntax syntax, const DcmRepresentationParameter *parameter, int bits, int samples) {
  DcmDataset set;
  int allocated = bits > 8 ? 16 : 8;
  std::vector<int> values = picture(bits, samples);
  set.putAndInsertString(DCM_SOPClassUID, UID_UltrasoundImageStorage);
  set.putAndInsertString(DCM_SOPInstanceUID, "1.2.3");
  set.putAndInsertUint16(DCM_Rows, rows);
  set.putAndInsertUint16(DCM_Columns, columns);
  set.putAndInsertUint16(DCM_SamplesPerPixel, (Uint16)samples);
  set.putAndInsertUint16(DCM_BitsAllocated, (Uint16)allocated);
  set.putAndInsertUint16(DCM_BitsStored, (Uint16)bits);
  set.putAndInsertUint16(DCM_HighBit, (Uint16)(bits - 1));
  set.putAndInsertUint16(DCM_PixelRepresentation, 0);
  if (samples == 3) set.putAndInsertUint16(DCM_PlanarConfiguration, 0);
  set.putAndInsertString(DCM_PhotometricInterpretation, samples == 3 ? "RGB" : "MONOCHROME2");
  if (allocated == 16) {
    std::vector<Uint16> words(values.begin(), values.end());
    set.putAndInsertUint16Array(DCM_PixelData, words.data(), words.size());
  } else {
    std::vector<Uint8> bytes(values.begin(), values.end());
    set.putAndInsertUint8Array(DCM_PixelData, bytes.data(), bytes.size());
  }
  OFCondition condition = set.chooseRepresentation(syntax, parameter);
  if (condition.bad()) return (void)std::fprintf(stderr, "%s: %s\n", name, condition.text());
  DcmElement *element = nullptr;
  set.findAndGetElement(DCM_PixelData, element);
  DcmPixelSequence *sequence = nullptr;
  E_TransferSyntax found;
  const DcmRepresentationParameter *ignored = nullptr;
  auto *pixels = static_cast<DcmPixelData *>(element);
  pixels->getCurrentRepresentationKey(found, ignored);
  pixels->getEncapsulatedRepresentation(found, ignored, sequence);
  DcmPixelItem *item = nullptr;
  sequence->getItem(item, 1);
  Uint8 *bytes = nullptr;
  item->getUint8Array(bytes);
  print(name, bytes, item->getLength());
}

static OPJ_SIZE_T write_bytes(void *from, OPJ_SIZE_T count, void *user) {
  auto *out = static_cast<std::vector<uint8_t> *>(user);
  out->insert(out->end(), (uint8_t *)from, (uint8_t *)from + count);
  return count;
}

static void encode_jpeg2000(const char *name, int bits, int samples) {
  opj_image_cmptparm_t component[3] = {};
  for (auto &c : component) c = {1, 1, (OPJ_UINT32)columns, (OPJ_UINT32)rows, 0, 0, (OPJ_UINT32)bits, 0, 0};
  for (auto &c : component) { c.prec = (OPJ_UINT32)bits; c.sgnd = 0; }
  opj_image_t *image = opj_image_create((OPJ_UINT32)samples, component, samples == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY);
  image->x1 = columns;
  image->y1 = rows;
  std::vector<int> values = picture(bits, samples);
  for (int i = 0; i < rows * columns; i++)
    for (int c = 0; c < samples; c++) image->comps[c].data[i] = values[(size_t)(i * samples + c)];
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.numresolution = 2;
  parameters.tcp_mct = samples == 3;
  opj_codec_t *codec = opj_create_compress(OPJ_CODEC_J2K);
  opj_setup_encoder(codec, &parameters, image);
  std::vector<uint8_t> out;
  opj_stream_t *stream = opj_stream_create(1 << 20, OPJ_FALSE);
  opj_stream_set_user_data(stream, &out, nullptr);
  opj_stream_set_write_function(stream, write_bytes);
  if (!opj_start_compress(codec, image, stream) || !opj_encode(codec, stream) || !opj_end_compress(codec, stream)) {
    std::fprintf(stderr, "%s: OpenJPEG failed\n", name);
  }
  opj_stream_destroy(stream);
  opj_destroy_codec(codec);
  opj_image_destroy(image);
  print(name, out.data(), out.size());
}

int main() {
  DJEncoderRegistration::registerCodecs(ECC_lossyYCbCr, EUC_never);
  DJLSEncoderRegistration::registerCodecs();
  std::printf("// swift-format-ignore-file\n// Made by Tools/golden/dicom.cpp.\nenum CodecGolden {\n");
  DJ_RPLossless sv1(1, 0), predictor7(7, 0);
  DJ_RPLossy lossy(100);
  DJLSRepresentationParameter exact(0, OFTrue), near(2, OFFalse);
  encode("lossless8Colour", EXS_JPEGProcess14SV1, &sv1, 8, 3);
  encode("lossless12", EXS_JPEGProcess14SV1, &sv1, 12, 1);
  encode("lossless16", EXS_JPEGProcess14, &predictor7, 16, 1);
  encode("extended12", EXS_JPEGProcess2_4, &lossy, 12, 1);
  encode("jpegLS12", EXS_JPEGLSLossless, &exact, 12, 1);
  encode("jpegLSNear16", EXS_JPEGLSLossy, &near, 16, 1);
  encode_jpeg2000("jpeg2000Colour", 8, 3);
  encode_jpeg2000("jpeg2000Grey16", 16, 1);
  std::printf("}\n");
}
