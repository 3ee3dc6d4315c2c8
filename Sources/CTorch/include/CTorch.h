// CTorch: the plain C face of libtorch. This header holds a table of guarded functions; CTorchEngine (the only C++ that sees
// at::Tensor) fills it. The table is found at run time, so a command that needs no tensors starts without loading
// libtorch's 400 MB, and a program that links CTorchEngine directly carries it in one executable.
#ifndef INSONATE_CTORCH_H
#define INSONATE_CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Handles are owned by whoever received them (+1) and given back to the matching `free`.
typedef struct ct_tensor_s *ct_tensor;
typedef struct ct_generator_s *ct_generator;
typedef struct ct_scope_s *ct_scope;
typedef struct ct_mapping_s *ct_mapping;
typedef struct ct_archive_s *ct_archive;
// Lives as long as the process; never freed.
typedef const struct ct_operator_s *ct_operator;

// 0: done. 1: failed, `last_error()` of the same thread says why.
typedef int32_t ct_status;

// Numbers of c10::ScalarType.
enum {
  CT_UINT8 = 0, CT_INT8 = 1, CT_INT16 = 2, CT_INT32 = 3, CT_INT64 = 4, CT_FLOAT16 = 5, CT_FLOAT32 = 6, CT_FLOAT64 = 7,
  CT_BOOL8 = 11, CT_BFLOAT16 = 15
};

// Devices. CT_META has shapes and types only: no scalars, no memory, no arithmetic.
enum { CT_CPU = 0, CT_CUDA = 1, CT_META = 2 };

// Numbers of c10::MemoryFormat.
enum { CT_CONTIGUOUS = 0, CT_CHANNELS_LAST = 2, CT_CHANNELS_LAST_3D = 3 };

// What a ct_value holds, and in which field.
enum {
  CT_VALUE_NONE = 0,       // None, for optional arguments
  CT_VALUE_TENSOR = 1,     // pointer: ct_tensor
  CT_VALUE_TENSORS = 2,    // pointer: const ct_tensor *, count
  CT_VALUE_INTEGER = 3,    // integer (also scalar types, memory formats)
  CT_VALUE_NUMBER = 4,     // number
  CT_VALUE_BOOL = 5,       // integer
  CT_VALUE_INTEGERS = 6,   // pointer: const int64_t *, count
  CT_VALUE_NUMBERS = 7,    // pointer: const double *, count
  CT_VALUE_TEXT = 8,       // pointer: const char *
  CT_VALUE_GENERATOR = 9,  // pointer: ct_generator
  CT_VALUE_DEVICE = 10     // integer: CT_CPU, CT_CUDA or CT_META, count: index
};

typedef struct {
  int32_t kind;
  int32_t count;
  int64_t integer;
  double number;
  const void *pointer;
} ct_value;

enum { CT_MAXIMUM_RANK = 8 };

typedef struct {
  int32_t rank;
  int32_t scalar_type;
  int32_t device;
  int32_t device_index;
  bool requires_gradient;
  int64_t shape[CT_MAXIMUM_RANK];
} ct_tensor_info;

enum {
  CT_SCOPE_NO_GRADIENT = 0, CT_SCOPE_INFERENCE = 1, CT_SCOPE_AUTOCAST = 2, CT_SCOPE_GRADIENT = 3, CT_SCOPE_NO_AUTOCAST = 4
};

// A part of a network that is computed again for its gradient instead of keeping what lies between its ends.
typedef struct {
  void *context;
  // Computes the part: `again` is false the first time. Takes over `inputs`; writes at most `capacity` outputs (+1) and
  // their number. On failure leaves in `failure` an object that says why (NULL if none), to be given back to `release`.
  ct_status (*run)(
      void *context, bool again, const ct_tensor *inputs, int32_t count, ct_tensor *outputs, int32_t capacity,
      int32_t *written, void **failure);
  // Gives back `context` or a `failure`; nothing for NULL.
  void (*release)(void *object);
} ct_segment;

