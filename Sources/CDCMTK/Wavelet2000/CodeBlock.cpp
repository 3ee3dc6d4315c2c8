#include "CodeBlock.h"

#include <algorithm>

namespace jpeg2000 {

namespace {

const int refinement = 14, run = 17, uniform = 18;
const int visited = 18, refined = 22;  // places in a word
const uint32_t own = 1 << 4 | 1 << 7 | 1 << 10 | 1 << 13;

// Table D.1; bits of a 3 x 3 neighbourhood, row by row.
uint8_t zero_context(uint32_t around, Direction direction) {
  auto bit = [&](int place) { return (int)(around >> place & 1); };
  int horizontal = bit(3) + bit(5), vertical = bit(1) + bit(7);
  const int diagonal = bit(0) + bit(2) + bit(6) + bit(8);
  if (direction == Direction::both_high) {
    const int straight = std::min(horizontal + vertical, 2);
    if (diagonal >= 3) return 8;
    if (diagonal == 2) return straight >= 1 ? 7 : 6;
    return (uint8_t)(diagonal * 3 + straight);
  }
  if (direction == Direction::horizontal_high) std::swap(horizontal, vertical);
  if (horizontal == 2) return 8;
  if (horizontal == 1) return vertical >= 1 ? 7 : diagonal >= 1 ? 6 : 5;
  if (vertical > 0) return vertical == 2 ? 4 : 3;
  return (uint8_t)std::min(diagonal, 2);
}

// Tables D.2 and D.3; two bits a neighbour, significant and negative: left, right, above, below.
uint8_t sign_context(uint32_t around) {
  auto share = [&](int place) { return around >> place & 1 ? (around >> (place + 1) & 1 ? -1 : 1) : 0; };
  int horizontal = std::clamp(share(0) + share(2), -1, 1), vertical = std::clamp(share(4) + share(6), -1, 1);
  const bool turns = horizontal < 0 || (horizontal == 0 && vertical < 0);
  if (turns) {
    horizontal = -horizontal;
    vertical = -vertical;
  }
  const int context = horizontal == 1 ? 12 + vertical : 9 + vertical;
  return (uint8_t)(context << 1 | turns);
}

}  // namespace

CodeBlock::CodeBlock() {
  for (int direction = 0; direction < 3; direction++) {
    for (uint32_t around = 0; around < 512; around++) {
      zero_contexts[(size_t)direction][around] = zero_context(around, (Direction)direction);
    }
  }
  for (uint32_t around = 0; around < 256; around++) sign_contexts[around] = sign_context(around);
}

inline __attribute__((always_inline)) void CodeBlock::become_significant(
    Arithmetic &coder, const Column &at, uint32_t &word, int row, uint32_t value) {
  const uint32_t around = word >> (3 * row);
  const uint32_t left = at.sign[-1] >> (row + 1) & 1, right = at.sign[1] >> (row + 1) & 1;
  const uint32_t column = (uint32_t)at.sign[0] >> row;
  const uint32_t key = (around >> 3 & 1) | left << 1 | (around >> 5 & 1) << 2 | right << 3 | (around >> 1 & 1) << 4 |
                       (column & 1) << 5 | (around >> 7 & 1) << 6 | (column >> 2 & 1) << 7;
  const uint8_t context = sign_contexts[key];
  const uint32_t sign = coder.decode(contexts[context >> 1]) ^ (context & 1);
  at.sample[row * width] = value;
  at.sign[0] = (uint16_t)(at.sign[0] | sign << (row + 1));
  word |= 1u << (3 * row + 4);
  at.word[-1] |= 1u << (3 * row + 5);
  at.word[1] |= 1u << (3 * row + 3);
  if (row == 0) {
    uint32_t *above = at.word - stride;
    above[-1] |= 1u << 17;
    above[0] |= 1u << 16;
    above[1] |= 1u << 15;
    uint16_t &other = *(at.sign - stride);
    other = (uint16_t)(other | sign << 5);
  }
  if (row == 3) {
    uint32_t *below = at.word + stride;
    below[-1] |= 1u << 2;
    below[0] |= 1u << 1;
    below[1] |= 1u;
    uint16_t &other = at.sign[stride];
    other = (uint16_t)(other | sign);
  }
}

// Each walks over one stripe of `rows` rows from the column `at` on.

template <int rows>
inline __attribute__((always_inline)) void CodeBlock::propagate(
    Arithmetic &coder, Column at, uint32_t value, const uint8_t *zero) {
  for (const uint32_t *end = at.word + width; at.word < end; at.word++, at.sign++, at.sample++) {
    uint32_t word = *at.word;
    if (word == 0) continue;
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const uint32_t around = word >> (3 * row);
      if ((around & 0x1ef) == 0 || around & 0x10) continue;
      if (coder.decode(contexts[zero[around & 0x1ef]])) become_significant(coder, at, word, row, value);
      word |= 1u << (visited + row);
    }
    *at.word = word;
  }
}

