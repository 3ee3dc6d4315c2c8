// The arithmetic decoder of JPEG 2000 (ISO 15444-1 annex C). Interval and code are kept less what both may lose before
// anything happens, so that a likely symbol that changes no state costs one subtraction and one comparison (Taubman and
// Marcellin, JPEG2000, 2002, 17.1).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace jpeg2000 {

// The state of one context: how likely its unlikely symbol is, and which states follow.
struct Likelihood {
  int64_t part;  // of the interval, for the unlikely symbol
  uint32_t likely;
  uint16_t after_likely, after_unlikely;
};

// Both senses of the 47 states of table C.2.
extern const std::array<Likelihood, 94> likelihoods;

class Arithmetic {
  static constexpr int unit = 32;  // the place of the interval's lowest bit
  static constexpr int64_t least = (int64_t)0x8000 << unit;

  int64_t interval = 0, code = 0, slack = 0;
  int lowest = 0;  // the place of the last byte's lowest bit in `code`
  const uint8_t *next, *end;

  struct Filled {
    int64_t code;
    int lowest;
    const uint8_t *next, *end;
  };

  static __attribute__((noinline)) Filled filled(Filled state) {
    while (state.lowest > 8) {
      if (state.next >= state.end) {
        // Behind the last byte, and at a mark, there are ones.
        state.lowest -= 8;
        state.code += (int64_t)0xff << state.lowest;
      } else if (state.next[-1] == 0xff) {
        if (*state.next > 0x8f) {
          state.end = state.next;
          continue;
        }
        state.lowest -= 7;
        state.code += (int64_t)*state.next++ << state.lowest;
      } else {
        state.lowest -= 8;
        state.code += (int64_t)*state.next++ << state.lowest;
      }
    }
    return state;
  }

  inline __attribute__((always_inline)) void fill() {
    const Filled state = filled({code, lowest, next, end});
    code = state.code;
    lowest = state.lowest;
    next = state.next;
    end = state.end;
  }

  inline __attribute__((always_inline)) void take_slack() {
    slack = interval - least;
    if (code < slack) slack = code;
    interval -= slack;
    code -= slack;
  }

 public:
  // `count` bytes, at least 1.
  Arithmetic(const uint8_t *bytes, size_t count) : next(bytes + 1), end(bytes + count) {
    lowest = unit + 7;
    code = (int64_t)bytes[0] << lowest;
    fill();
    interval = least;
    take_slack();
  }

  inline __attribute__((always_inline)) uint32_t decode(Likelihood &context) {
    uint32_t symbol = context.likely;
    slack -= context.part;
    if (__builtin_expect(slack >= 0, 1)) return symbol;
    interval += slack;
    code += slack;
    bool is_likely = interval >= context.part;
    if (code < 0) {
      code += context.part;
      interval = context.part;
      is_likely = !is_likely;
    }
    symbol ^= !is_likely;
    context = likelihoods[is_likely ? context.after_likely : context.after_unlikely];
    // The interval has 16 bits above `unit`.
    const int shift = __builtin_clzll((uint64_t)interval) - (63 - 15 - unit);
    interval <<= shift;
    code <<= shift;
    lowest += shift;
    if (lowest > unit - 16) fill();
    take_slack();
    return symbol;
  }
};

}  // namespace jpeg2000
