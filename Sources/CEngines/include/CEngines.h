// CEngines: finds an engine, a library of ours over a large library of others, when it is first needed. A command that needs none
// starts without loading them. An engine gives one table of functions, whose first field is an int32_t, its version.
#ifndef INSONATE_CENGINES_H
#define INSONATE_CENGINES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef const void *(*ce_entry)(void);

typedef struct {
  const char *holds;   // what the engine stands for, as a message names it
  const char *name;    // the library is libNAME.so
  const char *symbol;  // its function that returns the table
  ce_entry linked;     // that function where the program links the engine itself, else NULL
  int32_t version;     // of the table that the caller was built for
} ce_engine;

// The table of the linked or loaded engine, or NULL with a message. `folder` is where the library is looked for (NULL: beside the
// running program, wherever it was started from). An engine stays loaded until the process ends. Any thread may call.
const void *ce_load(const ce_engine *engine, const char *folder, char *message, size_t message_capacity);

#ifdef __cplusplus
}
#endif
#endif
