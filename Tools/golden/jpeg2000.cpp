// Encodes made pictures with OpenJPEG in many ways. Without an argument: the codestreams of Tests/DICOMTests/JPEG2000Golden.swift, each with
// the samples that OpenJPEG decodes. With a number: so many random ways, decoded by OpenJPEG and by our own decoder; says where they differ.
//   c++ -std=c++20 -O1 -ISources/CDCMTK -ISources/CDCMTK/include Tools/golden/jpeg2000.cpp Sources/CDCMTK/Wavelet2000/*.cpp \
//     $(pkg-config --cflags --libs libopenjp2) -o jpeg2000 && ./jpeg2000 > Tests/DICOMTests/JPEG2000Golden.swift
#include <openjpeg.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "Wavelet2000/Picture.h"

struct Way {
  std::string name;
  int width = 33, height = 27, components = 1, bits = 8, is_signed = 0, progression = 0, levels = 3, irreversible = 0, layers = 1;
  int tile_width = 0, tile_height = 0, x0 = 0, y0 = 0, tile_x0 = 0, tile_y0 = 0, precinct = 0, block = 6, marks = 0;
  int colours = 0;
  float rate = 0;
};

struct Memory {
  std::vector<uint8_t> bytes;
  size_t at = 0;
};

static OPJ_SIZE_T write_bytes(void *from, OPJ_SIZE_T count, void *user) {
  auto *m = (Memory *)user;
  if (m->at + count > m->bytes.size()) m->bytes.resize(m->at + count);
  memcpy(m->bytes.data() + m->at, from, count);
  m->at += count;
  return count;
}
static OPJ_OFF_T skip_write(OPJ_OFF_T count, void *user) { return ((Memory *)user)->at += (size_t)count, count; }
static OPJ_BOOL seek(OPJ_OFF_T to, void *user) { return ((Memory *)user)->at = (size_t)to, OPJ_TRUE; }
static OPJ_SIZE_T read_bytes(void *to, OPJ_SIZE_T count, void *user) {
  auto *m = (Memory *)user;
  count = std::min(count, m->bytes.size() - m->at);
  if (count == 0) return (OPJ_SIZE_T)-1;
  memcpy(to, m->bytes.data() + m->at, count);
  m->at += count;
  return count;
}

static opj_stream_t *stream_of(Memory &memory, bool reads) {
  opj_stream_t *stream = opj_stream_create(1 << 16, reads);
  opj_stream_set_user_data(stream, &memory, nullptr);
  opj_stream_set_user_data_length(stream, memory.bytes.size());
  opj_stream_set_read_function(stream, read_bytes);
  opj_stream_set_write_function(stream, write_bytes);
  opj_stream_set_skip_function(stream, skip_write);
  opj_stream_set_seek_function(stream, seek);
  return stream;
}

static std::vector<uint8_t> encoded(const Way &way) {
  std::vector<opj_image_cmptparm_t> parts((size_t)way.components);
  for (auto &part : parts) {
    part = {};
    part.dx = part.dy = 1;
    part.w = (OPJ_UINT32)way.width;
    part.h = (OPJ_UINT32)way.height;
    part.prec = part.bpp = (OPJ_UINT32)way.bits;
    part.sgnd = (OPJ_UINT32)way.is_signed;
  }
  opj_image_t *image = opj_image_create((OPJ_UINT32)way.components, parts.data(), way.components == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY);
  image->x0 = (OPJ_UINT32)way.x0;
  image->y0 = (OPJ_UINT32)way.y0;
  image->x1 = (OPJ_UINT32)(way.x0 + way.width);
  image->y1 = (OPJ_UINT32)(way.y0 + way.height);
  uint32_t random = 1;
  for (int c = 0; c < way.components; c++) {
    for (int y = 0; y < way.height; y++) {
      for (int x = 0; x < way.width; x++) {
        random = random * 1664525 + 1013904223;
        const double wave = 0.5 + 0.35 * std::sin(x * 0.31 + c) * std::cos(y * 0.23) + 0.15 * ((random >> 16 & 255) / 255.0);
        image->comps[c].data[y * way.width + x] =
            (int)(wave * ((1 << way.bits) - 1)) - (way.is_signed ? 1 << (way.bits - 1) : 0);
      }
    }
  }
  opj_cparameters_t p;
  opj_set_default_encoder_parameters(&p);
  p.tcp_numlayers = way.layers;
  p.cp_disto_alloc = 1;
  for (int i = 0; i < way.layers; i++) p.tcp_rates[i] = i + 1 == way.layers ? way.rate : 4.f * (float)(way.layers - i);
  p.numresolution = way.levels + 1;
  p.prog_order = (OPJ_PROG_ORDER)way.progression;
  p.irreversible = way.irreversible;
  p.cblockw_init = p.cblockh_init = 1 << way.block;
  p.tcp_mct = (char)way.colours;
  p.csty = way.marks;
  p.image_offset_x0 = way.x0;
  p.image_offset_y0 = way.y0;
  if (way.precinct) {
    p.csty |= 1;
    p.res_spec = 1;
    p.prcw_init[0] = p.prch_init[0] = 1 << way.precinct;
  }
  if (way.tile_width) {
    p.tile_size_on = OPJ_TRUE;
    p.cp_tdx = way.tile_width;
    p.cp_tdy = way.tile_height;
    p.cp_tx0 = way.tile_x0;
    p.cp_ty0 = way.tile_y0;
  }
  opj_codec_t *codec = opj_create_compress(OPJ_CODEC_J2K);
  Memory memory;
  opj_stream_t *stream = stream_of(memory, false);
  const bool done = opj_setup_encoder(codec, &p, image) && opj_start_compress(codec, image, stream) &&
                    opj_encode(codec, stream) && opj_end_compress(codec, stream);
  opj_stream_destroy(stream);
  opj_destroy_codec(codec);
  opj_image_destroy(image);
  if (!done) memory.bytes.clear();
  return memory.bytes;
}

