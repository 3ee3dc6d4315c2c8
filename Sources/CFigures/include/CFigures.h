// Guarded C entry over librsvg and Cairo: an SVG drawing as a PDF page with its text as text. Nothing of GLib or Cairo is seen outside;
// bytes given out are freed by cfg_free. CFiguresEngine, and with it librsvg, is loaded when the first page is made.
#ifndef CFIGURES_H
#define CFIGURES_H

#include <stddef.h>
#include <stdint.h>

#define CFG_MESSAGE 200

typedef enum {
  CFG_OK = 0,
  CFG_SVG = 1,        // librsvg refused the drawing
  CFG_PDF = 2,        // Cairo could not write it
  CFG_NO_MEMORY = 3,
  CFG_NOT_LOADED = 4, // the engine or librsvg is not where it is looked for
} cfg_status;

/// One page as large as the drawing, 0.75 points a pixel (96 pixels an inch). The same drawing gives the same bytes.
/// - svg, length: UTF-8 text of an SVG document that refers to no other file.
/// - width, height: the drawing's size in pixels, each above 0.
/// On CFG_OK *pdf has *size bytes; otherwise message says why.
cfg_status cfg_pdf(const char *svg, size_t length, double width, double height, uint8_t **pdf, size_t *size,
                   char message[CFG_MESSAGE]);

void cfg_free(uint8_t *bytes);

#endif
