// Lossless JPEG (ISO 10918-1 annex H, Huffman: process 14) of 2 to 16 bits, all seven predictors, without subsampling: what
// DICOM's transfer syntaxes .57 and .70 hold. Every table, length and code is checked before it is used.
#include <array>
#include <cstring>
#include <vector>

#include "Guard.h"
#include "LosslessJPEG.h"

namespace {

struct Failure {
  cd_status status;
  const char *text;
};

[[noreturn]] void corrupt(const char *text) { throw Failure{CD_CORRUPT, text}; }
[[noreturn]] void truncated() { throw Failure{CD_TRUNCATED, "the compressed data ends before the pixels do"}; }
[[noreturn]] void unsupported(const char *text) { throw Failure{CD_UNSUPPORTED, text}; }

const int quick_bits = 12;

// The Huffman codes of differences.
struct Table {
  bool is_there = false;
  // By the next 12 bits: the difference and the bits of code and difference together, where both fit in the 12; else 0.
  struct Quick {
    int16_t difference;
    uint8_t length;
    uint8_t padding;
  };
  std::array<Quick, 1 << quick_bits> quick;
  // By the length of a code: the first code beyond it, its place among the values, and how many come before.
  std::array<uint32_t, 18> beyond;
  std::array<int32_t, 17> first_value;
  std::array<uint8_t, 256> values;
  int count = 0;

  void make(const uint8_t *counts, const uint8_t *symbols, int total) {
    count = total;
    std::memcpy(values.data(), symbols, (size_t)total);
    quick.fill({0, 0, 0});
    uint32_t code = 0;
    int next = 0;
    for (int length = 1; length <= 16; length++) {
      const uint32_t end = code + counts[length - 1];
      if (end > (1u << length)) corrupt("a Huffman table with more codes than fit");
      first_value[(size_t)length] = next - (int32_t)code;
      for (; code < end; code++, next++) enter(code, length, symbols[next]);
      // Codes of this length, and what begins with them, lie below this, written with 16 bits.
      beyond[(size_t)length] = end << (16 - length);
      code = end << 1;
    }
    beyond[17] = UINT32_MAX;
    is_there = true;
  }

 private:
  void enter(uint32_t code, int length, int bits) {
    if (bits > 16) corrupt("a difference of more than 16 bits");
    const int extra = bits == 16 ? 0 : bits, whole = length + extra;
    if (whole > quick_bits) return;
    const int free = quick_bits - whole;
    for (uint32_t value = 0; value < (1u << extra); value++) {
      const uint32_t start = ((code << extra) | value) << free;
      const Quick entry = {(int16_t)difference(bits, value), (uint8_t)whole, 0};
      for (uint32_t i = 0; i < (1u << free); i++) quick[start + i] = entry;
    }
  }

 public:
  static int32_t difference(int bits, uint32_t value) {
    if (bits == 0) return 0;
    if (bits == 16) return -32768;  // the same modulo 65536
    return value < (1u << (bits - 1)) ? (int32_t)value - (1 << bits) + 1 : (int32_t)value;
  }
};

// The bits of a scan up to its next mark; zeros after that, which are counted.
class Bits {
  const uint8_t *at, *end;
  uint64_t held = 0;
  int count = 0, invented = 0;

 public:
  Bits(const uint8_t *at, const uint8_t *end) : at(at), end(end) {}

  // At least 32 bits are held after it.
  inline void fill() {
    if (count > 32) return;
    if (end - at >= 4) {
      uint32_t word;
      std::memcpy(&word, at, 4);
      word = __builtin_bswap32(word);
      // No byte of it is 0xff.
      if (!((~word - 0x01010101u) & word & 0x80808080u)) {
        held |= (uint64_t)word << (32 - count);
        count += 32;
        at += 4;
        return;
      }
    }
    slow_fill();
  }

  inline uint32_t peek(int bits) const { return (uint32_t)(held >> (64 - bits)); }

  inline void drop(int bits) {
    held <<= bits;
    count -= bits;
  }