static std::vector<int> decoded(const std::vector<uint8_t> &bytes, const Way &way) {
  Memory memory{bytes, 0};
  opj_stream_t *stream = stream_of(memory, true);
  opj_codec_t *codec = opj_create_decompress(OPJ_CODEC_J2K);
  opj_dparameters_t p;
  opj_set_default_decoder_parameters(&p);
  opj_image_t *image = nullptr;
  std::vector<int> samples;
  if (opj_setup_decoder(codec, &p) && opj_read_header(stream, codec, &image) && opj_decode(codec, stream, image)) {
    for (int i = 0; i < way.width * way.height; i++) {
      for (int c = 0; c < way.components; c++) samples.push_back(image->comps[c].data[i]);
    }
  }
  opj_stream_destroy(stream);
  opj_destroy_codec(codec);
  opj_image_destroy(image);
  return samples;
}

static std::vector<int> ours(const std::vector<uint8_t> &bytes, const Way &way) {
  cd_picture picture = {(uint32_t)way.width, (uint32_t)way.height, way.components, way.bits, way.bits <= 8 ? 1 : 2, way.is_signed};
  std::vector<uint16_t> out((size_t)(way.width * way.height * way.components));
  char message[CD_MESSAGE];
  if (decode_plain_jpeg2000(bytes.data(), bytes.size(), &picture, (uint8_t *)out.data(), out.size() * 2, message) != CD_OK) return {};
  std::vector<int> samples;
  for (size_t i = 0; i < out.size(); i++) {
    const int raw = way.bits <= 8 ? ((uint8_t *)out.data())[i] : out[i];
    samples.push_back(!way.is_signed ? raw : way.bits <= 8 ? (int8_t)raw : (int16_t)raw);
  }
  return samples;
}

