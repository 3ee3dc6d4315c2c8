// Calls any ATen operator through the dispatcher with boxed arguments. One entry in place of hundreds; libtorch checks the
// argument types against the operator's schema.
#include "Guard.h"

#include <memory>
#include <mutex>
#include <unordered_map>

ct_status operator_find(const char *name, const char *overload, ct_operator *out) {
  return guarded(name, [&] {
    static std::mutex mutex;
    static std::unordered_map<std::string, std::unique_ptr<ct_operator_s>> known;
    std::lock_guard<std::mutex> lock(mutex);
    auto &entry = known[std::string(name) + "." + overload];
    if (!entry) {
      entry = std::make_unique<ct_operator_s>(
          ct_operator_s{c10::Dispatcher::singleton().findSchemaOrThrow(name, overload)});
    }
    *out = entry.get();
  });
}

static c10::IValue boxed(const ct_value &value) {
  switch (value.kind) {
    case CT_VALUE_NONE: return c10::IValue();
    case CT_VALUE_TENSOR: return static_cast<ct_tensor>(const_cast<void *>(value.pointer))->value;
    case CT_VALUE_TENSORS: {
      auto handles = static_cast<const ct_tensor *>(value.pointer);
      c10::List<at::Tensor> list;
      list.reserve(value.count);
      for (int32_t i = 0; i < value.count; ++i) list.push_back(handles[i]->value);
      return list;
    }
    case CT_VALUE_INTEGER: return value.integer;
    case CT_VALUE_NUMBER: return value.number;
    case CT_VALUE_BOOL: return value.integer != 0;
    case CT_VALUE_INTEGERS: {
      auto numbers = static_cast<const int64_t *>(value.pointer);
      return c10::List<int64_t>(c10::ArrayRef<int64_t>(numbers, value.count));
    }
    case CT_VALUE_NUMBERS: {
      auto numbers = static_cast<const double *>(value.pointer);
      return c10::List<double>(c10::ArrayRef<double>(numbers, value.count));
    }
    case CT_VALUE_TEXT: return std::string(static_cast<const char *>(value.pointer));
    case CT_VALUE_GENERATOR: return static_cast<ct_generator>(const_cast<void *>(value.pointer))->value;
    case CT_VALUE_DEVICE:
      if (value.integer == CT_META) return c10::Device(c10::kMeta);
      return value.integer == CT_CUDA ? c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(value.count))
                                      : c10::Device(c10::kCPU);
    default: TORCH_CHECK(false, "argument of unknown kind ", value.kind);
  }
}

static ct_value unboxed(const c10::IValue &value) {
  ct_value out{};
  if (value.isTensor()) {
    out.kind = CT_VALUE_TENSOR;
    out.pointer = owned(value.toTensor());
  } else if (value.isInt()) {
    out.kind = CT_VALUE_INTEGER;
    out.integer = value.toInt();
  } else if (value.isDouble()) {
    out.kind = CT_VALUE_NUMBER;
    out.number = value.toDouble();
  } else if (value.isBool()) {
    out.kind = CT_VALUE_BOOL;
    out.integer = value.toBool();
  } else {
    TORCH_CHECK(false, "result of kind ", value.tagKind(), " has no counterpart in ct_value");
  }
  return out;
}

static void release(ct_value *results, int32_t count) {
  for (int32_t i = 0; i < count; ++i) {
    if (results[i].kind == CT_VALUE_TENSOR) delete static_cast<ct_tensor>(const_cast<void *>(results[i].pointer));
  }
}

ct_status operator_call(
    ct_operator op, const ct_value *arguments, int32_t count, ct_value *results, int32_t capacity, int32_t *written) {
  int32_t done = 0;
  ct_status status = guarded(op->handle.schema().name().c_str(), [&] {
    const auto &formal = op->handle.schema().arguments();
    TORCH_CHECK(static_cast<size_t>(count) <= formal.size(), "takes ", formal.size(), " arguments, got ", count);
    torch::jit::Stack stack;
    stack.reserve(formal.size());
    for (int32_t i = 0; i < count; ++i) stack.push_back(boxed(arguments[i]));
    for (size_t i = count; i < formal.size(); ++i) {
      TORCH_CHECK(formal[i].default_value(), "argument '", formal[i].name(), "' is missing");
      stack.push_back(*formal[i].default_value());
    }
    op->handle.callBoxed(stack);
    // Lists of tensors (split, chunk, foreach operators) are laid out flat.
    for (const c10::IValue &result : stack) {
      if (result.isTensorList()) {
        for (const at::Tensor &tensor : result.toTensorVector()) {
          TORCH_CHECK(done < capacity, "more than ", capacity, " results");
          results[done++] = unboxed(tensor);
        }
      } else {
        TORCH_CHECK(done < capacity, "more than ", capacity, " results");
        results[done++] = unboxed(result);
      }
    }
  });
  if (status != 0) {
    release(results, done);
    done = 0;
  }
  *written = done;
  return status;
}
