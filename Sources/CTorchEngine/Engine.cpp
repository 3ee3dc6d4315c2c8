// The table, and its small entries: tensors, gradients, generators, the machine.
#include "Guard.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <cstring>
#include <malloc.h>

namespace {
struct LastError {
  std::string text;
  std::shared_ptr<void> failure;
};
LastError &last() {
  thread_local LastError error;
  return error;
}
}  // namespace

void set_last_error(std::string text, std::shared_ptr<void> failure) {
  last() = LastError{std::move(text), std::move(failure)};
}

static const char *last_error() { return last().text.c_str(); }
static void *last_failure() { return last().failure.get(); }
static const char *libtorch_version() { return TORCH_VERSION; }

static ct_status tensor_from_data(
    const void *data, size_t bytes, const int64_t *shape, int32_t rank, int32_t scalar_type, ct_tensor *out) {
  return guarded("tensor from data", [&] {
    at::Tensor tensor = at::empty(at::IntArrayRef(shape, rank), static_cast<at::ScalarType>(scalar_type));
    TORCH_CHECK(tensor.nbytes() == bytes, "shape ", tensor.sizes(), " needs ", tensor.nbytes(), " bytes, got ", bytes);
    if (bytes > 0) std::memcpy(tensor.data_ptr(), data, bytes);
    *out = owned(tensor);
  });
}

static ct_status tensor_copy_out(ct_tensor tensor, void *data, size_t bytes) {
  return guarded("tensor to data", [&] {
    at::Tensor source = tensor->value.detach().to(at::kCPU).contiguous();
    TORCH_CHECK(source.nbytes() == bytes, "tensor has ", source.nbytes(), " bytes, expected ", bytes);
    if (bytes > 0) std::memcpy(data, source.data_ptr(), bytes);
  });
}

static ct_status tensor_share(ct_tensor tensor, ct_tensor *out) {
  return guarded("share tensor", [&] { *out = owned(tensor->value); });
}

static ct_status tensor_info(ct_tensor tensor, ct_tensor_info *out) {
  return guarded("tensor", [&] {
    const at::Tensor &value = tensor->value;
    TORCH_CHECK(value.defined(), "undefined");
    TORCH_CHECK(value.dim() <= CT_MAXIMUM_RANK, "rank ", value.dim(), " is more than ", CT_MAXIMUM_RANK);
    out->rank = static_cast<int32_t>(value.dim());
    out->scalar_type = static_cast<int32_t>(value.scalar_type());
    out->device = value.is_cuda() ? CT_CUDA : value.is_meta() ? CT_META : CT_CPU;
    out->device_index = value.is_cuda() ? value.device().index() : 0;
    out->requires_gradient = value.requires_grad();
    for (int32_t i = 0; i < out->rank; ++i) out->shape[i] = value.size(i);
  });
}

static void tensor_free(ct_tensor tensor) { delete tensor; }

static ct_status backward(ct_tensor loss) {
  return guarded("backward", [&] { loss->value.backward(); });
}

static ct_status gradient(ct_tensor tensor, ct_tensor *out) {
  return guarded("gradient", [&] {
    const at::Tensor &value = tensor->value.grad();
    *out = value.defined() ? owned(value) : nullptr;
  });
}

static ct_status clear_gradient(ct_tensor tensor) {
  return guarded("clear gradient", [&] { tensor->value.mutable_grad().reset(); });
}

static ct_status set_requires_gradient(ct_tensor tensor, bool value) {
  return guarded("requires gradient", [&] { tensor->value.requires_grad_(value); });
}

static ct_status generator_create(uint64_t seed, ct_generator *out) {
  return guarded("generator", [&] { *out = new ct_generator_s{at::detail::createCPUGenerator(seed)}; });
}

static ct_status generator_seed(ct_generator generator, uint64_t seed) {
  return guarded("generator", [&] {
    std::lock_guard<std::mutex> lock(generator->value.mutex());
    generator->value.set_current_seed(seed);
  });
}

static void generator_free(ct_generator generator) { delete generator; }

static void set_threads(int32_t count) { at::set_num_threads(count); }
static int32_t threads() { return at::get_num_threads(); }

static int32_t cuda_device_count() {
  return at::globalContext().hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().deviceCount()) : 0;
}

static ct_status synchronize(int32_t device) {
  return guarded("synchronize", [&] {
    if (device == CT_CUDA) at::detail::getCUDAHooks().deviceSynchronize(at::detail::getCUDAHooks().getCurrentDevice());
  });
}

static void keep_memory(void) {
  // Activations of one step are freed and asked for again in the next: without this each is a fresh mapping of zero pages,
  // which took up to four fifths of a large layer's time.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT32_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
}

const void *ct_engine_api(void) {
  static const ct_api api = {
      .version = CT_API_VERSION,
      .last_error = last_error,
      .last_failure = last_failure,
      .libtorch_version = libtorch_version,
      .tensor_from_data = tensor_from_data,
      .tensor_copy_out = tensor_copy_out,
      .tensor_share = tensor_share,
      .tensor_info = tensor_info,
      .tensor_free = tensor_free,
      .operator_find = operator_find,
      .operator_call = operator_call,
      .backward = backward,
      .gradient = gradient,
      .clear_gradient = clear_gradient,
      .set_requires_gradient = set_requires_gradient,
      .checkpoint = checkpoint,
      .scope_enter = scope_enter,
      .scope_leave = scope_leave,
      .generator_create = generator_create,
      .generator_seed = generator_seed,
      .generator_free = generator_free,
      .mapping_open = mapping_open,
      .mapping_tensor = mapping_tensor,
      .mapping_free = mapping_free,
      .archive_open = archive_open,
      .archive_record_size = archive_record_size,
      .archive_record_read = archive_record_read,
      .archive_free = archive_free,
      .set_threads = set_threads,
      .threads = threads,
      .cuda_device_count = cuda_device_count,
      .synchronize = synchronize,
      .keep_memory = keep_memory,
  };
  return &api;
}
