// Shared by the shims: writing a message, and turning what is thrown into a status.
#pragma once
#include "CDCMTK.h"

#include <cstdio>
#include <exception>
#include <new>

static inline cd_status fail(cd_status status, char *message, const char *text) noexcept {
  if (message) std::snprintf(message, CD_MESSAGE, "%s", text);
  return status;
}

template <class Body>
cd_status guarded(char *message, Body &&body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return fail(CD_NO_MEMORY, message, "out of memory");
  } catch (const std::exception &error) {
    return fail(CD_CORRUPT, message, error.what());
  } catch (...) {
    return fail(CD_CORRUPT, message, "the decoder gave up without a reason");
  }
}

// The bytes of a decoded picture; 0 where they cannot be counted.
static inline size_t bytes_of(const cd_picture &picture) noexcept {
  size_t bytes = 0;
  if (picture.components < 1 || picture.components > 4) return 0;
  if (picture.bytes_per_sample != 1 && picture.bytes_per_sample != 2 && picture.bytes_per_sample != 4) return 0;
  if (__builtin_mul_overflow((size_t)picture.width, (size_t)picture.height, &bytes)) return 0;
  if (__builtin_mul_overflow(bytes, (size_t)(picture.components * picture.bytes_per_sample), &bytes)) return 0;
  return bytes;
}