static int compare(int count) {
  int refused = 0, worst = 0, failed = 0, encoded_count = 0;
  srand(1);
  auto pick = [](int below) { return rand() % below; };
  for (int i = 0; i < count; i++) {
    Way way;
    way.width = 1 + pick(120), way.height = 1 + pick(120), way.components = pick(2) ? 3 : 1;
    const int depths[] = {8, 12, 16, 1 + pick(16)};
    way.bits = depths[pick(4)], way.is_signed = way.components == 1 && pick(4) == 0;
    way.progression = pick(5), way.levels = pick(6), way.irreversible = pick(2), way.layers = 1 + pick(3);
    if (pick(3) == 0) way.tile_width = 20 + pick(60), way.tile_height = 20 + pick(60);
    if (pick(3) == 0) way.x0 = pick(50), way.y0 = pick(50);
    if (way.tile_width && way.x0) way.tile_x0 = pick(way.x0 + 1) , way.tile_y0 = pick(way.y0 + 1);
    if (way.tile_width && (way.tile_x0 + way.tile_width <= way.x0 || way.tile_y0 + way.tile_height <= way.y0)) continue;
    if (pick(3) == 0) way.precinct = 5 + pick(3);
    way.block = 2 + pick(5), way.marks = pick(2) * 2 + pick(2) * 4, way.colours = way.components == 3 && pick(2);
    // OpenJPEG's encoder ends the process at a single column or row of the irreversible transform.
    if (way.irreversible) {
      way.width += 64, way.height += 64, way.levels = std::min(way.levels, 3), way.tile_width = way.tile_height = 0;
      if (way.progression == 4) way.tile_width = way.tile_height = 64;
      way.x0 = way.y0 = way.tile_x0 = way.tile_y0 = 0;
      if (way.width % 64 < 16 || way.height % 64 < 16) way.tile_width = way.tile_height = 0;
    }
    if (pick(2)) way.rate = 2 + (float)pick(20);
    const std::vector<uint8_t> bytes = encoded(way);
    if (bytes.empty()) continue;
    const std::vector<int> theirs = decoded(bytes, way), mine = ours(bytes, way);
    if (theirs.empty()) continue;
    encoded_count++;
    if (mine.empty()) { refused++; if (refused < 5) printf("refused: %d %dx%d prog %d levels %d tile %d prec %d\n", i, way.width, way.height, way.progression, way.levels, way.tile_width, way.precinct); continue; }
    int difference = 0;
    for (size_t s = 0; s < mine.size(); s++) difference = std::max(difference, std::abs(mine[s] - theirs[s]));
    if (difference > (!way.irreversible ? 0 : way.bits > 12 ? 2 : 1)) {
      failed++;
      if (failed < 12) printf("%d: off by %d: %dx%d at %d,%d c%d b%d s%d prog %d lev %d irr %d lay %d tile %dx%d@%d,%d prec %d block %d marks %d mct %d rate %g\n", i, difference, way.width, way.height, way.x0, way.y0, way.components, way.bits, way.is_signed, way.progression, way.levels, way.irreversible, way.layers, way.tile_width, way.tile_height, way.tile_x0, way.tile_y0, way.precinct, way.block, way.marks, way.colours, way.rate);
    }
    if (way.irreversible) worst = std::max(worst, difference);
  }
  printf("%d codestreams, %d left to OpenJPEG, %d differ, irreversible at most %d\n", encoded_count, refused, failed, worst);
  return failed != 0;
}

int main(int count, char **arguments) {
  if (count > 1) return compare(atoi(arguments[1]));
  std::vector<Way> ways(9);
  ways[0].name = "layers, LRCP", ways[0].layers = 3, ways[0].levels = 2, ways[0].marks = 6;
  ways[1].name = "tiles, RLCP", ways[1].progression = 1, ways[1].tile_width = 20, ways[1].tile_height = 16;
  ways[2].name = "precincts, RPCL", ways[2].progression = 2, ways[2].precinct = 5, ways[2].block = 3;
  ways[3].name = "precincts in colour, PCRL", ways[3].progression = 3, ways[3].precinct = 5, ways[3].components = 3, ways[3].colours = 1;
  ways[4].name = "colour, CPRL", ways[4].progression = 4, ways[4].components = 3, ways[4].precinct = 5;
  ways[5].name = "irreversible colour", ways[5].irreversible = 1, ways[5].components = 3, ways[5].colours = 1, ways[5].rate = 4;
  ways[6].name = "irreversible, 12 bits", ways[6].irreversible = 1, ways[6].bits = 12, ways[6].rate = 3;
  ways[7].name = "off the grid", ways[7].x0 = 5, ways[7].y0 = 3, ways[7].levels = 4;
  ways[8].name = "signed, 16 bits", ways[8].bits = 16, ways[8].is_signed = 1;
  printf("// swift-format-ignore-file\n// Made by Tools/golden/jpeg2000.cpp.\nenum JPEG2000Golden {\n  static let all: [JPEG2000Case] = [\n");
  for (const Way &way : ways) {
    const std::vector<uint8_t> bytes = encoded(way);
    printf("    JPEG2000Case(name: \"%s\", components: %d, bits: %d, isSigned: %s, tolerance: %d,\n      frame: [", way.name.c_str(), way.components, way.bits, way.is_signed ? "true" : "false", way.irreversible);
    for (uint8_t byte : bytes) printf("%d,", byte);
    printf("],\n      samples: [");
    for (int sample : decoded(bytes, way)) printf("%d,", sample);
    printf("]),\n");
  }
  printf("  ]\n}\n");
}
