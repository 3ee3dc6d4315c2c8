#pragma once
// By path: the package manager offers CTorch to C++ only as a module, which libtorch's headers cannot be built with.
#include "../CTorch/include/CTorch.h"
#include "CTorchEngine.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <exception>
#include <memory>
#include <string>

struct ct_tensor_s {
  at::Tensor value;
};
struct ct_generator_s {
  at::Generator value;
};
// An OperatorHandle is a pointer into the dispatcher's table, which lives as long as the process.
struct ct_operator_s {
  c10::OperatorHandle handle;
};

// What a segment of a network reports when it fails; passes through libtorch's gradient engine unchanged.
struct SegmentFailure : std::exception {
  std::shared_ptr<void> object;

  explicit SegmentFailure(std::shared_ptr<void> object) : object(std::move(object)) {}
  const char *what() const noexcept override { return "a segment of the network failed"; }
};

// Of the calling thread.
void set_last_error(std::string text, std::shared_ptr<void> failure = nullptr);

// Runs `body`; turns any C++ exception into status 1 with a message that starts with the entry's name.
template <class Body>
ct_status guarded(const char *entry, Body &&body) {
  try {
    body();
    return 0;
  } catch (const SegmentFailure &error) {
    set_last_error(std::string(entry) + ": " + error.what(), error.object);
  } catch (const c10::Error &error) {
    set_last_error(std::string(entry) + ": " + error.what_without_backtrace());
  } catch (const std::exception &error) {
    set_last_error(std::string(entry) + ": " + error.what());
  } catch (...) {
    set_last_error(std::string(entry) + ": unknown C++ exception");
  }
  return 1;
}

inline ct_tensor owned(at::Tensor tensor) { return new ct_tensor_s{std::move(tensor)}; }

ct_status operator_find(const char *name, const char *overload, ct_operator *out);
ct_status operator_call(
    ct_operator op, const ct_value *arguments, int32_t count, ct_value *results, int32_t capacity, int32_t *written);
ct_status checkpoint(
    const ct_segment *segment, const ct_tensor *inputs, int32_t count, ct_tensor *outputs, int32_t capacity,
    int32_t *written);
ct_status scope_enter(int32_t kind, int32_t device, int32_t scalar_type, ct_scope *out);
void scope_leave(ct_scope scope);
ct_status mapping_open(const char *path, ct_mapping *out, const uint8_t **bytes, size_t *size);
ct_status mapping_tensor(
    ct_mapping mapping, size_t offset, const int64_t *shape, int32_t rank, int32_t scalar_type, ct_tensor *out);
void mapping_free(ct_mapping mapping);
ct_status archive_open(const char *path, ct_archive *out);
ct_status archive_record_size(ct_archive archive, const char *name, size_t *size);
ct_status archive_record_read(ct_archive archive, const char *name, void *data, size_t size);
void archive_free(ct_archive archive);
