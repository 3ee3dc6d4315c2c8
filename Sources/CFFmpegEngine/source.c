// The bytes of a clip: a regular file, a block of memory or what a reader gives, read through callbacks until a deadline.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "Clip.h"

double cff_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

cff_status cff_source_open(cff_source *source, const char *path, int64_t limit, char *message) {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  source->file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat facts;
  if (source->file < 0 || fstat(source->file, &facts) != 0) return cff_fail(CFF_UNREADABLE, message, strerror(errno));
  if (!S_ISREG(facts.st_mode)) return cff_fail(CFF_NOT_A_FILE, message, "not a file");
  source->size = facts.st_size;
  if (source->size == 0) return cff_fail(CFF_EMPTY, message, "an empty file");
  if (source->size > limit) {
    snprintf(message, CFF_MESSAGE, "%lld", (long long)source->size);
    return CFF_FILE_TOO_LARGE;
  }
  return CFF_OK;
}

int cff_source_peek(cff_source *source, int64_t at, uint8_t *to, int wanted) {
  if (at < 0 || at >= source->size || wanted <= 0) return 0;
  if (wanted > source->size - at) wanted = (int)(source->size - at);
  if (source->read) {
    int got = source->read(source->context, at, to, wanted);
    if (got < 0) source->failed = -got;
    return got < 0 || got > wanted ? 0 : got;
  }
  if (source->file < 0) {
    memcpy(to, source->bytes + at, (size_t)wanted);
    return wanted;
  }
  int done = 0;
  while (done < wanted) {
    ssize_t got = pread(source->file, to + done, (size_t)(wanted - done), at + done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) source->failed = errno;
    if (got <= 0) break;
    done += (int)got;
  }
  return done;
}

int cff_source_read(void *opaque, uint8_t *to, int wanted) {
  cff_source *source = opaque;
  if (cff_now() > source->deadline) {
    source->late = 1;
    return AVERROR_EXIT;
  }
  int got = cff_source_peek(source, source->at, to, wanted);
  if (got <= 0) return source->failed ? AVERROR(source->failed) : AVERROR_EOF;
  source->at += got;
  return got;
}

int64_t cff_source_seek(void *opaque, int64_t offset, int whence) {
  cff_source *source = opaque;
  whence &= ~AVSEEK_FORCE;
  if (whence == AVSEEK_SIZE) return source->size;
  int64_t base = whence == SEEK_CUR ? source->at : whence == SEEK_END ? source->size : 0;
  if (offset > INT64_MAX / 2 || offset < INT64_MIN / 2 || base + offset < 0) return AVERROR(EINVAL);
  source->at = base + offset;
  return source->at;
}