enum { CT_SEGMENT_CAPACITY = 64 };

// Raised when a function is added or changed; the loader refuses another number.
enum { CT_API_VERSION = 5 };

typedef struct {
  int32_t version;
  const char *(*last_error)(void);
  // What a segment left in `failure`, where that was the last error of this thread, else NULL. Borrowed until the next.
  void *(*last_failure)(void);
  const char *(*libtorch_version)(void);

  // Tensors. `tensor_from_data` copies `bytes` bytes, which must be shape's product times the scalar's size.
  ct_status (*tensor_from_data)(
      const void *data, size_t bytes, const int64_t *shape, int32_t rank, int32_t scalar_type, ct_tensor *out);
  ct_status (*tensor_copy_out)(ct_tensor tensor, void *data, size_t bytes);
  ct_status (*tensor_share)(ct_tensor tensor, ct_tensor *out);
  ct_status (*tensor_info)(ct_tensor tensor, ct_tensor_info *out);
  void (*tensor_free)(ct_tensor tensor);

  // Operators: every ATen operator by its schema name, through the dispatcher (autograd, autocast and device included).
  // Arguments are in schema order; trailing ones with defaults may be left out. Writes at most `capacity` results.
  ct_status (*operator_find)(const char *name, const char *overload, ct_operator *out);
  ct_status (*operator_call)(
      ct_operator op, const ct_value *arguments, int32_t count, ct_value *results, int32_t capacity, int32_t *written);

  // Gradients. `gradient` gives NULL where there is none yet.
  ct_status (*backward)(ct_tensor loss);
  ct_status (*gradient)(ct_tensor tensor, ct_tensor *out);
  ct_status (*clear_gradient)(ct_tensor tensor);
  ct_status (*set_requires_gradient)(ct_tensor tensor, bool value);
  // Runs a segment without recording; the outputs' gradient runs it again, recording, in the autocast modes of this call,
  // on whatever thread libtorch computes gradients. Takes over the segment's context, also where it fails.
  ct_status (*checkpoint)(
      const ct_segment *segment, const ct_tensor *inputs, int32_t count, ct_tensor *outputs, int32_t capacity,
      int32_t *written);

  // Scopes belong to the calling thread and are left in reverse order of entry.
  ct_status (*scope_enter)(int32_t kind, int32_t device, int32_t scalar_type, ct_scope *out);
  void (*scope_leave)(ct_scope scope);

  ct_status (*generator_create)(uint64_t seed, ct_generator *out);
  ct_status (*generator_seed)(ct_generator generator, uint64_t seed);
  void (*generator_free)(ct_generator generator);

  // Files: a read-only mapping whose tensors keep it alive (copy on write), and PyTorch's zip archives.
  ct_status (*mapping_open)(const char *path, ct_mapping *out, const uint8_t **bytes, size_t *size);
  ct_status (*mapping_tensor)(
      ct_mapping mapping, size_t offset, const int64_t *shape, int32_t rank, int32_t scalar_type, ct_tensor *out);
  void (*mapping_free)(ct_mapping mapping);
  ct_status (*archive_open)(const char *path, ct_archive *out);
  ct_status (*archive_record_size)(ct_archive archive, const char *name, size_t *size);
  ct_status (*archive_record_read)(ct_archive archive, const char *name, void *data, size_t size);
  void (*archive_free)(ct_archive archive);

  // The machine.
  void (*set_threads)(int32_t count);
  int32_t (*threads)(void);
  int32_t (*cuda_device_count)(void);
  ct_status (*synchronize)(int32_t device);
  // From now on the C allocator keeps freed memory for reuse instead of returning each large block to the system.
  void (*keep_memory)(void);
} ct_api;

// The table of the linked or loaded engine, or NULL with a message. `folder` is where libCTorchEngine.so is looked for first
// (NULL: beside the running program). Called once; the caller keeps the result.
const ct_api *ct_load(const char *folder, char *message, size_t message_capacity);

#ifdef __cplusplus
}
#endif
#endif
