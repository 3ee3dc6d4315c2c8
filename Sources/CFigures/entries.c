// The entries of CFigures.h: the first page loads the engine.
#include <CEngines.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "Table.h"

static const cfg_api *engine;
static char reason[CFG_MESSAGE];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  const ce_engine wanted = {"librsvg", "CFiguresEngine", "cfg_engine_api", NULL, CFG_API_VERSION};
  engine = ce_load(&wanted, NULL, reason, sizeof reason);
}

cfg_status cfg_pdf(const char *svg, size_t length, double width, double height, uint8_t **pdf, size_t *size,
                   char message[CFG_MESSAGE]) {
  pthread_once(&once, load);
  if (engine) return engine->pdf(svg, length, width, height, pdf, size, message);
  *pdf = NULL;
  *size = 0;
  snprintf(message, CFG_MESSAGE, "%s", reason);
  return CFG_NOT_LOADED;
}

void cfg_free(uint8_t *bytes) { free(bytes); }
