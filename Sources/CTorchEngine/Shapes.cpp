// Shapes without arithmetic: kernels of the meta device for those operators that libtorch gives one only in Python. A
// network traced on that device needs neither memory nor time.
#include "Guard.h"

#include <torch/library.h>

#include <tuple>
#include <vector>

namespace {
at::Tensor same(const at::Tensor &x) { return at::empty_like(x); }

at::Tensor clipped(const at::Tensor &x, const at::Scalar &, const at::Scalar &) { return at::empty_like(x); }

at::Tensor convolution(
    const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef, int64_t groups) {
  TORCH_CHECK(!transposed, "convolution: the transposed kind has no shape here");
  TORCH_CHECK(x.dim() == weight.dim() && x.size(1) == weight.size(1) * groups, "convolution: input ", x.sizes(),
              " does not fit weight ", weight.sizes(), " with ", groups, " groups");
  std::vector<int64_t> sizes{x.size(0), weight.size(0)};
  for (size_t i = 0; i < stride.size(); ++i) {
    auto d = static_cast<int64_t>(i) + 2;
    int64_t free = x.size(d) + 2 * padding[i] - dilation[i] * (weight.size(d) - 1) - 1;
    TORCH_CHECK(free >= 0, "convolution: input ", x.sizes(), " is smaller than kernel ", weight.sizes());
    sizes.push_back(free / stride[i] + 1);
  }
  return at::empty(sizes, x.options());
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm(
    const at::Tensor &x, const std::optional<at::Tensor> &, const std::optional<at::Tensor> &,
    const std::optional<at::Tensor> &, const std::optional<at::Tensor> &, bool training, double, double) {
  auto options = x.options().dtype(at::kFloat);
  auto statistics = std::vector<int64_t>{training ? x.size(1) : 0};
  return {at::empty_like(x), at::empty(statistics, options), at::empty(statistics, options)};
}

// The last place may begin only inside the input or the padding before it.
int64_t pooled(int64_t extent, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation, bool ceiling) {
  int64_t free = extent + 2 * padding - dilation * (kernel - 1) - 1;
  TORCH_CHECK(free >= 0 || ceiling, "pooling: ", extent, " places are fewer than the kernel's ", kernel);
  int64_t count = (free + (ceiling ? stride - 1 : 0)) / stride + 1;
  return ceiling && (count - 1) * stride >= extent + padding ? count - 1 : count;
}

std::tuple<at::Tensor, at::Tensor> max_pool3d(
    const at::Tensor &x, at::IntArrayRef kernel, at::IntArrayRef stride, at::IntArrayRef padding,
    at::IntArrayRef dilation, bool ceiling) {
  auto sizes = x.sizes().vec();
  for (size_t i = 0; i < 3; ++i) {
    int64_t step = stride.empty() ? kernel[i] : stride[i];
    auto &extent = sizes[sizes.size() - 3 + i];
    extent = pooled(extent, kernel[i], step, padding[i], dilation[i], ceiling);
    TORCH_CHECK(extent > 0, "pooling: ", x.sizes(), " leaves nothing");
  }
  return {at::empty(sizes, x.options()), at::empty(sizes, x.options().dtype(at::kLong))};
}

at::Tensor adaptive_average(const at::Tensor &x, at::IntArrayRef parts) {
  auto sizes = x.sizes().vec();
  for (size_t i = 0; i < parts.size(); ++i) sizes[sizes.size() - parts.size() + i] = parts[i];
  return at::empty(sizes, x.options());
}

at::Tensor selected(const at::Tensor &x, int64_t dimension, const at::Tensor &rows) {
  auto sizes = x.sizes().vec();
  sizes[at::maybe_wrap_dim(dimension, x.dim())] = rows.numel();
  return at::empty(sizes, x.options());
}

at::Tensor flipped(const at::Tensor &x, at::IntArrayRef) { return at::empty_like(x); }

std::tuple<at::Tensor, at::Tensor> log_sigmoid(const at::Tensor &x) { return {at::empty_like(x), at::empty_like(x)}; }

at::Tensor where(const at::Tensor &condition, const at::Tensor &x, const at::Tensor &other) {
  auto sizes = at::infer_size(condition.sizes(), at::infer_size(x.sizes(), other.sizes()));
  return at::empty(sizes, x.options().dtype(at::result_type(x, other)));
}
}  // namespace

TORCH_LIBRARY_IMPL(aten, Meta, library) {
  library.impl("relu", same);
  library.impl("hardtanh", clipped);
  library.impl("convolution_overrideable", convolution);
  library.impl("native_batch_norm", batch_norm);
  library.impl("max_pool3d_with_indices", max_pool3d);
  library.impl("_adaptive_avg_pool2d", adaptive_average);
  library.impl("_adaptive_avg_pool3d", adaptive_average);
  library.impl("index_select", selected);
  library.impl("flip", flipped);
  library.impl("log_sigmoid_forward", log_sigmoid);
  library.impl("where.self", where);
}
