// The entries of COCR.h: the first reader loads the engine, later calls are passed on.
#include <CEngines.h>
#include <pthread.h>
#include <stdio.h>

#include "Table.h"

static const cocr_api *engine;
static char reason[COCR_MESSAGE];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  const ce_engine wanted = {"Tesseract", "COCREngine", "cocr_engine_api", NULL, COCR_API_VERSION};
  engine = ce_load(&wanted, NULL, reason, sizeof reason);
}

cocr_status cocr_open(const char *languages, const char *folder, cocr_reader **out, char *message) {
  pthread_once(&once, load);
  if (engine) return engine->open(languages, folder, out, message);
  *out = NULL;
  snprintf(message, COCR_MESSAGE, "%s", reason);
  return COCR_NOT_LOADED;
}

// Whoever holds a reader has loaded the engine.
cocr_status cocr_read(cocr_reader *reader, const uint8_t *pixels, size_t count, int32_t width, int32_t height,
                      int32_t channels, cocr_mode mode, cocr_words **out, char *message) {
  return engine->read(reader, pixels, count, width, height, channels, mode, out, message);
}

void cocr_free(cocr_words *words) {
  if (words) engine->free(words);
}

void cocr_close(cocr_reader *reader) {
  if (reader) engine->close(reader);
}
