// JPEG through libjpeg-turbo, with the settings Pillow leaves at their defaults (accurate DCT, fancy upsampling).
#include <stdio.h>

#include <jpeglib.h>
#include <jerror.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "Guard.h"

// A progressive file may ask for a scan over all its pixels with every few bytes; real ones have about ten.
static const int maximum_scans = 500;

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf jump;
  cs_status status;
  char text[CS_MESSAGE];
} failure;

struct cs_jpeg {
  struct jpeg_decompress_struct info;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  failure failure;
  cs_header header;
  uint8_t *inks;  // one row of CMYK
};

static void on_error(j_common_ptr info) {
  failure *f = (failure *)info->err;
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  snprintf(f->text, CS_MESSAGE, "%s", text);
  f->status = info->err->msg_code == JERR_OUT_OF_MEMORY ? CS_NO_MEMORY : CS_CORRUPT;
  longjmp(f->jump, 1);
}

// Warnings are dropped, as in Pillow, but for the one that says that pixels are missing.
static void on_message(j_common_ptr info, int level) {
  if (level >= 0 || info->err->msg_code != JWRN_HIT_MARKER) return;
  failure *f = (failure *)info->err;
  f->status = CS_TRUNCATED;
  snprintf(f->text, CS_MESSAGE, "the compressed data ends before the pixels do");
  longjmp(f->jump, 1);
}

static void on_progress(j_common_ptr info) {
  if (!info->is_decompressor) return;
  if (((j_decompress_ptr)info)->input_scan_number <= maximum_scans) return;
  failure *f = (failure *)info->err;
  f->status = CS_UNSUPPORTED;
  snprintf(f->text, CS_MESSAGE, "more than %d scans", maximum_scans);
  longjmp(f->jump, 1);
}

static void no_output(j_common_ptr info) { (void)info; }
static void source_nothing(j_decompress_ptr info) { (void)info; }

// All bytes were handed over at once: asking for more means that the file was cut.
static boolean source_ended(j_decompress_ptr info) {
  (void)info;
  return FALSE;
}

static void source_skip(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  size_t step = (size_t)count < info->src->bytes_in_buffer ? (size_t)count : info->src->bytes_in_buffer;
  info->src->next_input_byte += step;
  info->src->bytes_in_buffer -= step;
}

static cs_status truncated(char *message) {
  return cs_fail(CS_TRUNCATED, message, "the file ends before its end-of-image mark");
}

static int32_t find_orientation(j_decompress_ptr info) {
  static const char xmp_key[] = "http://ns.adobe.com/xap/1.0/";
  int32_t from_xmp = 0;
  for (jpeg_saved_marker_ptr m = info->marker_list; m; m = m->next) {
    if (m->marker != JPEG_APP0 + 1) continue;
    if (m->data_length > 6 && memcmp(m->data, "Exif\0\0", 6) == 0) {
      int32_t found = cs_exif_orientation(m->data, m->data_length);
      if (found) return found;
    }
    if (m->data_length > sizeof xmp_key && memcmp(m->data, xmp_key, sizeof xmp_key) == 0 && from_xmp == 0) {
      from_xmp = cs_xmp_orientation(m->data, m->data_length);
    }
  }
  return from_xmp;
}

void cs_jpeg_close(cs_jpeg *self) {
  if (!self) return;
  jpeg_destroy_decompress(&self->info);
  free(self->inks);
  free(self);
}

cs_status cs_jpeg_open(const uint8_t *data, size_t count, cs_jpeg **out, cs_header *header, char *message) {
  *out = NULL;
  cs_jpeg *self = calloc(1, sizeof *self);
  if (!self) return cs_fail(CS_NO_MEMORY, message, "out of memory");
  self->info.err = jpeg_std_error(&self->failure.base);
  self->failure.base.error_exit = on_error;
  self->failure.base.emit_message = on_message;
  self->failure.base.output_message = no_output;
  if (setjmp(self->failure.jump)) {
    cs_status status = cs_fail(self->failure.status, message, self->failure.text);
    cs_jpeg_close(self);
    return status;
  }
  jpeg_create_decompress(&self->info);
  self->source.next_input_byte = data;
  self->source.bytes_in_buffer = count;
  self->source.init_source = source_nothing;
  self->source.fill_input_buffer = source_ended;
  self->source.skip_input_data = source_skip;
  self->source.resync_to_restart = jpeg_resync_to_restart;
  self->source.term_source = source_nothing;
  self->info.src = &self->source;
  self->progress.progress_monitor = on_progress;
  self->info.progress = &self->progress;
  jpeg_save_markers(&self->info, JPEG_APP0 + 1, 0xffff);
  if (jpeg_read_header(&self->info, TRUE) != JPEG_HEADER_OK) {
    cs_jpeg_close(self);
    return truncated(message);
  }
  cs_header *h = &self->header;
  h->width = self->info.image_width;
  h->height = self->info.image_height;
  h->bits = self->info.data_precision;
  h->orientation = find_orientation(&self->info);
  switch (self->info.num_components) {
    case 1:
      h->layout = CS_GREY8;
      self->info.out_color_space = JCS_GRAYSCALE;
      break;
    case 3:
      h->layout = CS_RGB8;
      self->info.out_color_space = JCS_RGB;
      break;
    case 4:
      h->layout = CS_RGB8;
      self->info.out_color_space = JCS_CMYK;
      break;
    default:
      cs_jpeg_close(self);
      return cs_fail(CS_UNSUPPORTED, message, "a JPEG of neither 1, 3 nor 4 components");
  }
  h->bytes = (size_t)h->width * h->height * (h->layout == CS_GREY8 ? 1 : 3);
  *header = *h;
  *out = self;
  return CS_OK;
}

