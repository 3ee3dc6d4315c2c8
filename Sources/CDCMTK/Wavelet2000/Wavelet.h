// The inverse wavelet transforms of JPEG 2000 (ISO 15444-1 annex F).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace jpeg2000 {

// Samples in rows.
template <class Sample>
struct Plane {
  int width = 0, height = 0;
  std::vector<Sample> samples;

  Plane() = default;
  Plane(int width, int height) : width(width), height(height), samples((size_t)width * (size_t)height) {}
  Sample *row(int y) { return samples.data() + (size_t)y * (size_t)width; }
  const Sample *row(int y) const { return samples.data() + (size_t)y * (size_t)width; }
};

// One level: the four bands to a plane whose first column and row are odd (1) or even (0) on the picture's grid. The bands'
// sizes must be those that this gives. int32_t takes the reversible transform 5/3, float the irreversible 9/7.
template <class Sample>
Plane<Sample> joined(
    const Plane<Sample> &low, const Plane<Sample> &horizontal, const Plane<Sample> &vertical,
    const Plane<Sample> &both, int odd_column, int odd_row);

}  // namespace jpeg2000