template <int rows>
inline __attribute__((always_inline)) void CodeBlock::refine(Arithmetic &coder, Column at, uint32_t half) {
  for (const uint32_t *end = at.word + width; at.word < end; at.word++, at.sample++) {
    uint32_t word = *at.word;
    if ((word & own) == 0) continue;
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const uint32_t around = word >> (3 * row);
      if ((around & 0x10) == 0 || word >> (visited + row) & 1) continue;
      const int context = word >> (refined + row) & 1 ? 2 : (around & 0x1ef) != 0;
      uint32_t &sample = at.sample[row * width];
      const uint32_t less = coder.decode(contexts[(size_t)(refinement + context)]) - 1;
      sample += (half ^ less) - less;
      word |= 1u << (refined + row);
    }
    *at.word = word;
  }
}

template <int rows>
inline __attribute__((always_inline)) void CodeBlock::clean(
    Arithmetic &coder, Column at, uint32_t value, const uint8_t *zero) {
  for (const uint32_t *end = at.word + width; at.word < end; at.word++, at.sign++, at.sample++) {
    uint32_t word = *at.word;
    int first = 0;
    bool is_given = false;
    if (rows == 4 && word == 0) {
      if (!coder.decode(contexts[run])) continue;
      first = (int)coder.decode(contexts[uniform]) << 1;
      first |= (int)coder.decode(contexts[uniform]);
      is_given = true;
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      if (row < first) continue;
      const uint32_t around = word >> (3 * row);
      if (around & 0x10 || word >> (visited + row) & 1) continue;
      if (is_given || coder.decode(contexts[zero[around & 0x1ef]])) become_significant(coder, at, word, row, value);
      is_given = false;
    }
    *at.word = word & ~(15u << visited);
  }
}

template <int kind>
void CodeBlock::pass(Arithmetic &coder, uint32_t one, const uint8_t *zero) {
  const uint32_t half = one >> 1;
  // A copy of its own stays in registers.
  Arithmetic held = coder;
  for (int y = 0; y < height; y += 4) {
    const Column at = {words.data() + stripe(y), signs.data() + stripe(y), magnitudes.data() + (size_t)(y * width)};
    auto walk = [&]<int rows>() __attribute__((always_inline)) {
      if (kind == 0) propagate<rows>(held, at, one | half, zero);
      else if (kind == 1) refine<rows>(held, at, half);
      else clean<rows>(held, at, one | half, zero);
    };
    switch (height - y) {
      case 1: walk.template operator()<1>(); break;
      case 2: walk.template operator()<2>(); break;
      case 3: walk.template operator()<3>(); break;
      default: walk.template operator()<4>();
    }
  }
  coder = held;
}

void CodeBlock::decode(
    const uint8_t *bytes, size_t count, int planes, int passes, Direction direction, int width, int height) {
  this->width = width;
  this->height = height;
  stride = (size_t)width + 2;
  const size_t stripes = (size_t)(height + 3) / 4 + 2;
  words.assign(stripes * stride, 0);
  signs.assign(stripes * stride, 0);
  magnitudes.assign((size_t)(width * height), 0);
  if (count == 0 || passes == 0) return;
  contexts.fill(likelihoods[0]);
  contexts[0] = likelihoods[2 * 4];
  contexts[run] = likelihoods[2 * 3];
  contexts[uniform] = likelihoods[2 * 46];
  const uint8_t *zero = zero_contexts[(size_t)direction].data();
  Arithmetic coder(bytes, count);
  int plane = planes, kind = 2;
  for (int done = 0; done < passes && plane >= 1; done++) {
    const uint32_t one = 1u << plane;
    if (kind == 0) pass<0>(coder, one, zero);
    else if (kind == 1) pass<1>(coder, one, zero);
    else pass<2>(coder, one, zero);
    if (++kind == 3) {
      kind = 0;
      plane--;
    }
  }
}

}  // namespace jpeg2000
