#include "Packets.h"

#include <algorithm>
#include <tuple>

namespace jpeg2000 {

namespace {

// The bits of a packet's header; a bit is stuffed behind a byte of ones.
class HeaderBits {
  Bytes &in;
  uint32_t byte = 0;
  int left = 0;

 public:
  explicit HeaderBits(Bytes &in) : in(in) {}

  uint32_t bit() {
    if (left == 0) {
      left = byte == 0xff ? 7 : 8;
      byte = in.take(1);
    }
    return byte >> --left & 1;
  }

  uint32_t bits(int count) {
    uint32_t value = 0;
    while (count-- > 0) value = value << 1 | bit();
    return value;
  }

  void finish() {
    if (byte == 0xff) in.take(1);
  }
};

int passes_of(HeaderBits &bits) {
  if (!bits.bit()) return 1;
  if (!bits.bit()) return 2;
  uint32_t more = bits.bits(2);
  if (more < 3) return 3 + (int)more;
  more = bits.bits(5);
  if (more < 31) return 6 + (int)more;
  return 37 + (int)bits.bits(7);
}

const int most_precincts = 1 << 16;

}  // namespace

void TagTree::make(int width, int height) {
  std::vector<size_t> heights;
  size_t total = 0;
  size_t across = (size_t)width, down = (size_t)height;
  while (true) {
    starts.push_back(total);
    widths.push_back(across);
    heights.push_back(down);
    total += across * down;
    if (across * down <= 1) break;
    across = (across + 1) / 2;
    down = (down + 1) / 2;
  }
  nodes.resize(total);
  for (size_t level = 0; level + 1 < starts.size(); level++) {
    for (size_t y = 0; y < heights[level]; y++) {
      for (size_t x = 0; x < widths[level]; x++) {
        nodes[starts[level] + y * widths[level] + x].above =
            (int32_t)(starts[level + 1] + y / 2 * widths[level + 1] + x / 2);
      }
    }
  }
}

template <class Bits>
bool TagTree::is_below(Bits &bits, int x, int y, int limit) {
  int32_t path[34];
  int count = 0;
  int32_t node = (int32_t)((size_t)y * widths[0] + (size_t)x);
  for (; node >= 0 && count < 34; node = nodes[(size_t)node].above) path[count++] = node;
  int32_t least = 0;
  while (count-- > 0) {
    Node &at = nodes[(size_t)path[count]];
    at.value = std::max(at.value, least);
    while (!at.is_known && at.value < limit) {
      if (bits.bit()) at.is_known = true;
      else at.value++;
    }
    least = at.value;
  }
  const Node &leaf = nodes[(size_t)path[0]];
  return leaf.is_known && leaf.value < limit;
}

template <class Bits>
int TagTree::value(Bits &bits, int x, int y, int limit) {
  if (!is_below(bits, x, y, limit)) throw Refusal();
  return nodes[(size_t)y * widths[0] + (size_t)x].value;
}

// MARK: Geometry

namespace {

// A length of the tile at a resolution, or of its band, which is the same less half of a sample for high bands.
int scaled(int value, int levels, int high) {
  const int64_t offset = high ? (int64_t)1 << (levels - 1) : 0;
  if (value <= offset) return 0;
  return (int)(((int64_t)value - offset + ((int64_t)1 << levels) - 1) >> levels);
}

Rectangle scaled(const Rectangle &place, int levels, int across, int down) {
  return {scaled(place.x0, levels, across), scaled(place.y0, levels, down), scaled(place.x1, levels, across),
          scaled(place.y1, levels, down)};
}

void fill(BlockGrid &grid, const Rectangle &place, int width, int height) {
  if (place.is_empty()) return;
  const int left = place.x0 >> width, top = place.y0 >> height;
  grid.across = ((place.x1 - 1) >> width) + 1 - left;
  grid.down = ((place.y1 - 1) >> height) + 1 - top;
  grid.blocks.resize((size_t)grid.across * (size_t)grid.down);
  for (int y = 0; y < grid.down; y++) {
    for (int x = 0; x < grid.across; x++) {
      Rectangle &block = grid.blocks[(size_t)(y * grid.across + x)].place;
      block.x0 = std::max(place.x0, (left + x) << width);
      block.y0 = std::max(place.y0, (top + y) << height);
      block.x1 = std::min(place.x1, (left + x + 1) << width);
      block.y1 = std::min(place.y1, (top + y + 1) << height);
    }
  }
  grid.inclusion.make(grid.across, grid.down);
  grid.planes.make(grid.across, grid.down);
}

}  // namespace

Tile::Tile(const Codestream &stream, int index) : place(stream.size.tile(index)) {
  const Style &style = stream.style;
  components.resize((size_t)stream.size.components);
  for (TileComponent &component : components) {
    component.place = place;
    component.resolutions.resize((size_t)style.levels + 1);
    for (int r = 0; r <= style.levels; r++) {
      Resolution &resolution = component.resolutions[(size_t)r];
      const int level = style.levels - r;
      resolution.place = scaled(place, level, 0, 0);
      const int width = resolution.precinct_width = style.precinct_width[(size_t)r];
      const int height = resolution.precinct_height = style.precinct_height[(size_t)r];
      const Rectangle &at = resolution.place;
      const int left = at.x0 >> width, top = at.y0 >> height;
      resolution.precincts_across = at.width() ? ((at.x1 - 1) >> width) + 1 - left : 0;
      resolution.precincts_down = at.height() ? ((at.y1 - 1) >> height) + 1 - top : 0;
      const int64_t count = (int64_t)resolution.precincts_across * resolution.precincts_down;
      if (count > most_precincts) throw Refusal();
      const int halved = r > 0;
      for (int kind = r > 0 ? 1 : 0; kind <= (r > 0 ? 3 : 0); kind++) {
        resolution.bands.emplace_back();
        Band &band = resolution.bands.back();
        band.place = scaled(place, r > 0 ? level + 1 : level, kind & 1, kind >> 1);
        band.direction = kind == 1 ? Direction::horizontal_high
                         : kind == 3 ? Direction::both_high : Direction::horizontal_low;
        band.gain = kind == 3 ? 2 : kind > 0;
        band.number = r > 0 ? 3 * (r - 1) + kind : 0;
        band.most_planes = stream.quantization.guard_bits + stream.quantization.exponent(band.number, r) - 1;
        band.precincts.resize((size_t)count);
        for (int64_t p = 0; p < count; p++) {
          const int64_t px = left + p % resolution.precincts_across, py = top + p / resolution.precincts_across;
          const int w = width - halved, h = height - halved;
          const Rectangle &b = band.place;
          const Rectangle part = {(int)std::max<int64_t>(b.x0, px << w), (int)std::max<int64_t>(b.y0, py << h),
                                  (int)std::min<int64_t>(b.x1, (px + 1) << w), (int)std::min<int64_t>(b.y1, (py + 1) << h)};
          fill(band.precincts[(size_t)p], part, std::min(w, style.block_width), std::min(h, style.block_height));
        }
      }
    }
  }
}

// MARK: Packets

namespace {

class Reader {
  const Codestream &stream;
  Tile &tile;
  std::vector<Bytes> parts;
  size_t part = 0;

