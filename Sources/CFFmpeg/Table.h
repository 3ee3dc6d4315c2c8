// The entries of CFFmpeg.h as CFFmpegEngine gives them, one for one.
#ifndef CFFMPEG_TABLE_H
#define CFFMPEG_TABLE_H

#include "include/CFFmpeg.h"

// Raised with every change of the table or of a type in CFFmpeg.h.
enum { CFF_API_VERSION = 2 };

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
} cff_api;

#endif
