#include <CEngines.h>

#include "CTorch.h"

// Present when the program links CTorchEngine itself, as the compute executable does.
extern const void *ct_engine_api(void) __attribute__((weak));

const ct_api *ct_load(const char *folder, char *message, size_t capacity) {
  const ce_engine engine = {"libtorch", "CTorchEngine", "ct_engine_api", ct_engine_api, CT_API_VERSION};
  return ce_load(&engine, folder, message, capacity);
}
