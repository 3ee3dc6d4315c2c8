#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>

#include "Guard.h"

namespace {

struct Inflater {
  z_stream stream = {};
  bool ready = false;
  uint8_t *bytes = nullptr;
  size_t count = 0, capacity = 0;

  ~Inflater() {
    if (ready) inflateEnd(&stream);
    std::free(bytes);
  }

  bool grow(size_t limit) {
    size_t wanted = std::min(limit, std::max<size_t>(capacity * 2, 1 << 16));
    if (wanted <= capacity) return false;
    auto *grown = static_cast<uint8_t *>(std::realloc(bytes, wanted));
    if (!grown) throw std::bad_alloc();
    bytes = grown;
    capacity = wanted;
    return true;
  }
};

}  // namespace

extern "C" cd_status cd_inflate(
    const uint8_t *data, size_t count, size_t limit, uint8_t **out, size_t *out_count, char *message) {
  *out = nullptr;
  *out_count = 0;
  return guarded(message, [&]() -> cd_status {
    Inflater inflater;
    z_stream &stream = inflater.stream;
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    inflater.ready = true;
    size_t given = 0;
    while (true) {
      if (inflater.count == inflater.capacity && !inflater.grow(limit)) {
        return fail(CD_NO_MEMORY, message, "the deflated data set is larger than the limit");
      }
      const size_t most = std::numeric_limits<uInt>::max();
      uInt input = (uInt)std::min(count - given, most), room = (uInt)std::min(inflater.capacity - inflater.count, most);
      stream.next_in = const_cast<Bytef *>(data + given);
      stream.avail_in = input;
      stream.next_out = inflater.bytes + inflater.count;
      stream.avail_out = room;
      int status = inflate(&stream, Z_NO_FLUSH);
      given += input - stream.avail_in;
      inflater.count += room - stream.avail_out;
      if (status == Z_STREAM_END) break;
      if (status == Z_BUF_ERROR || (status == Z_OK && given == count && stream.avail_out > 0)) {
        return fail(CD_TRUNCATED, message, "the deflated data set ends early");
      }
      if (status != Z_OK) return fail(CD_CORRUPT, message, stream.msg ? stream.msg : "not a deflate stream");
    }
    *out = inflater.bytes;
    *out_count = inflater.count;
    inflater.bytes = nullptr;
    return CD_OK;
  });
}

extern "C" cd_status cd_deflate(
    const uint8_t *data, size_t count, uint8_t **out, size_t *out_count, char *message) {
  *out = nullptr;
  *out_count = 0;
  return guarded(message, [&]() -> cd_status {
    if (count > std::numeric_limits<uInt>::max() / 2) {
      return fail(CD_NO_MEMORY, message, "too large to be deflated");
    }
    z_stream stream = {};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
    const uLong capacity = deflateBound(&stream, (uLong)count);
    auto *bytes = static_cast<uint8_t *>(std::malloc(capacity));
    if (!bytes) {
      deflateEnd(&stream);
      throw std::bad_alloc();
    }
    stream.next_in = const_cast<Bytef *>(data);
    stream.avail_in = (uInt)count;
    stream.next_out = bytes;
    stream.avail_out = (uInt)capacity;
    const int status = deflate(&stream, Z_FINISH);
    const size_t written = stream.total_out;
    deflateEnd(&stream);
    if (status != Z_STREAM_END) {
      std::free(bytes);
      return fail(CD_CORRUPT, message, "the data set could not be deflated");
    }
    *out = bytes;
    *out_count = written;
    return CD_OK;
  });
}

extern "C" void cd_free(void *bytes) { std::free(bytes); }
