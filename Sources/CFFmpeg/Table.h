// The entries of CFFmpeg.h as CFFmpegEngine gives them, one for one.
#ifndef CFFMPEG_TABLE_H
#define CFFMPEG_TABLE_H

#include "include/CFFmpeg.h"

// Raised with every change of the table or of a type in CFFmpeg.h.
enum { CFF_API_VERSION = 3 };

typedef struct {
  int32_t version;
  cff_status (*open_file)(
      const char *path, const cff_limits *limits, cff_clip **out, cff_info *info, char *message);
  cff_status (*open_bytes)(
      const uint8_t *bytes, size_t count, const cff_limits *limits, cff_clip **out, cff_info *info, char *message);
  cff_status (*open_reader)(
      cff_read read, void *context, int64_t count, const cff_limits *limits, cff_clip **out, cff_info *info,
      char *message);
  cff_status (*next)(cff_clip *clip, cff_frame *frame, char *message);
  cff_status (*rgb)(cff_clip *clip, uint8_t *pixels, size_t capacity, char *message);
  int64_t (*errors)(const cff_clip *clip, char *message);
  void (*close)(cff_clip *clip);
  cff_status (*create)(const char *path, int32_t width, int32_t height, cff_writer **out, char *message);
  cff_status (*add)(cff_writer *writer, const uint8_t *pixels, size_t count, int64_t microseconds, char *message);
  cff_status (*finish)(cff_writer *writer, char *message);
  void (*discard)(cff_writer *writer);
} cff_api;

#endif
