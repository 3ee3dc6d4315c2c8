// What the engine's files share.
#ifndef CFFMPEG_CLIP_H
#define CFFMPEG_CLIP_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
#include <stdio.h>

#include "../CFFmpeg/Table.h"

// The one file, block of bytes or reader, and until when a step may read from it.
typedef struct {
  int file;  // -1 where there is none
  const uint8_t *bytes;
  cff_read read;  // where there are neither file nor bytes
  void *context;
  int64_t size, at;
  double deadline;  // on the monotonic clock, in seconds
  int late, failed;
} cff_source;

// One container that is read.
typedef struct {
  const char *demuxer;
  int headerless;  // streams are found on the way, not declared at the start
  int has_times;
} cff_container;

struct cff_clip {
  cff_source source;
  cff_limits limits;
  AVFormatContext *format;
  AVCodecContext *decoder;
  struct SwsContext *scaler;
  AVPacket *packet;
  AVFrame *frame;
  int stream, draining, ready;
  int64_t given, errors;
  char first_error[CFF_MESSAGE];
  // The picture the scaler writes, with room at the end of each row, and what the scaler was made for.
  uint8_t *picture;
  int picture_stride, scaler_format, scaler_space, scaler_range;
};

static inline cff_status cff_fail(cff_status status, char *message, const char *text) {
  if (message && message != text) snprintf(message, CFF_MESSAGE, "%s", text);
  return status;
}

double cff_now(void);
cff_status cff_source_open(cff_source *source, const char *path, int64_t limit, char *message);
int cff_source_read(void *source, uint8_t *to, int wanted);
int64_t cff_source_seek(void *source, int64_t offset, int whence);
// Reads `wanted` bytes at `at`; returns how many there were.
int cff_source_peek(cff_source *source, int64_t at, uint8_t *to, int wanted);

// NULL where the first bytes belong to no container that is read.
const cff_container *cff_container_of(cff_source *source);
// Whether the container's own lengths reach beyond the file's end, or its end mark is missing; says so in `message`.
int cff_ends_early(cff_source *source, const cff_container *container, char *message);

extern const char cff_decoders[];
// What the libraries reported last on this thread, or `otherwise` where they reported nothing since the last call.
const char *cff_report(const char *otherwise);
void cff_listen(void);

cff_status cff_describe(cff_clip *clip, const cff_container *container, cff_info *info, char *message);
// Decodes up to the next frame into clip->frame.
cff_status cff_advance(cff_clip *clip, char *message);
// Counts damage; returns `status` where there is more than the limits allow, else CFF_OK.
cff_status cff_damage(cff_clip *clip, cff_status status, const char *text, char *message);

// The entries of the table. Not named as in CFFmpeg.h, whose functions call them.
cff_status clip_open_file(
    const char *path, const cff_limits *limits, cff_clip **out, cff_info *info, char *message);
cff_status clip_open_bytes(
    const uint8_t *bytes, size_t count, const cff_limits *limits, cff_clip **out, cff_info *info, char *message);
cff_status clip_open_reader(
    cff_read read, void *context, int64_t count, const cff_limits *limits, cff_clip **out, cff_info *info,
    char *message);
cff_status clip_next(cff_clip *clip, cff_frame *frame, char *message);
cff_status clip_rgb(cff_clip *clip, uint8_t *pixels, size_t capacity, char *message);
int64_t clip_errors(const cff_clip *clip, char *message);
void clip_close(cff_clip *clip);
cff_status writer_open(const char *path, int32_t width, int32_t height, cff_writer **out, char *message);
cff_status writer_add(cff_writer *writer, const uint8_t *pixels, size_t count, int64_t microseconds, char *message);
cff_status writer_finish(cff_writer *writer, char *message);
void writer_close(cff_writer *writer);

#endif
