// Shared by the shims: writing a message, and the smallest integer helpers.
#ifndef CSTILLS_GUARD_H
#define CSTILLS_GUARD_H

#include <stdio.h>

#include "CStills.h"

static inline cs_status cs_fail(cs_status status, char *message, const char *text) {
  if (message) snprintf(message, CS_MESSAGE, "%s", text);
  return status;
}

#endif
