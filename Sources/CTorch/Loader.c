#define _GNU_SOURCE
#include "CTorch.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef const void *(*ct_engine_entry)(void);

// Present when the program links CTorchEngine itself, as the compute executable does.
extern const void *ct_engine_api(void) __attribute__((weak));

static const ct_api *checked(ct_engine_entry entry, char *message, size_t capacity) {
  const ct_api *api = entry();
  if (api->version == CT_API_VERSION) return api;
  snprintf(message, capacity, "libCTorchEngine.so has interface version %d, expected %d: rebuild it", api->version, CT_API_VERSION);
  return NULL;
}

static bool folder_of_program(char *folder, size_t capacity) {
  ssize_t length = readlink("/proc/self/exe", folder, capacity - 1);
  if (length <= 0) return false;
  folder[length] = 0;
  char *slash = strrchr(folder, '/');
  if (slash == NULL) return false;
  *slash = 0;
  return true;
}

const ct_api *ct_load(const char *folder, char *message, size_t capacity) {
  if (ct_engine_api != NULL) return checked(ct_engine_api, message, capacity);
  char here[PATH_MAX];
  if (folder == NULL && folder_of_program(here, sizeof here)) folder = here;
  char path[PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/libCTorchEngine.so", folder == NULL ? "." : folder);
  // Threads of a parallel operator that wait for each other spin only briefly, then sleep: on cores that other work shares (our
  // own loading of the next batch, too), long spinning made a step several times slower. Read by libgomp when it is loaded.
  setenv("GOMP_SPINCOUNT", "10000", 0);
  void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(message, capacity, "libtorch could not be loaded (%s)", dlerror());
    return NULL;
  }
  ct_engine_entry entry = (ct_engine_entry)dlsym(library, "ct_engine_api");
  if (entry == NULL) {
    snprintf(message, capacity, "%s is not Insonate's libtorch engine", path);
    return NULL;
  }
  return checked(entry, message, capacity);
}
