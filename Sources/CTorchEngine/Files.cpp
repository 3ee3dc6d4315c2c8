// Memory-mapped files whose tensors keep the mapping alive, and records of PyTorch's zip archives.
#include "Guard.h"

#include <caffe2/serialize/inline_container.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {
struct Mapping {
  uint8_t *bytes = nullptr;
  size_t size = 0;

  explicit Mapping(const char *path) {
    int file = ::open(path, O_RDONLY | O_CLOEXEC);
    TORCH_CHECK(file >= 0, path, ": ", std::strerror(errno));
    struct stat status {};
    int failed = ::fstat(file, &status);
    size = failed ? 0 : static_cast<size_t>(status.st_size);
    // Private and writable: a tensor of the file may be changed in memory without touching the file.
    void *address = size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    ::close(file);
    TORCH_CHECK(size > 0, path, ": the file is empty");
    TORCH_CHECK(address != MAP_FAILED, path, ": cannot be mapped: ", std::strerror(errno));
    bytes = static_cast<uint8_t *>(address);
  }
  ~Mapping() {
    if (bytes != nullptr) ::munmap(bytes, size);
  }
  Mapping(const Mapping &) = delete;
  Mapping &operator=(const Mapping &) = delete;
};
}  // namespace

struct ct_mapping_s {
  std::shared_ptr<Mapping> shared;
};

ct_status mapping_open(const char *path, ct_mapping *out, const uint8_t **bytes, size_t *size) {
  return guarded("map file", [&] {
    auto mapping = std::make_shared<Mapping>(path);
    *bytes = mapping->bytes;
    *size = mapping->size;
    *out = new ct_mapping_s{std::move(mapping)};
  });
}

ct_status mapping_tensor(
    ct_mapping mapping, size_t offset, const int64_t *shape, int32_t rank, int32_t scalar_type, ct_tensor *out) {
  return guarded("tensor of mapped file", [&] {
    auto type = static_cast<at::ScalarType>(scalar_type);
    at::IntArrayRef sizes(shape, rank);
    size_t bytes = c10::elementSize(type);
    for (int64_t extent : sizes) {
      TORCH_CHECK(extent >= 0 && !__builtin_mul_overflow(bytes, static_cast<size_t>(extent), &bytes), "bad shape");
    }
    auto shared = mapping->shared;
    TORCH_CHECK(offset <= shared->size && bytes <= shared->size - offset, "reaches beyond the file's end");
    uint8_t *start = shared->bytes + offset;
    // A tensor needs its scalars aligned; where the file does not align them, copy.
    if (reinterpret_cast<uintptr_t>(start) % c10::elementSize(type) != 0) {
      at::Tensor copy = at::empty(sizes, type);
      std::memcpy(copy.data_ptr(), start, bytes);
      *out = owned(copy);
    } else {
      *out = owned(at::from_blob(start, sizes, [shared](void *) {}, at::TensorOptions(type)));
    }
  });
}

void mapping_free(ct_mapping mapping) { delete mapping; }

struct ct_archive_s {
  caffe2::serialize::PyTorchStreamReader reader;
};

ct_status archive_open(const char *path, ct_archive *out) {
  return guarded("open archive", [&] { *out = new ct_archive_s{caffe2::serialize::PyTorchStreamReader(std::string(path))}; });
}

ct_status archive_record_size(ct_archive archive, const char *name, size_t *size) {
  return guarded("archive record", [&] {
    TORCH_CHECK(archive->reader.hasRecord(name), "no record ", name);
    *size = archive->reader.getRecordSize(name);
  });
}

ct_status archive_record_read(ct_archive archive, const char *name, void *data, size_t size) {
  return guarded("archive record", [&] { archive->reader.getRecord(name, data, size); });
}

void archive_free(ct_archive archive) { delete archive; }