  inline int32_t difference(const Table &table) {
    fill();
    const Table::Quick quick = table.quick[peek(quick_bits)];
    if (quick.length) {
      drop(quick.length);
      return quick.difference;
    }
    return long_difference(table);
  }

  bool is_exhausted() const { return count < invented; }

  // The place of the mark after the scan's or interval's data.
  const uint8_t *mark() const {
    const uint8_t *from = at;
    while (end - from >= 2 && !(from[0] == 0xff && from[1] != 0 && from[1] != 0xff)) from++;
    return end - from >= 2 ? from : end;
  }

 private:
  void slow_fill() {
    while (count <= 56) {
      uint64_t byte = 0;
      if (at < end && *at != 0xff) {
        byte = *at++;
      } else if (end - at >= 2 && at[1] == 0) {
        byte = 0xff;
        at += 2;
      } else {
        invented += 8;
      }
      held |= byte << (56 - count);
      count += 8;
    }
  }

  __attribute__((noinline)) int32_t long_difference(const Table &table) {
    const uint32_t next = peek(16);
    int length = 1;
    while (next >= table.beyond[(size_t)length]) length++;
    if (length > 16) {
      if (is_exhausted()) truncated();
      corrupt("a code that the Huffman table lacks");
    }
    const int32_t place = (int32_t)(next >> (16 - length)) + table.first_value[(size_t)length];
    if (place < 0 || place >= table.count) corrupt("a code that the Huffman table lacks");
    const int bits = table.values[(size_t)place];
    drop(length);
    if (bits == 0 || bits == 16) return Table::difference(bits, 0);
    const uint32_t value = peek(bits);
    drop(bits);
    return Table::difference(bits, value);
  }
};

struct Component {
  int name = 0, table = 0;
};

struct Scan {
  std::vector<size_t> components;  // places among the frame's
  std::vector<const Table *> tables;
  int predictor = 0, shift = 0;
};

template <int predictor>
inline int32_t predicted(int32_t left, int32_t above, int32_t corner) {
  switch (predictor) {
    case 1: return left;
    case 2: return above;
    case 3: return corner;
    case 4: return left + above - corner;
    case 5: return left + ((above - corner) >> 1);
    case 6: return above + ((left - corner) >> 1);
    default: return (left + above) >> 1;
  }
}

class Decoder {
  const uint8_t *at, *end;
  const cd_picture &picture;
  uint8_t *out;
  std::array<Table, 4> tables;
  std::vector<Component> components;
  std::vector<bool> is_decoded;
  size_t width = 0, height = 0, interval = 0;
  int precision = 0;

 public:
  Decoder(const uint8_t *data, size_t count, const cd_picture &picture, uint8_t *out)
      : at(data), end(data + count), picture(picture), out(out) {}

  void decode() {
    if (end - at < 2 || at[0] != 0xff || at[1] != 0xd8) corrupt("not a JPEG");
    at += 2;
    size_t done = 0;
    while (components.empty() || done < components.size()) {
      const int mark = next_mark();
      if (mark == 0xd9) truncated();
      if (mark == 0x01 || (mark >= 0xd0 && mark <= 0xd8)) continue;
      const uint8_t *body = at + 2, *after = segment_end();
      switch (mark) {
        case 0xc3: frame(body, after); break;
        case 0xc4: huffman_tables(body, after); break;
        case 0xda: done += scan(body, after); continue;
        case 0xdd:
          if (after - body < 2) corrupt("a restart interval without length");
          interval = (size_t)body[0] << 8 | body[1];
          break;
        default:
          if (mark >= 0xc0 && mark <= 0xcf && mark != 0xc8 && mark != 0xcc) unsupported("another process of JPEG");
      }
      at = after;
    }
  }

 private:
  int next_mark() {
    while (end - at >= 2 && (at[0] != 0xff || at[1] == 0xff || at[1] == 0)) at++;
    if (end - at < 2) truncated();
    at += 2;
    return at[-1];
  }

  const uint8_t *segment_end() const {
    if (end - at < 2) truncated();
    const ptrdiff_t length = (ptrdiff_t)at[0] << 8 | at[1];
    if (length < 2 || length > end - at) truncated();
    return at + length;
  }

