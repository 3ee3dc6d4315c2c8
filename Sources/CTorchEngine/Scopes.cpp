// Gradient, inference and autocast modes. Each is a C++ guard object kept alive between enter and leave on one thread.
#include "Guard.h"

#include <ATen/autocast_mode.h>
#include <c10/core/InferenceMode.h>

#include <memory>
#include <optional>

namespace {
struct Autocast {
  at::DeviceType device;
  bool enabled;
  at::ScalarType type;

  Autocast(at::DeviceType device, at::ScalarType wanted)
      : device(device),
        enabled(at::autocast::is_autocast_enabled(device)),
        type(at::autocast::get_autocast_dtype(device)) {
    at::autocast::set_autocast_dtype(device, wanted);
    at::autocast::set_autocast_enabled(device, true);
    at::autocast::increment_nesting();
  }
  ~Autocast() {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device, enabled);
    at::autocast::set_autocast_dtype(device, type);
  }
};
struct NoAutocast {
  at::DeviceType device;
  bool enabled;

  explicit NoAutocast(at::DeviceType device) : device(device), enabled(at::autocast::is_autocast_enabled(device)) {
    at::autocast::set_autocast_enabled(device, false);
  }
  ~NoAutocast() { at::autocast::set_autocast_enabled(device, enabled); }
};
}  // namespace

struct ct_scope_s {
  std::optional<c10::AutoGradMode> gradient;
  std::optional<c10::InferenceMode> inference;
  std::optional<Autocast> autocast;
  std::optional<NoAutocast> no_autocast;
};

ct_status scope_enter(int32_t kind, int32_t device, int32_t scalar_type, ct_scope *out) {
  return guarded("scope", [&] {
    auto scope = std::make_unique<ct_scope_s>();
    switch (kind) {
      case CT_SCOPE_NO_GRADIENT: scope->gradient.emplace(false); break;
      case CT_SCOPE_GRADIENT: scope->gradient.emplace(true); break;
      case CT_SCOPE_INFERENCE: scope->inference.emplace(); break;
      case CT_SCOPE_AUTOCAST:
        scope->autocast.emplace(
            device == CT_CUDA ? at::kCUDA : at::kCPU, static_cast<at::ScalarType>(scalar_type));
        break;
      case CT_SCOPE_NO_AUTOCAST: scope->no_autocast.emplace(device == CT_CUDA ? at::kCUDA : at::kCPU); break;
      default: TORCH_CHECK(false, "unknown kind ", kind);
    }
    *out = scope.release();
  });
}

void scope_leave(ct_scope scope) { delete scope; }
