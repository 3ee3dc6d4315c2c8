#include "Headers.h"

#include <algorithm>

namespace jpeg2000 {

void Size::read(Bytes in) {
  in.take(2);
  const uint32_t x1 = in.take(4), y1 = in.take(4), x0 = in.take(4), y0 = in.take(4);
  const uint32_t width = in.take(4), height = in.take(4), left = in.take(4), top = in.take(4);
  const uint32_t most = 1 << 24;
  if (x1 > most || y1 > most || x0 >= x1 || y0 >= y1 || width == 0 || height == 0 || left > x0 || top > y0) throw Refusal();
  picture = {(int)x0, (int)y0, (int)x1, (int)y1};
  tile_width = (int)std::min(width, 2 * most);
  tile_height = (int)std::min(height, 2 * most);
  tile_x0 = (int)left;
  tile_y0 = (int)top;
  tiles_across = ceiling((int64_t)x1 - left, tile_width);
  tiles_down = ceiling((int64_t)y1 - top, tile_height);
  if ((int64_t)tiles_across * tiles_down > 65535) throw Refusal();
  components = (int)in.take(2);
  if (components < 1 || components > 4) throw Refusal();
  for (int i = 0; i < components; i++) {
    const uint32_t depth = in.take(1), steps = in.take(2);
    if (i > 0 && depth != (uint32_t)((precision - 1) | (is_signed ? 0x80 : 0))) throw Refusal();
    if (steps != 0x0101) throw Refusal();
    precision = (int)(depth & 0x7f) + 1;
    is_signed = depth & 0x80;
  }
  if (precision > 16) throw Refusal();
}

Rectangle Size::tile(int index) const {
  const int64_t left = tile_x0 + (int64_t)(index % tiles_across) * tile_width;
  const int64_t top = tile_y0 + (int64_t)(index / tiles_across) * tile_height;
  return {(int)std::max<int64_t>(left, picture.x0), (int)std::max<int64_t>(top, picture.y0),
          (int)std::min<int64_t>(left + tile_width, picture.x1), (int)std::min<int64_t>(top + tile_height, picture.y1)};
}

void Style::read(Bytes in) {
  const uint32_t flags = in.take(1);
  has_packet_marks = flags & 2;
  has_header_ends = flags & 4;
  progression = (int)in.take(1);
  layers = (int)in.take(2);
  const uint32_t transform = in.take(1);
  levels = (int)in.take(1);
  block_width = (int)in.take(1) + 2;
  block_height = (int)in.take(1) + 2;
  const uint32_t block_style = in.take(1), wavelet = in.take(1);
  if (flags > 7 || progression > 4 || layers == 0 || transform > 1 || levels > 32 || wavelet > 1) throw Refusal();
  if (block_width > 10 || block_height > 10 || block_width + block_height > 12) throw Refusal();
  // Other styles of code blocks (bypass, resets, terminations, HTJ2K) are rare.
  if (block_style != 0) throw Refusal();
  turns_colours = transform == 1;
  is_reversible = wavelet == 1;
  for (size_t i = 0; i <= (size_t)levels; i++) {
    const uint32_t both = flags & 1 ? in.take(1) : 0xff;
    precinct_width[i] = (int)(both & 15);
    precinct_height[i] = (int)(both >> 4);
    if (i > 0 && (precinct_width[i] == 0 || precinct_height[i] == 0)) throw Refusal();
  }
}

void Quantization::read(Bytes in) {
  const uint32_t style = in.take(1);
  kind = (int)(style & 31);
  guard_bits = (int)(style >> 5);
  if (kind > 2) throw Refusal();
  while (in.left() >= (kind == 0 ? 1u : 2u) && exponents.size() < 97) {
    const uint32_t value = in.take(kind == 0 ? 1 : 2);
    exponents.push_back((int)(kind == 0 ? value >> 3 : value >> 11));
    mantissas.push_back((int)(kind == 0 ? 0 : value & 0x7ff));
  }
  if (exponents.empty()) throw Refusal();
}

int Quantization::exponent(int band, int resolution) const {
  if (kind == 1) return exponents[0] - std::max(0, resolution - 1);
  if ((size_t)band >= exponents.size()) throw Refusal();
  return exponents[(size_t)band];
}

int Quantization::mantissa(int band) const {
  if (kind == 1) return mantissas[0];
  if ((size_t)band >= mantissas.size()) throw Refusal();
  return mantissas[(size_t)band];
}

Codestream::Codestream(Bytes in) {
  if (in.take(2) != 0xff4f) throw Refusal();
  bool has_size = false, has_style = false, has_steps = false;
  while (true) {
    const uint8_t *start = in.at;
    const uint32_t mark = in.take(2);
    if (mark == 0xffd9) break;
    const uint32_t length = in.take(2);
    if (length < 2) throw Refusal();
    Bytes body = in.part(length - 2);
    switch (mark) {
      case 0xff51:
        if (has_size) throw Refusal();
        size.read(body);
        tiles.resize((size_t)(size.tiles_across * size.tiles_down));
        has_size = true;
        break;
      case 0xff52:
        if (has_style) throw Refusal();
        style.read(body);
        has_style = true;
        break;
      case 0xff5c:
        if (has_steps) throw Refusal();
        quantization.read(body);
        has_steps = true;
        break;
      // Lengths of tiles and packets, registration of components, comments: not needed.
      case 0xff55: case 0xff57: case 0xff58: case 0xff63: case 0xff64: break;
      case 0xff90: {
        if (!has_size || !has_style || !has_steps) throw Refusal();
        const uint32_t tile = body.take(2), all = body.take(4);
        if (tile >= tiles.size()) throw Refusal();
        const size_t head = (size_t)(in.at - start);
        if (all != 0 && all < head) throw Refusal();
        Bytes part = all == 0 ? in.part(in.left()) : in.part(all - head);
        // Its own header: of its markers only those that do not matter are passed over.
        while (true) {
          const uint32_t own = part.take(2);
          if (own == 0xff93) break;
          if (own != 0xff58 && own != 0xff64) throw Refusal();
          const uint32_t own_length = part.take(2);
          if (own_length < 2) throw Refusal();
          part.part(own_length - 2);
        }
        tiles[tile].push_back(part);
        if (in.left() < 2) return;
        break;
      }
      // Other settings for single components, regions of interest, changes of progression, packed headers: rare.
      default: throw Refusal();
    }
  }
}

}  // namespace jpeg2000
