// What the markers of a JPEG 2000 codestream say (ISO 15444-1 annex A), of the kinds that are decoded here.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace jpeg2000 {

// The codestream is damaged, or of a kind that is left to OpenJPEG.
struct Refusal {};

struct Bytes {
  const uint8_t *at, *end;

  size_t left() const { return (size_t)(end - at); }
  void need(size_t count) const { if (left() < count) throw Refusal(); }
  uint32_t take(int bytes) {
    need((size_t)bytes);
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) value = value << 8 | *at++;
    return value;
  }
  Bytes part(size_t count) {
    need(count);
    at += count;
    return {at - count, at};
  }
};

struct Rectangle {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  int width() const { return x1 > x0 ? x1 - x0 : 0; }
  int height() const { return y1 > y0 ? y1 - y0 : 0; }
  bool is_empty() const { return x1 <= x0 || y1 <= y0; }
};

// Of numbers that are not negative.
inline int ceiling(int64_t value, int64_t divisor) { return (int)((value + divisor - 1) / divisor); }

// SIZ.
struct Size {
  Rectangle picture;
  int tile_x0 = 0, tile_y0 = 0, tile_width = 0, tile_height = 0, tiles_across = 0, tiles_down = 0;
  int components = 0, precision = 0;
  bool is_signed = false;

  void read(Bytes);
  Rectangle tile(int index) const;
};

// COD.
struct Style {
  bool has_packet_marks = false, has_header_ends = false, turns_colours = false, is_reversible = false;
  int progression = 0, layers = 0, levels = 0, block_width = 0, block_height = 0;  // exponents of two
  std::array<int, 33> precinct_width = {}, precinct_height = {};                   // the same, by resolution

  void read(Bytes);
};

// QCD.
struct Quantization {
  int kind = 0, guard_bits = 0;  // 0: none, 1: derived, 2: for each band
  std::vector<int> exponents, mantissas;

  void read(Bytes);
  // Band 0 is the lowest, then three of each level from the coarsest on.
  int exponent(int band, int resolution) const;
  int mantissa(int band) const;
};

struct Codestream {
  Size size;
  Style style;
  Quantization quantization;
  // The parts of each tile, one behind the other.
  std::vector<std::vector<Bytes>> tiles;

  // Reads the main header and finds the parts of the tiles.
  explicit Codestream(Bytes);
};

}  // namespace jpeg2000
