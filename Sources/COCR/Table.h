// The entries of COCR.h as COCREngine gives them, one for one.
#ifndef COCR_TABLE_H
#define COCR_TABLE_H

#include "include/COCR.h"

// Raised with every change of the table or of a type in COCR.h.
enum { COCR_API_VERSION = 1 };

typedef struct {
  int32_t version;
  cocr_status (*open)(const char *languages, const char *folder, cocr_reader **out, char *message);
  cocr_status (*read)(cocr_reader *reader, const uint8_t *pixels, size_t count, int32_t width, int32_t height,
                      int32_t channels, cocr_mode mode, cocr_words **out, char *message);
  void (*free)(cocr_words *words);
  void (*close)(cocr_reader *reader);
} cocr_api;

#endif
