// The bit planes of one code block of JPEG 2000 (ISO 15444-1 annex D).
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "Arithmetic.h"

namespace jpeg2000 {

// Which of the tables of D.1 holds.
enum class Direction { horizontal_low, horizontal_high, both_high };

class CodeBlock {
 public:
  CodeBlock();
  // Decodes `passes` passes, of which the first is a cleanup of bit plane `planes` - 1. width and height: 1...1024, their
  // product at most 4096; `planes` 1...30.
  void decode(const uint8_t *bytes, size_t count, int planes, int passes, Direction direction, int width, int height);
  // Gives each sample of a row: twice the magnitude, in the middle of what it may be, with its sign.
  template <class Take>
  inline void take_row(int y, Take take) const {
    const uint32_t *magnitude = magnitudes.data() + (size_t)(y * width);
    const uint16_t *sign = signs.data() + stripe(y);
    const int place = y % 4 + 1;
    for (int x = 0; x < width; x++) {
      const int32_t turned = -(sign[x] >> place & 1);
      take(x, ((int32_t)magnitude[x] ^ turned) - turned);
    }
  }

 private:
  int width = 0, height = 0;
  size_t stride = 0;
  // One word for four samples on top of each other: which of them and of their 14 neighbours are significant (row by row,
  // three to a row), then which were visited in this plane, then which were refined before.
  std::vector<uint32_t> words;
  // Their signs from bit 1 on; bits 0 and 5 are those of the samples above and below.
  std::vector<uint16_t> signs;
  std::vector<uint32_t> magnitudes;
  std::array<Likelihood, 19> contexts;
  std::array<std::array<uint8_t, 512>, 3> zero_contexts;
  std::array<uint8_t, 256> sign_contexts;  // the lowest bit turns the sign

  size_t stripe(int y) const { return ((size_t)y / 4 + 1) * stride + 1; }
  // One column of four samples, or fewer: its word, its signs and its uppermost sample.
  struct Column {
    uint32_t *word;
    uint16_t *sign;
    uint32_t *sample;
  };
  void become_significant(Arithmetic &coder, const Column &at, uint32_t &word, int row, uint32_t value);
  template <int rows> void propagate(Arithmetic &coder, Column at, uint32_t value, const uint8_t *zero);
  template <int rows> void refine(Arithmetic &coder, Column at, uint32_t half);
  template <int rows> void clean(Arithmetic &coder, Column at, uint32_t value, const uint8_t *zero);
  template <int kind> void pass(Arithmetic &coder, uint32_t one, const uint8_t *zero);
};

}  // namespace jpeg2000