  void frame(const uint8_t *body, const uint8_t *after) {
    if (!components.empty()) corrupt("two frame headers");
    if (after - body < 6) corrupt("a short frame header");
    precision = body[0];
    height = (size_t)body[1] << 8 | body[2];
    width = (size_t)body[3] << 8 | body[4];
    const int count = body[5];
    if (count != picture.components || width != picture.width || height != picture.height) {
      corrupt("two frame headers that differ");
    }
    if (precision != picture.precision || precision < 2 || precision > 16) corrupt("a precision that differs");
    if (after - body < 6 + 3 * count) corrupt("a short frame header");
    for (int i = 0; i < count; i++) {
      const uint8_t *fields = body + 6 + 3 * i;
      if (fields[1] != 0x11 && count > 1) unsupported("a lossless JPEG of subsampled components");
      components.push_back({fields[0], 0});
    }
    is_decoded.assign((size_t)count, false);
  }

  void huffman_tables(const uint8_t *body, const uint8_t *after) {
    while (after - body >= 17) {
      const int kind = body[0];
      int total = 0;
      for (int i = 1; i <= 16; i++) total += body[i];
      if (kind > 3) unsupported("a Huffman table of another process");
      if (total > 256 || total > after - body - 17) corrupt("a Huffman table that is cut short");
      tables[(size_t)kind].make(body + 1, body + 17, total);
      body += 17 + total;
    }
  }

  // Returns how many components it completed.
  size_t scan(const uint8_t *body, const uint8_t *after) {
    if (components.empty()) corrupt("a scan before the frame header");
    Scan scan;
    const int count = after > body ? body[0] : 0;
    if (count < 1 || count > 4 || after - body < 4 + 2 * count) corrupt("a scan header of another length");
    for (int i = 0; i < count; i++) {
      const uint8_t *fields = body + 1 + 2 * i;
      size_t place = 0;
      while (place < components.size() && (components[place].name != fields[0] || is_decoded[place])) place++;
      const int table = fields[1] >> 4;
      if (place == components.size()) corrupt("a scan of an unknown component");
      if (i > 0 && place <= scan.components.back()) corrupt("a scan whose components are not in the frame's order");
      if (table > 3 || !tables[(size_t)table].is_there) corrupt("a scan without its Huffman table");
      is_decoded[place] = true;
      scan.components.push_back(place);
      scan.tables.push_back(&tables[(size_t)table]);
    }
    scan.predictor = body[1 + 2 * count];
    scan.shift = body[3 + 2 * count] & 15;
    if (scan.predictor < 1 || scan.predictor > 7) unsupported("a predictor that is none of 1 to 7");
    if (scan.shift >= precision) corrupt("a point transform of all bits");
    if (interval % width != 0) unsupported("restarts within a row");
    at = after;
    rows(scan);
    return (size_t)count;
  }

  void rows(const Scan &scan) {
    if (picture.bytes_per_sample == 1) rows_of(scan, out);
    else rows_of(scan, reinterpret_cast<uint16_t *>(out));
  }

  template <class Sample>
  void rows_of(const Scan &scan, Sample *samples) {
    switch (scan.predictor) {
      case 1: return walk<1>(scan, samples);
      case 2: return walk<2>(scan, samples);
      case 3: return walk<3>(scan, samples);
      case 4: return walk<4>(scan, samples);
      case 5: return walk<5>(scan, samples);
      case 6: return walk<6>(scan, samples);
      default: return walk<7>(scan, samples);
    }
  }