  struct Included {
    Block *block;
    size_t count;
  };
  std::vector<Included> included;

 public:
  Reader(const Codestream &stream, Tile &tile, std::vector<Bytes> parts)
      : stream(stream), tile(tile), parts(std::move(parts)) {}

  void read() {
    const Style &style = stream.style;
    const int layers = style.layers, levels = style.levels;
    switch (style.progression) {
      case 0:
        for (int layer = 0; layer < layers; layer++) {
          for (int r = 0; r <= levels; r++) all_precincts(r, layer);
        }
        break;
      case 1:
        for (int r = 0; r <= levels; r++) {
          for (int layer = 0; layer < layers; layer++) all_precincts(r, layer);
        }
        break;
      case 2:
        for (int r = 0; r <= levels; r++) {
          for (const Stop &stop : stops(r, r)) {
            for (TileComponent &component : tile.components) all_layers(component, stop);
          }
        }
        break;
      case 3: {
        const std::vector<Stop> all = stops(0, levels);
        for (size_t first = 0, next = 0; first < all.size(); first = next) {
          while (next < all.size() && all[next].y == all[first].y && all[next].x == all[first].x) next++;
          for (TileComponent &component : tile.components) {
            for (size_t i = first; i < next; i++) all_layers(component, all[i]);
          }
        }
        break;
      }
      default:
        for (TileComponent &component : tile.components) {
          for (const Stop &stop : stops(0, levels)) all_layers(component, stop);
        }
    }
  }