void cs_jpeg_take_colors(cs_jpeg *self, cs_jpeg_colors colors) {
  if (!self || self->info.num_components != 3) return;
  self->info.jpeg_color_space = colors == CS_JPEG_LUMA_CHROMA ? JCS_YCbCr : JCS_RGB;
  self->info.out_color_space = JCS_RGB;
}

static inline uint8_t without_ink(unsigned ink, unsigned light) {
  // Pillow's rounding division by 255.
  unsigned product = ink * light + 128;
  int left = (int)light - (int)(((product >> 8) + product) >> 8);
  return (uint8_t)(left < 0 ? 0 : left);
}

// Adobe stores inks inverted, and Pillow takes every CMYK JPEG as Adobe's.
static void inks_to_rgb(const uint8_t *inks, uint8_t *rgb, uint32_t width) {
  for (uint32_t x = 0; x < width; x++, inks += 4, rgb += 3) {
    unsigned light = inks[3];
    for (int c = 0; c < 3; c++) rgb[c] = without_ink(255u - inks[c], light);
  }
}

cs_status cs_jpeg_read(cs_jpeg *self, uint8_t *pixels, size_t capacity, char *message) {
  const cs_header *h = &self->header;
  if (capacity < h->bytes) return cs_fail(CS_NO_MEMORY, message, "the pixel buffer is too small");
  if (setjmp(self->failure.jump)) return cs_fail(self->failure.status, message, self->failure.text);
  if (!jpeg_start_decompress(&self->info)) return truncated(message);
  int cmyk = self->info.out_color_space == JCS_CMYK;
  if (cmyk) {
    self->inks = malloc((size_t)h->width * 4);
    if (!self->inks) return cs_fail(CS_NO_MEMORY, message, "out of memory");
  }
  size_t row = h->bytes / h->height;
  while (self->info.output_scanline < h->height) {
    uint8_t *to = pixels + (size_t)self->info.output_scanline * row;
    JSAMPROW line = cmyk ? self->inks : to;
    if (jpeg_read_scanlines(&self->info, &line, 1) != 1) return truncated(message);
    if (cmyk) inks_to_rgb(self->inks, to, h->width);
  }
  if (!jpeg_finish_decompress(&self->info)) return truncated(message);
  return CS_OK;
}

cs_status cs_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t quality, uint8_t **out, size_t *count,
    char *message) {
  struct {
    struct jpeg_compress_struct info;
    failure failure;
    unsigned char *bytes;
    unsigned long size;
  } *self = calloc(1, sizeof *self);
  *out = NULL;
  *count = 0;
  if (!self) return cs_fail(CS_NO_MEMORY, message, "out of memory");
  self->info.err = jpeg_std_error(&self->failure.base);
  self->failure.base.error_exit = on_error;
  self->failure.base.output_message = no_output;
  cs_status status = CS_OK;
  if (setjmp(self->failure.jump)) {
    status = cs_fail(self->failure.status, message, self->failure.text);
    jpeg_destroy_compress(&self->info);
    free(self->bytes);
    free(self);
    return status;
  }
  jpeg_create_compress(&self->info);
  jpeg_mem_dest(&self->info, &self->bytes, &self->size);
  self->info.image_width = width;
  self->info.image_height = height;
  self->info.input_components = 3;
  self->info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&self->info);
  jpeg_set_quality(&self->info, quality, TRUE);
  jpeg_start_compress(&self->info, TRUE);
  while (self->info.next_scanline < height) {
    JSAMPROW line = (JSAMPROW)(pixels + (size_t)self->info.next_scanline * width * 3);
    jpeg_write_scanlines(&self->info, &line, 1);
  }
  jpeg_finish_compress(&self->info);
  *out = self->bytes;
  *count = self->size;
  jpeg_destroy_compress(&self->info);
  free(self);
  return status;
}