  template <int predictor, class Sample>
  void walk(const Scan &scan, Sample *samples) {
    const size_t step = components.size(), row = width * step, count = scan.components.size();
    const size_t rows_between = interval / width;
    const int32_t middle = 1 << (precision - scan.shift - 1);
    // Predictions are made from samples before the point transform; without one, the output holds them.
    std::vector<uint16_t> before, current;
    const bool is_shifted = scan.shift > 0 || sizeof(Sample) == 1;
    if (is_shifted) {
      before.resize(width * count);
      current.resize(width * count);
    }
    Bits bits(at, end);
    for (size_t y = 0; y < height; y++) {
      const bool is_first = rows_between ? y % rows_between == 0 : y == 0;
      if (rows_between && is_first && y > 0) restart(bits, (y / rows_between - 1) & 7);
      Sample *to = samples + y * row;
      if (is_shifted) {
        if (count == 1) {
          row_of<predictor>(bits, scan, current.data(), before.data(), 1, is_first, middle);
        } else {
          row_of<predictor>(bits, scan, current.data(), before.data(), count, is_first, middle);
        }
        for (size_t i = 0; i < count; i++) {
          const size_t place = scan.components[i];
          for (size_t x = 0; x < width; x++) {
            to[x * step + place] = (Sample)(current[x * count + i] << scan.shift);
          }
        }
        current.swap(before);
      } else if constexpr (sizeof(Sample) == 2) {
        const Sample *above = y > 0 ? to - row : to;
        in_place<predictor>(bits, scan, to, above, step, is_first, middle);
      }
      if (bits.is_exhausted()) truncated();
    }
    at = bits.mark();
  }

  // A row of the scan's components, interleaved; `above` is the one before it.
  template <int predictor>
  void row_of(Bits &bits, const Scan &scan, uint16_t *to, const uint16_t *above, size_t count, bool is_first,
              int32_t middle) {
    for (size_t i = 0; i < count; i++) {
      const int32_t start = is_first ? middle : above[i];
      to[i] = (uint16_t)(start + bits.difference(*scan.tables[i]));
    }
    if (count == 1) {
      const Table &table = *scan.tables[0];
      int32_t left = to[0];
      if (is_first) {
        for (size_t x = 1; x < width; x++) to[x] = (uint16_t)(left = (uint16_t)(left + bits.difference(table)));
      } else {
        for (size_t x = 1; x < width; x++) {
          left = (uint16_t)(predicted<predictor>(left, above[x], above[x - 1]) + bits.difference(table));
          to[x] = (uint16_t)left;
        }
      }
      return;
    }
    for (size_t x = 1; x < width; x++) {
      for (size_t i = 0; i < count; i++) {
        const size_t place = x * count + i;
        const int32_t left = to[place - count];
        const int32_t guess = is_first ? left : predicted<predictor>(left, above[place], above[place - count]);
        to[place] = (uint16_t)(guess + bits.difference(*scan.tables[i]));
      }
    }
  }

  template <int predictor>
  void in_place(Bits &bits, const Scan &scan, uint16_t *to, const uint16_t *above, size_t step, bool is_first,
                int32_t middle) {
    const size_t count = scan.components.size();
    if (count == step) return row_of<predictor>(bits, scan, to, above, count, is_first, middle);
    for (size_t x = 0; x < width; x++) {
      for (size_t i = 0; i < count; i++) {
        const size_t place = x * step + scan.components[i];
        int32_t guess = x == 0 ? (is_first ? middle : above[place]) : to[place - step];
        if (x > 0 && !is_first) guess = predicted<predictor>(guess, above[place], above[place - step]);
        to[place] = (uint16_t)(guess + bits.difference(*scan.tables[i]));
      }
    }
  }

  void restart(Bits &bits, size_t number) {
    const uint8_t *mark = bits.mark();
    if (end - mark < 2) truncated();
    if (mark[1] != 0xd0 + number) corrupt("a restart mark is missing");
    bits = Bits(mark + 2, end);
  }
};

}  // namespace

cd_status decode_lossless_jpeg(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message) {
  return guarded(message, [&]() -> cd_status {
    const size_t bytes = bytes_of(*picture);
    if (bytes == 0 || bytes > capacity || picture->bytes_per_sample != (picture->precision <= 8 ? 1 : 2)) {
      return fail(CD_UNSUPPORTED, message, "a lossless JPEG frame of this size");
    }
    if ((uintptr_t)out % 2 != 0 && picture->bytes_per_sample == 2) {
      return fail(CD_UNSUPPORTED, message, "an output that is not aligned");
    }
    try {
      Decoder(data, count, *picture, out).decode();
      return CD_OK;
    } catch (const Failure &failure) {
      return fail(failure.status, message, failure.text);
    }
  });
}