 private:
  void all_precincts(int r, int layer) {
    for (TileComponent &component : tile.components) {
      Resolution &resolution = component.resolutions[(size_t)r];
      const size_t count = (size_t)(resolution.precincts_across * resolution.precincts_down);
      for (size_t precinct = 0; precinct < count; precinct++) packet(resolution, precinct, layer);
    }
  }

  // A precinct by its place on the picture's grid. No component is subsampled, so that all have the same.
  struct Stop {
    int64_t y, x;
    int resolution, precinct;
    bool operator<(const Stop &other) const {
      return std::tie(y, x, resolution, precinct) < std::tie(other.y, other.x, other.resolution, other.precinct);
    }
  };

  void all_layers(TileComponent &component, const Stop &stop) {
    Resolution &resolution = component.resolutions[(size_t)stop.resolution];
    for (int layer = 0; layer < stream.style.layers; layer++) packet(resolution, (size_t)stop.precinct, layer);
  }

  // The precincts of these resolutions in the order of their places.
  std::vector<Stop> stops(int first, int last) const {
    std::vector<Stop> stops;
    // A precinct that begins before the tile is met at the tile's edge.
    auto met = [](int start, int step, int exponent, int level, int edge) {
      const int64_t place = (int64_t)((start >> exponent) + step) << exponent;
      return place < start ? (int64_t)edge : place << level;
    };
    for (int r = first; r <= last; r++) {
      const Resolution &resolution = tile.components[0].resolutions[(size_t)r];
      const int level = stream.style.levels - r;
      for (int py = 0; py < resolution.precincts_down; py++) {
        for (int px = 0; px < resolution.precincts_across; px++) {
          const int64_t y = met(resolution.place.y0, py, resolution.precinct_height, level, tile.place.y0);
          const int64_t x = met(resolution.place.x0, px, resolution.precinct_width, level, tile.place.x0);
          stops.push_back({y, x, r, py * resolution.precincts_across + px});
        }
      }
    }
    std::sort(stops.begin(), stops.end());
    return stops;
  }

  Bytes &source() {
    while (part < parts.size() && parts[part].left() == 0) part++;
    if (part == parts.size()) throw Refusal();
    return parts[part];
  }

  void packet(Resolution &resolution, size_t precinct, int layer) {
    Bytes &in = source();
    if (in.left() >= 6 && in.at[0] == 0xff && in.at[1] == 0x91) in.part(6);
    included.clear();
    HeaderBits bits(in);
    if (bits.bit()) {
      for (Band &band : resolution.bands) {
        BlockGrid &grid = band.precincts[precinct];
        for (int y = 0; y < grid.down; y++) {
          for (int x = 0; x < grid.across; x++) block(bits, band, grid, x, y, layer);
        }
      }
    }
    bits.finish();
    if (in.left() >= 2 && in.at[0] == 0xff && in.at[1] == 0x92) in.part(2);
    for (const Included &one : included) {
      if (one.count > 0) one.block->pieces.push_back(in.part(one.count));
    }
  }

  void block(HeaderBits &bits, const Band &band, BlockGrid &grid, int x, int y, int layer) {
    Block &block = grid.blocks[(size_t)(y * grid.across + x)];
    if (block.passes == 0) {
      if (!grid.inclusion.is_below(bits, x, y, layer + 1)) return;
      block.planes = band.most_planes - grid.planes.value(bits, x, y, 80);
      if (block.planes < 0 || block.planes > 30) throw Refusal();
    } else if (!bits.bit()) {
      return;
    }
    const int passes = passes_of(bits);
    while (bits.bit()) {
      if (++block.length_bits > 32) throw Refusal();
    }
    int extra = 0;
    while (passes >> (extra + 1)) extra++;
    if (block.length_bits + extra > 32) throw Refusal();
    block.passes += passes;
    included.push_back({&block, bits.bits(block.length_bits + extra)});
  }
};

}  // namespace

void Tile::read(const Codestream &stream, std::vector<Bytes> parts) { Reader(stream, *this, std::move(parts)).read(); }

}  // namespace jpeg2000
