// Which container a clip is, told from its bytes, and whether it is whole by its own account.
#include <string.h>

#include "Clip.h"

static const cff_container containers[] = {
    {"mov", 0, 1},        {"avi", 0, 1},  {"matroska", 0, 1},   {"gif", 0, 1}, {"mpeg", 1, 1},
    {"mpegts", 1, 1},     {"mpegvideo", 1, 0}, {"h264", 1, 0},  {"hevc", 1, 0},
};

static const cff_container *named(const char *name) {
  for (size_t i = 0; i < sizeof containers / sizeof *containers; i++) {
    if (strcmp(containers[i].demuxer, name) == 0) return &containers[i];
  }
  return NULL;
}

static int begins(const uint8_t *head, const char *text, size_t count) { return memcmp(head, text, count) == 0; }

static uint64_t big_endian(const uint8_t *at, int count) {
  uint64_t value = 0;
  for (int i = 0; i < count; i++) value = value << 8 | at[i];
  return value;
}

static uint64_t little_endian(const uint8_t *at) {
  return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
}

// The first box of an ISO base media or QuickTime file; old ones have no `ftyp`.
static int is_movie_box(const uint8_t *type) {
  static const char *const types[] = {"ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (begins(type, types[i], 4)) return 1;
  }
  return 0;
}

// An elementary stream of H.264 or HEVC begins with a parameter set or a delimiter.
static const char *bare_stream(const uint8_t *unit) {
  int h264 = unit[0] & 0x1f;
  if ((unit[0] & 0x80) == 0 && (h264 == 7 || (unit[0] == 9 && (unit[1] & 0x1f) == 0x10))) return "h264";
  int hevc = unit[0] >> 1;
  if (unit[1] == 1 && (unit[0] & 0x81) == 0 && (hevc == 32 || hevc == 33 || hevc == 35)) return "hevc";
  return NULL;
}

static const char *started(const uint8_t *head) {
  const uint8_t *code = head[2] == 1 ? head + 3 : head + 4;
  switch (*code) {
    case 0xba: return "mpeg";
    case 0xb3: return "mpegvideo";
    default: return bare_stream(code);
  }
}

const cff_container *cff_container_of(cff_source *source) {
  uint8_t head[16] = {0};
  if (cff_source_peek(source, 0, head, sizeof head) < 12) return NULL;
  if (begins(head, "GIF87a", 6) || begins(head, "GIF89a", 6)) return named("gif");
  if (begins(head, "RIFF", 4) && begins(head + 8, "AVI", 3)) return named("avi");
  if (begins(head, "\x1a\x45\xdf\xa3", 4)) return named("matroska");
  if (is_movie_box(head + 4)) return named("mov");
  if (begins(head, "\0\0\1", 3) || begins(head, "\0\0\0\1", 4)) {
    const char *name = started(head);
    return name ? named(name) : NULL;
  }
  if (head[0] == 0x47) {
    uint8_t mark = 0;
    for (int64_t packet = 1; packet <= 3; packet++) {
      if (cff_source_peek(source, 188 * packet, &mark, 1) != 1) return packet > 1 ? named("mpegts") : NULL;
      if (mark != 0x47) return NULL;
    }
    return named("mpegts");
  }
  return NULL;
}

static int cut(const cff_source *source, const char *part, uint64_t declared, char *message) {
  if (declared <= (uint64_t)source->size) return 0;
  snprintf(message, CFF_MESSAGE, "its %s reaches to byte %llu, the file ends at byte %lld", part,
           (unsigned long long)declared, (long long)source->size);
  return 1;
}

static int movie_ends_early(cff_source *source, char *message) {
  uint8_t box[16];
  int64_t at = 0;
  // A movie has few boxes at its top; fragments of a stream may be many.
  for (int count = 0; count < 1 << 20 && at < source->size; count++) {
    int got = cff_source_peek(source, at, box, sizeof box);
    if (got < 8) return 0;  // a few bytes of filling behind the last box
    uint64_t length = big_endian(box, 4);
    if (length == 0) return 0;  // to the end of the file
    if (length == 1) {
      if (got < 16) return cut(source, "last box", (uint64_t)at + 16, message);
      length = big_endian(box + 8, 8);
    }
    if (length < 8) return 0;
    if (length > (uint64_t)INT64_MAX - (uint64_t)at) length = (uint64_t)INT64_MAX - (uint64_t)at;
    if (cut(source, begins(box + 4, "mdat", 4) ? "media data" : "last box", (uint64_t)at + length, message)) return 1;
    at += (int64_t)length;
  }
  return 0;
}

// The length of an EBML element's header at `at`, and of its content (UINT64_MAX where unknown); 0 where there is none.
static int element(cff_source *source, int64_t at, uint64_t *content) {
  uint8_t bytes[12];
  int got = cff_source_peek(source, at, bytes, sizeof bytes);
  int id = 1;
  while (id <= 4 && got > 0 && !(bytes[0] & (0x80 >> (id - 1)))) id++;
  if (id > 4 || got <= id) return 0;
  int size = 1;
  while (size <= 8 && !(bytes[id] & (0x80 >> (size - 1)))) size++;
  if (size > 8 || got < id + size) return 0;
  uint64_t mask = ((uint64_t)1 << (7 * size)) - 1;
  *content = big_endian(bytes + id, size) & mask;
  if (*content == mask) *content = UINT64_MAX;
  return id + size;
}

static int matroska_ends_early(cff_source *source, char *message) {
  uint64_t header = 0, segment = 0;
  int first = element(source, 0, &header);
  if (!first || header > (uint64_t)source->size) return 0;
  int64_t at = first + (int64_t)header;
  int second = element(source, at, &segment);
  if (!second || segment == UINT64_MAX || segment > (uint64_t)INT64_MAX / 2) return 0;
  return cut(source, "segment", (uint64_t)at + (uint64_t)second + segment, message);
}

static int avi_ends_early(cff_source *source, char *message) {
  uint8_t head[8];
  if (cff_source_peek(source, 0, head, sizeof head) < 8) return 0;
  // Some writers count the chunk's own eight bytes in.
  return cut(source, "RIFF chunk", little_endian(head + 4), message);
}

static int gif_ends_early(cff_source *source, char *message) {
  uint8_t tail[64];
  int got = cff_source_peek(source, source->size > 64 ? source->size - 64 : 0, tail, sizeof tail);
  // The end of the last block and the mark; some writers put more behind.
  for (int at = 1; at < got; at++) {
    if (tail[at - 1] == 0 && tail[at] == 0x3b) return 0;
  }
  snprintf(message, CFF_MESSAGE, "its end mark is missing");
  return 1;
}

int cff_ends_early(cff_source *source, const cff_container *container, char *message) {
  if (strcmp(container->demuxer, "mov") == 0) return movie_ends_early(source, message);
  if (strcmp(container->demuxer, "matroska") == 0) return matroska_ends_early(source, message);
  if (strcmp(container->demuxer, "avi") == 0) return avi_ends_early(source, message);
  if (strcmp(container->demuxer, "gif") == 0) return gif_ends_early(source, message);
  return 0;
}
