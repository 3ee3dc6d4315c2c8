#define _GNU_SOURCE
#include "CEngines.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const void *checked(const ce_engine *engine, ce_entry entry, char *message, size_t capacity) {
  const int32_t *version = entry();
  if (*version == engine->version) return version;
  snprintf(message, capacity, "lib%s.so has interface version %d, expected %d: rebuild it", engine->name, *version, engine->version);
  return NULL;
}

static const char *folder_of_program(char *folder, size_t capacity) {
  ssize_t length = readlink("/proc/self/exe", folder, capacity - 1);
  if (length <= 0) return NULL;
  folder[length] = 0;
  char *slash = strrchr(folder, '/');
  if (slash == NULL) return NULL;
  *slash = 0;
  return folder;
}

const void *ce_load(const ce_engine *engine, const char *folder, char *message, size_t capacity) {
  if (engine->linked != NULL) return checked(engine, engine->linked, message, capacity);
  char here[PATH_MAX];
  if (folder == NULL) folder = folder_of_program(here, sizeof here);
  if (folder == NULL) {
    snprintf(message, capacity, "%s could not be loaded (the program's folder is not known)", engine->holds);
    return NULL;
  }
  char path[PATH_MAX + 64];
  snprintf(path, sizeof path, "%s/lib%s.so", folder, engine->name);
  // Threads of a parallel operator that wait for each other spin only briefly, then sleep: on cores that other work shares (our
  // own loading of the next batch, too), long spinning made a step several times slower. Read by libgomp when it is loaded, which
  // both libtorch and FFmpeg's libraries do.
  setenv("GOMP_SPINCOUNT", "10000", 0);
  void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(message, capacity, "%s could not be loaded (%s)", engine->holds, dlerror());
    return NULL;
  }
  ce_entry entry = (ce_entry)dlsym(library, engine->symbol);
  if (entry == NULL) {
    snprintf(message, capacity, "%s is not Insonate's engine over %s", path, engine->holds);
    return NULL;
  }
  return checked(engine, entry, message, capacity);
}
