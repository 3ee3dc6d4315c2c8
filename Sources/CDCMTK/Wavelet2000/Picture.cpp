#include "Picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "../Guard.h"
#include "Packets.h"
#include "Wavelet.h"

namespace jpeg2000 {

namespace {

// The coefficients of a band, scaled back.
template <class Sample>
Plane<Sample> coefficients(
    const Band &band, const Codestream &stream, CodeBlock &decoder, std::vector<uint8_t> &scratch) {
  Plane<Sample> plane(band.place.width(), band.place.height());
  float step = 0.5f;
  if (!stream.style.is_reversible) {
    // Equations E-3 and E-5; the decoder gives twice the magnitude.
    const int exponent = band.most_planes + 1 - stream.quantization.guard_bits;
    const float mantissa = 1 + (float)stream.quantization.mantissa(band.number) / 2048;
    step = 0.5f * std::ldexp(mantissa, stream.size.precision + band.gain - exponent);
  }
  for (const BlockGrid &grid : band.precincts) {
    for (const Block &block : grid.blocks) {
      if (block.passes == 0 || block.planes == 0) continue;
      const Bytes *bytes = nullptr;
      Bytes joined = {nullptr, nullptr};
      if (block.pieces.size() == 1) {
        bytes = &block.pieces[0];
      } else {
        scratch.clear();
        for (const Bytes &piece : block.pieces) scratch.insert(scratch.end(), piece.at, piece.end);
        joined = {scratch.data(), scratch.data() + scratch.size()};
        bytes = &joined;
      }
      if (block.passes > 3 * block.planes - 2) throw Refusal();
      const int width = block.place.width(), height = block.place.height();
      decoder.decode(bytes->at, bytes->left(), block.planes, block.passes, band.direction, width, height);
      for (int y = 0; y < height; y++) {
        Sample *to = plane.row(block.place.y0 - band.place.y0 + y) + (block.place.x0 - band.place.x0);
        decoder.take_row(y, [=](int x, int32_t value) {
          if constexpr (std::is_same_v<Sample, float>) to[x] = (float)value * step;
          else to[x] = value / 2;
        });
      }
    }
  }
  return plane;
}

template <class Sample>
Plane<Sample> samples(const TileComponent &component, const Codestream &stream) {
  static thread_local CodeBlock decoder;
  std::vector<uint8_t> scratch;
  Plane<Sample> plane = coefficients<Sample>(component.resolutions[0].bands[0], stream, decoder, scratch);
  for (size_t r = 1; r < component.resolutions.size(); r++) {
    const Resolution &resolution = component.resolutions[r];
    const Plane<Sample> one = coefficients<Sample>(resolution.bands[0], stream, decoder, scratch);
    const Plane<Sample> two = coefficients<Sample>(resolution.bands[1], stream, decoder, scratch);
    const Plane<Sample> three = coefficients<Sample>(resolution.bands[2], stream, decoder, scratch);
    if (resolution.place.is_empty()) plane = Plane<Sample>(resolution.place.width(), resolution.place.height());
    else plane = joined(plane, one, two, three, resolution.place.x0 & 1, resolution.place.y0 & 1);
  }
  return plane;
}

// Annex G.2 and G.3.
void turn_colours(std::vector<Plane<int32_t>> &planes) {
  for (size_t i = 0; i < planes[0].samples.size(); i++) {
    int32_t &one = planes[0].samples[i], &two = planes[1].samples[i], &three = planes[2].samples[i];
    const int32_t green = one - ((two + three) >> 2), red = three + green, blue = two + green;
    one = red;
    two = green;
    three = blue;
  }
}

void turn_colours(std::vector<Plane<float>> &planes) {
  for (size_t i = 0; i < planes[0].samples.size(); i++) {
    float &one = planes[0].samples[i], &two = planes[1].samples[i], &three = planes[2].samples[i];
    const float red = one + 1.402f * three, green = one - 0.344136f * two - 0.714136f * three, blue = one + 1.772f * two;
    one = red;
    two = green;
    three = blue;
  }
}

inline int32_t whole(int32_t value) { return value; }
// Half to even: beyond 2^23 a float has no fraction left.
inline int32_t whole(float value) {
  const float placed = std::clamp(value, -1e6f, 1e6f) + 12582912.0f;
  int32_t bits;
  std::memcpy(&bits, &placed, sizeof bits);
  return bits - 0x4b400000;
}

template <class Sample, class Out>
void store(const std::vector<Plane<Sample>> &planes, const Tile &tile, const Size &size, Out *out) {
  const int32_t shift = size.is_signed ? 0 : 1 << (size.precision - 1);
  const int32_t least = size.is_signed ? -(1 << (size.precision - 1)) : 0, most = least + ((1 << size.precision) - 1);
  const size_t step = planes.size(), width = (size_t)size.picture.width();
  for (size_t c = 0; c < step; c++) {
    for (int y = 0; y < tile.place.height(); y++) {
      const size_t place = (size_t)(tile.place.y0 - size.picture.y0 + y) * width + (size_t)(tile.place.x0 - size.picture.x0);
      Out *to = out + place * step + c;
      const Sample *from = planes[c].row(y);
      for (int x = 0; x < tile.place.width(); x++) {
        int32_t value;
        if constexpr (std::is_same_v<Sample, float>) value = whole(from[x]) + shift;
        else value = (int32_t)((uint32_t)from[x] + (uint32_t)shift);
        to[(size_t)x * step] = (Out)std::clamp(value, least, most);
      }
    }
  }
}

template <class Sample>
void decode_tile(const Tile &tile, const Codestream &stream, const cd_picture &picture, uint8_t *out) {
  std::vector<Plane<Sample>> planes;
  for (const TileComponent &component : tile.components) planes.push_back(samples<Sample>(component, stream));
  if (stream.style.turns_colours) {
    if (planes.size() < 3) throw Refusal();
    turn_colours(planes);
  }
  if (picture.bytes_per_sample == 1) store(planes, tile, stream.size, out);
  else store(planes, tile, stream.size, reinterpret_cast<uint16_t *>(out));
}

void decode(Bytes data, const cd_picture &picture, uint8_t *out) {
  const Codestream stream(data);
  const Size &size = stream.size;
  if (size.picture.width() != (int)picture.width || size.picture.height() != (int)picture.height) throw Refusal();
  if (size.components != picture.components || size.precision != picture.precision) throw Refusal();
  if (picture.bytes_per_sample != (size.precision <= 8 ? 1 : 2)) throw Refusal();
  if (stream.style.is_reversible != (stream.quantization.kind == 0)) throw Refusal();
  for (int index = 0; index < size.tiles_across * size.tiles_down; index++) {
    Tile tile(stream, index);
    if (tile.place.is_empty()) continue;
    tile.read(stream, stream.tiles[(size_t)index]);
    if (stream.style.is_reversible) decode_tile<int32_t>(tile, stream, picture, out);
    else decode_tile<float>(tile, stream, picture, out);
  }
}

}  // namespace

}  // namespace jpeg2000

cd_status decode_plain_jpeg2000(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message) {
  return guarded(message, [&]() -> cd_status {
    const size_t bytes = bytes_of(*picture);
    if (bytes == 0 || bytes > capacity || (picture->bytes_per_sample == 2 && (uintptr_t)out % 2 != 0)) {
      return fail(CD_UNSUPPORTED, message, "a JPEG 2000 frame of this size");
    }
    try {
      jpeg2000::decode({data, data + count}, *picture, out);
      return CD_OK;
    } catch (const jpeg2000::Refusal &) {
      return fail(CD_UNSUPPORTED, message, "a JPEG 2000 codestream of another kind");
    }
  });
}
