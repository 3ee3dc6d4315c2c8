// The packets of a tile of JPEG 2000 (ISO 15444-1 annex B): which bytes belong to which code block.
#pragma once
#include "CodeBlock.h"
#include "Headers.h"

namespace jpeg2000 {

// A tree over the blocks of a precinct (B.10.2).
class TagTree {
  struct Node {
    int32_t above = -1;
    int32_t value = 0;
    bool is_known = false;
  };
  std::vector<Node> nodes;
  std::vector<size_t> starts, widths;

 public:
  void make(int width, int height);
  // Reads on until it is known whether the leaf's value is below `limit`.
  template <class Bits> bool is_below(Bits &bits, int x, int y, int limit);
  // The leaf's value; only where it is below `limit`, else throws.
  template <class Bits> int value(Bits &bits, int x, int y, int limit);
};

struct Block {
  Rectangle place;  // in the band
  std::vector<Bytes> pieces;
  int planes = 0, passes = 0, length_bits = 3;
};

// The blocks of a band that lie in one precinct.
struct BlockGrid {
  int across = 0, down = 0;
  std::vector<Block> blocks;
  TagTree inclusion, planes;
};

struct Band {
  Rectangle place;
  Direction direction = Direction::horizontal_low;
  int most_planes = 0, gain = 0, number = 0;  // number: as quantization counts them
  std::vector<BlockGrid> precincts;
};

struct Resolution {
  Rectangle place;
  int precincts_across = 0, precincts_down = 0, precinct_width = 0, precinct_height = 0;  // sizes: exponents
  std::vector<Band> bands;
};

struct TileComponent {
  Rectangle place;
  std::vector<Resolution> resolutions;
};

struct Tile {
  Rectangle place;
  std::vector<TileComponent> components;

  Tile(const Codestream &, int index);
  // Reads the headers of all packets.
  void read(const Codestream &, std::vector<Bytes>);
};

}  // namespace jpeg2000
