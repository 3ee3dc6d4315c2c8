#include "Wavelet.h"

#include <algorithm>

namespace jpeg2000 {

namespace {

// A signal as its even and its odd samples. What lies beyond either end mirrors, so that it is the last on that side.
struct Ends {
  int lows, highs, odd;  // odd: 1 where the first sample is an odd one

  int high_before(int k) const { return std::clamp(k - 1 + odd, 0, highs - 1); }
  int high_behind(int k) const { return std::clamp(k + odd, 0, highs - 1); }
  int low_before(int k) const { return std::clamp(k - odd, 0, lows - 1); }
  int low_behind(int k) const { return std::clamp(k + 1 - odd, 0, lows - 1); }
};

// Steps of lifting: how a sample changes with its two neighbours.
struct Update {
  int32_t operator()(int32_t sample, int32_t one, int32_t other) const { return sample - ((one + other + 2) >> 2); }
};
struct Predict {
  int32_t operator()(int32_t sample, int32_t one, int32_t other) const { return sample + ((one + other) >> 1); }
};

struct Factor {
  float factor;
  float operator()(float sample, float one, float other) const { return sample - factor * (one + other); }
};

const Factor alpha = {-1.586134342059924f}, beta = {-0.052980118572961f}, gamma_ = {0.882911075530934f},
             delta = {0.443506852043971f};
const float scale = 1.230174104914001f;

struct Reversible {
  template <class Lows, class Highs>
  static void lift(const Lows &lows, const Highs &highs) {
    lows(Update());
    highs(Predict());
  }
  static int32_t low(int32_t sample) { return sample; }
  static int32_t high(int32_t sample) { return sample; }
  static int32_t alone(int32_t sample) { return sample / 2; }
};

struct Irreversible {
  template <class Lows, class Highs>
  static void lift(const Lows &lows, const Highs &highs) {
    lows(delta);
    highs(gamma_);
    lows(beta);
    highs(alpha);
  }
  static float low(float sample) { return sample * scale; }
  static float high(float sample) { return sample * (1 / scale); }
  static float alone(float sample) { return sample / 2; }
};

template <class Sample> struct Kind;
template <> struct Kind<int32_t> { using Lifting = Reversible; };
template <> struct Kind<float> { using Lifting = Irreversible; };

template <class Sample, class Step>
inline void lift(Sample *to, int count, const Sample *others, int limit, int shift, const Step &step) {
  // Neighbours k - 1 + shift and k + shift; the ends are clamped, the middle is not.
  const int first = std::min(count, 1 - shift), last = std::max(first, std::min(count, limit - shift));
  auto at = [&](int k) { return others[std::clamp(k, 0, limit - 1)]; };
  for (int k = 0; k < first; k++) to[k] = step(to[k], at(k - 1 + shift), at(k + shift));
  const Sample *near = others + shift;
  for (int k = first; k < last; k++) to[k] = step(to[k], near[k - 1], near[k]);
  for (int k = last; k < count; k++) to[k] = step(to[k], at(k - 1 + shift), at(k + shift));
}

template <class Sample>
void join_row(const Sample *low, const Sample *high, const Ends &ends, Sample *out, Sample *lows, Sample *highs) {
  using Lifting = typename Kind<Sample>::Lifting;
  if (ends.lows + ends.highs == 1) {
    out[0] = ends.lows ? low[0] : Lifting::alone(high[0]);
    return;
  }
  for (int k = 0; k < ends.lows; k++) lows[k] = Lifting::low(low[k]);
  for (int k = 0; k < ends.highs; k++) highs[k] = Lifting::high(high[k]);
  Lifting::lift([&](auto step) { lift(lows, ends.lows, highs, ends.highs, ends.odd, step); },
                [&](auto step) { lift(highs, ends.highs, lows, ends.lows, 1 - ends.odd, step); });
  const int pairs = std::min(ends.lows, ends.highs);
  const Sample *first = ends.odd ? highs : lows, *second = ends.odd ? lows : highs;
  for (int k = 0; k < pairs; k++) {
    out[2 * k] = first[k];
    out[2 * k + 1] = second[k];
  }
  if (ends.lows != ends.highs) out[2 * pairs] = first[pairs];
}

template <class Sample, class Step>
inline void lift_row(Sample *to, const Sample *one, const Sample *other, int count, const Step &step) {
  for (int x = 0; x < count; x++) to[x] = step(to[x], one[x], other[x]);
}

// The rows of `plane`, even and odd ones in turn, in place.
template <class Sample>
void join_columns(Plane<Sample> &plane, const Ends &ends) {
  using Lifting = typename Kind<Sample>::Lifting;
  if (ends.lows + ends.highs == 1) {
    if (!ends.lows) std::for_each(plane.samples.begin(), plane.samples.end(), [](Sample &s) { s = Lifting::alone(s); });
    return;
  }
  // So many columns that all their rows stay in the cache.
  const int part = 64;
  for (int left = 0; left < plane.width; left += part) {
    const int count = std::min(part, plane.width - left);
    auto low = [&](int k) { return plane.row(2 * k + ends.odd) + left; };
    auto high = [&](int k) { return plane.row(2 * k + 1 - ends.odd) + left; };
    for (int k = 0; k < ends.lows; k++) std::for_each(low(k), low(k) + count, [](Sample &s) { s = Lifting::low(s); });
    for (int k = 0; k < ends.highs; k++) std::for_each(high(k), high(k) + count, [](Sample &s) { s = Lifting::high(s); });
    Lifting::lift(
        [&](auto step) {
          for (int k = 0; k < ends.lows; k++) {
            lift_row(low(k), high(ends.high_before(k)), high(ends.high_behind(k)), count, step);
          }
        },
        [&](auto step) {
          for (int k = 0; k < ends.highs; k++) {
            lift_row(high(k), low(ends.low_before(k)), low(ends.low_behind(k)), count, step);
          }
        });
  }
}

}  // namespace

template <class Sample>
Plane<Sample> joined(
    const Plane<Sample> &low, const Plane<Sample> &horizontal, const Plane<Sample> &vertical,
    const Plane<Sample> &both, int odd_column, int odd_row) {
  const Ends across = {low.width, horizontal.width, odd_column}, down = {low.height, vertical.height, odd_row};
  Plane<Sample> out(across.lows + across.highs, down.lows + down.highs);
  if (out.samples.empty()) return out;
  std::vector<Sample> lows((size_t)across.lows + 1), highs((size_t)across.highs + 1);
  for (int k = 0; k < down.lows; k++) {
    join_row(low.row(k), horizontal.row(k), across, out.row(2 * k + odd_row), lows.data(), highs.data());
  }
  for (int k = 0; k < down.highs; k++) {
    join_row(vertical.row(k), both.row(k), across, out.row(2 * k + 1 - odd_row), lows.data(), highs.data());
  }
  join_columns(out, down);
  return out;
}

template Plane<int32_t> joined(
    const Plane<int32_t> &, const Plane<int32_t> &, const Plane<int32_t> &, const Plane<int32_t> &, int, int);
template Plane<float> joined(
    const Plane<float> &, const Plane<float> &, const Plane<float> &, const Plane<float> &, int, int);

}  // namespace jpeg2000
