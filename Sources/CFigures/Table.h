// What CFiguresEngine gives.
#ifndef CFIGURES_TABLE_H
#define CFIGURES_TABLE_H

#include "include/CFigures.h"

// Raised with every change of the table or of a type in CFigures.h.
enum { CFG_API_VERSION = 1 };

typedef struct {
  int32_t version;
  // As cfg_pdf.
  cfg_status (*pdf)(const char *svg, size_t length, double width, double height, uint8_t **pdf, size_t *size,
                    char message[CFG_MESSAGE]);
} cfg_api;

#endif
