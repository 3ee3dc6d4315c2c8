// Segments that are computed twice: once without recording, and again, recording, when their gradient is asked for
// (Chen et al. 2016, Training deep nets with sublinear memory cost).
#include "Guard.h"

#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <vector>

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {
constexpr std::array devices = {at::kCPU, at::kCUDA};

// The autocast modes of a thread. The cache of cast weights is not among them: casts that were made without recording
// must not serve a pass that records, so it is off inside a segment.
struct AutocastModes {
  std::array<bool, devices.size()> enabled;
  std::array<at::ScalarType, devices.size()> types;
  bool caches;

  static AutocastModes current(bool caches) {
    AutocastModes modes{.enabled = {}, .types = {}, .caches = caches};
    for (size_t i = 0; i < devices.size(); ++i) {
      modes.enabled[i] = at::autocast::is_autocast_enabled(devices[i]);
      modes.types[i] = at::autocast::get_autocast_dtype(devices[i]);
    }
    return modes;
  }

  void apply() const {
    for (size_t i = 0; i < devices.size(); ++i) {
      at::autocast::set_autocast_enabled(devices[i], enabled[i]);
      at::autocast::set_autocast_dtype(devices[i], types[i]);
    }
    at::autocast::set_autocast_cache_enabled(caches);
  }
};

struct AutocastScope {
  AutocastModes before = AutocastModes::current(at::autocast::is_autocast_cache_enabled());

  explicit AutocastScope(const AutocastModes &wanted) { wanted.apply(); }
  ~AutocastScope() { before.apply(); }
  AutocastScope(const AutocastScope &) = delete;
  AutocastScope &operator=(const AutocastScope &) = delete;
};

// Owns the caller's context; lives as long as a graph may need it.
struct Segment : torch::CustomClassHolder {
  ct_segment caller;
  AutocastModes modes = AutocastModes::current(false);

  explicit Segment(const ct_segment &caller) : caller(caller) {}
  ~Segment() override { caller.release(caller.context); }

  variable_list run(bool again, at::TensorList inputs) const {
    AutocastScope scope(modes);
    std::vector<ct_tensor> given;
    for (const at::Tensor &input : inputs) given.push_back(owned(input));
    std::array<ct_tensor, CT_SEGMENT_CAPACITY> made{};
    int32_t count = 0;
    void *failure = nullptr;
    ct_status status = caller.run(
        caller.context, again, given.data(), static_cast<int32_t>(given.size()), made.data(),
        static_cast<int32_t>(made.size()), &count, &failure);
    variable_list outputs;
    for (int32_t i = 0; i < count; ++i) {
      outputs.push_back(std::move(made[i]->value));
      delete made[i];
    }
    if (status != 0) throw SegmentFailure(std::shared_ptr<void>(failure, caller.release));
    return outputs;
  }
};

struct Checkpoint : torch::autograd::Function<Checkpoint> {
  // `anchor` requires a gradient, so that the outputs do even where no input does: parameters are not among the inputs.
  static variable_list forward(
      AutogradContext *context, const c10::intrusive_ptr<Segment> &segment, const at::Tensor &anchor,
      at::TensorList inputs) {
    context->save_for_backward(inputs.vec());
    context->saved_data["segment"] = c10::IValue::make_capsule(segment);
    context->set_materialize_grads(false);
    return segment->run(false, inputs);
  }

  static variable_list backward(AutogradContext *context, const variable_list &gradients) {
    auto segment = c10::static_intrusive_pointer_cast<Segment>(context->saved_data["segment"].toCapsule());
    variable_list inputs;
    for (const at::Tensor &saved : context->get_saved_variables()) {
      at::Tensor input = saved.detach();
      if (saved.requires_grad()) input.requires_grad_();
      inputs.push_back(std::move(input));
    }
    variable_list ends, directions;
    {
      at::AutoGradMode recording(true);
      variable_list outputs = segment->run(true, inputs);
      TORCH_CHECK(
          outputs.size() == gradients.size(), "a segment gave ", gradients.size(), " outputs, then ", outputs.size());
      for (size_t i = 0; i < outputs.size(); ++i) {
        if (!gradients[i].defined() || !outputs[i].requires_grad()) continue;
        ends.push_back(std::move(outputs[i]));
        directions.push_back(gradients[i]);
      }
    }
    // Parameters collect their gradients here; those of the inputs go on.
    if (!ends.empty()) torch::autograd::backward(ends, directions);
    variable_list results(2);  // of `segment` and `anchor`: none
    for (const at::Tensor &input : inputs) results.push_back(input.grad());
    return results;
  }
};
}  // namespace

ct_status checkpoint(
    const ct_segment *caller, const ct_tensor *inputs, int32_t count, ct_tensor *outputs, int32_t capacity,
    int32_t *written) {
  *written = 0;
  return guarded("segment", [&] {
    auto segment = c10::make_intrusive<Segment>(*caller);
    std::vector<at::Tensor> given;
    for (int32_t i = 0; i < count; ++i) given.push_back(inputs[i]->value);
    at::Tensor anchor = at::empty({0}).requires_grad_(at::GradMode::is_enabled());
    variable_list made = Checkpoint::apply(segment, anchor, at::TensorList(given));
    TORCH_CHECK(made.size() <= static_cast<size_t>(capacity), "more than ", capacity, " outputs");
    for (at::Tensor &output : made) outputs[(*written)++] = owned(std::move(output));
  });
}
