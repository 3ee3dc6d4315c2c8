#include <cairo-pdf.h>
#include <librsvg/rsvg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../CFigures/Table.h"
#include "CFiguresEngine.h"

// Bytes of a page as Cairo hands them over.
typedef struct {
  uint8_t *bytes;
  size_t size, room;
} page;

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length) {
  page *to = closure;
  if (to->size + length > to->room) {
    size_t room = 2 * (to->size + length);
    uint8_t *larger = realloc(to->bytes, room);
    if (!larger) return CAIRO_STATUS_NO_MEMORY;
    to->bytes = larger;
    to->room = room;
  }
  memcpy(to->bytes + to->size, data, length);
  to->size += length;
  return CAIRO_STATUS_SUCCESS;
}

static cfg_status fail(char message[CFG_MESSAGE], cfg_status status, const char *why) {
  snprintf(message, CFG_MESSAGE, "%s", why ? why : "unknown reason");
  return status;
}

static cfg_status draw(RsvgHandle *drawing, double width, double height, page *to, char message[CFG_MESSAGE]) {
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, to, 0.75 * width, 0.75 * height);
  // A date would make each file another.
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
  cairo_t *context = cairo_create(surface);
  RsvgRectangle viewport = {0, 0, 0.75 * width, 0.75 * height};
  GError *error = NULL;
  cfg_status status = CFG_OK;
  if (!rsvg_handle_render_document(drawing, context, &viewport, &error)) {
    status = fail(message, CFG_SVG, error ? error->message : NULL);
    g_clear_error(&error);
  }
  cairo_destroy(context);
  cairo_surface_finish(surface);
  cairo_status_t written = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (status == CFG_OK && written != CAIRO_STATUS_SUCCESS) {
    status = fail(message, written == CAIRO_STATUS_NO_MEMORY ? CFG_NO_MEMORY : CFG_PDF, cairo_status_to_string(written));
  }
  return status;
}

static cfg_status pdf_of(const char *svg, size_t length, double width, double height, uint8_t **pdf, size_t *size,
                         char message[CFG_MESSAGE]) {
  *pdf = NULL;
  *size = 0;
  if (!(width > 0 && height > 0)) return fail(message, CFG_SVG, "a drawing of no size");
  GError *error = NULL;
  RsvgHandle *drawing = rsvg_handle_new_from_data((const guint8 *)svg, length, &error);
  if (!drawing) {
    cfg_status status = fail(message, CFG_SVG, error ? error->message : NULL);
    g_clear_error(&error);
    return status;
  }
  page to = {NULL, 0, 0};
  cfg_status status = draw(drawing, width, height, &to, message);
  g_object_unref(drawing);
  if (status != CFG_OK) {
    free(to.bytes);
    return status;
  }
  *pdf = to.bytes;
  *size = to.size;
  return CFG_OK;
}

static const cfg_api api = {.version = CFG_API_VERSION, .pdf = pdf_of};

const void *cfg_engine_api(void) { return &api; }
