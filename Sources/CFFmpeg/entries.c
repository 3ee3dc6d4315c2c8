// The entries of CFFmpeg.h: each loads the engine if none did, and passes the call on.
#include <CEngines.h>
#include <pthread.h>
#include <stdio.h>

#include "Table.h"

// Present when the program links CFFmpegEngine itself, as the fuzzer does.
extern const void *cff_engine_api(void) __attribute__((weak));

static const cff_api *engine;
static char reason[CFF_MESSAGE];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  const ce_engine wanted = {"FFmpeg", "CFFmpegEngine", "cff_engine_api", cff_engine_api, CFF_API_VERSION};
  engine = ce_load(&wanted, NULL, reason, sizeof reason);
}

static int is_loaded(char *message) {
  pthread_once(&once, load);
  if (engine) return 1;
  snprintf(message, CFF_MESSAGE, "%s", reason);
  return 0;
}

static int has_engine(cff_clip **out, char *message) {
  *out = NULL;
  return is_loaded(message);
}

cff_status cff_open_file(
    const char *path, const cff_limits *limits, cff_clip **out, cff_info *info, char *message) {
  return has_engine(out, message) ? engine->open_file(path, limits, out, info, message) : CFF_NOT_LOADED;
}

cff_status cff_open_bytes(
    const uint8_t *bytes, size_t count, const cff_limits *limits, cff_clip **out, cff_info *info, char *message) {
  return has_engine(out, message) ? engine->open_bytes(bytes, count, limits, out, info, message) : CFF_NOT_LOADED;
}

cff_status cff_open_reader(
    cff_read read, void *context, int64_t count, const cff_limits *limits, cff_clip **out, cff_info *info,
    char *message) {
  if (!has_engine(out, message)) return CFF_NOT_LOADED;
  return engine->open_reader(read, context, count, limits, out, info, message);
}

// Whoever holds a clip has loaded the engine.
cff_status cff_next(cff_clip *clip, cff_frame *frame, char *message) { return engine->next(clip, frame, message); }

cff_status cff_rgb(cff_clip *clip, uint8_t *pixels, size_t capacity, char *message) {
  return engine->rgb(clip, pixels, capacity, message);
}

int64_t cff_errors(const cff_clip *clip, char *message) { return engine->errors(clip, message); }

void cff_close(cff_clip *clip) {
  if (clip) engine->close(clip);
}

cff_status cff_create(const char *path, int32_t width, int32_t height, cff_writer **out, char *message) {
  *out = NULL;
  return is_loaded(message) ? engine->create(path, width, height, out, message) : CFF_NOT_LOADED;
}

cff_status cff_add(cff_writer *writer, const uint8_t *pixels, size_t count, int64_t microseconds, char *message) {
  return engine->add(writer, pixels, count, microseconds, message);
}

cff_status cff_finish(cff_writer *writer, char *message) { return engine->finish(writer, message); }

void cff_discard(cff_writer *writer) {
  if (writer) engine->discard(writer);
}
