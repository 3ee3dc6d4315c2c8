// PNG through libpng: samples unpacked to bytes, 16-bit colour cut to its high byte, alpha dropped, as Pillow reads.
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "Guard.h"

typedef struct {
  jmp_buf jump;
  cs_status status;
  char text[CS_MESSAGE];
} failure;

struct cs_png {
  png_structp png;
  png_infop info;
  const uint8_t *data;
  size_t count, at;
  cs_header header;
  int color_type;
  png_bytep *rows;
  failure failure;
};

static void on_error(png_structp png, png_const_charp text) {
  failure *f = png_get_error_ptr(png);
  if (f->status == CS_OK) f->status = strstr(text, "Not enough image data") ? CS_TRUNCATED : CS_CORRUPT;
  snprintf(f->text, CS_MESSAGE, "%s", text);
  longjmp(f->jump, 1);
}

// libpng's warnings (an unknown profile, a late chunk) do not touch the pixels.
static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep out, png_size_t wanted) {
  cs_png *self = png_get_io_ptr(png);
  if (wanted > self->count - self->at) {
    self->failure.status = CS_TRUNCATED;
    png_error(png, "the file ends before its IEND chunk");
  }
  memcpy(out, self->data + self->at, wanted);
  self->at += wanted;
}

// The orientation may stand behind the pixels, so the chunks are walked here, by their lengths alone.
static int32_t find_orientation(const uint8_t *data, size_t count) {
  static const char xmp_key[] = "XML:com.adobe.xmp";
  int32_t from_xmp = 0;
  size_t at = 8;
  while (count - at >= 12) {
    const uint8_t *chunk = data + at;
    size_t length = (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 | (size_t)chunk[2] << 8 | chunk[3];
    if (length > count - at - 12) break;
    if (memcmp(chunk + 4, "eXIf", 4) == 0) {
      int32_t found = cs_exif_orientation(chunk + 8, length);
      if (found) return found;
    }
    if (memcmp(chunk + 4, "iTXt", 4) == 0 && length > sizeof xmp_key &&
        memcmp(chunk + 8, xmp_key, sizeof xmp_key) == 0 && from_xmp == 0) {
      from_xmp = cs_xmp_orientation(chunk + 8, length);
    }
    if (memcmp(chunk + 4, "IEND", 4) == 0) break;
    at += length + 12;
  }
  return from_xmp;
}

void cs_png_close(cs_png *self) {
  if (!self) return;
  png_destroy_read_struct(&self->png, &self->info, NULL);
  free(self->rows);
  free(self);
}

cs_status cs_png_open(const uint8_t *data, size_t count, cs_png **out, cs_header *header, char *message) {
  *out = NULL;
  cs_png *self = calloc(1, sizeof *self);
  if (!self) return cs_fail(CS_NO_MEMORY, message, "out of memory");
  self->data = data;
  self->count = count;
  self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &self->failure, on_error, on_warning);
  if (self->png) self->info = png_create_info_struct(self->png);
  if (!self->info) {
    cs_png_close(self);
    return cs_fail(CS_NO_MEMORY, message, "out of memory");
  }
  if (setjmp(self->failure.jump)) {
    cs_status status = cs_fail(self->failure.status, message, self->failure.text);
    cs_png_close(self);
    return status;
  }
  png_set_read_fn(self->png, self, read_bytes);
  // The caller sets the limit on pixels; libpng's own (a million a side) would hide it.
  png_set_user_limits(self->png, 0x7fffffff, 0x7fffffff);
  // Text, profiles and colour spaces are not used: skip them unread, their decompression with them.
  static const png_byte unused[] =
      "bKGD\0cHRM\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt\0tIME\0zTXt\0eXIf\0tRNS";
  png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, unused, (int)(sizeof unused / 5));
  png_read_info(self->png, self->info);

  cs_header *h = &self->header;
  h->width = png_get_image_width(self->png, self->info);
  h->height = png_get_image_height(self->png, self->info);
  h->bits = png_get_bit_depth(self->png, self->info);
  self->color_type = png_get_color_type(self->png, self->info);
  size_t pixel = 1;
  if (self->color_type == PNG_COLOR_TYPE_PALETTE) {
    h->layout = CS_INDEX8;
  } else if (self->color_type & PNG_COLOR_MASK_COLOR) {
    h->layout = CS_RGB8;
    pixel = 3;
  } else if (h->bits == 16 && self->color_type == PNG_COLOR_TYPE_GRAY) {
    h->layout = CS_GREY16;
    pixel = 2;
  } else {
    h->layout = CS_GREY8;
  }
  h->bytes = (size_t)h->width * h->height * pixel;
  h->orientation = find_orientation(data, count);
  *header = *h;
  *out = self;
  return CS_OK;
}

cs_status cs_png_read(cs_png *self, uint8_t *pixels, size_t capacity, uint8_t *palette, char *message) {
  const cs_header *h = &self->header;
  if (capacity < h->bytes) return cs_fail(CS_NO_MEMORY, message, "the pixel buffer is too small");
  if (setjmp(self->failure.jump)) return cs_fail(self->failure.status, message, self->failure.text);
  png_set_packing(self->png);
  if (h->layout == CS_GREY16) {
    png_set_swap(self->png);
  } else if (h->bits == 16) {
    png_set_strip_16(self->png);
  }
  if (self->color_type & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(self->png);
  int passes = png_set_interlace_handling(self->png);
  png_read_update_info(self->png, self->info);
  size_t row = h->bytes / h->height;
  if (png_get_rowbytes(self->png, self->info) != row) png_error(self->png, "unexpected row size");
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < h->height; y++) png_read_row(self->png, pixels + (size_t)y * row, NULL);
  }
  png_read_end(self->png, NULL);
  if (h->layout == CS_GREY8 && h->bits < 8) {
    // 1, 2 and 4 bits fill 0...255 evenly.
    unsigned scale = 255u / ((1u << h->bits) - 1);
    for (size_t i = 0; i < h->bytes; i++) pixels[i] = (uint8_t)(pixels[i] * scale);
  }
  if (h->layout == CS_INDEX8) {
    png_colorp colors = NULL;
    int count = 0;
    memset(palette, 0, 768);
    png_get_PLTE(self->png, self->info, &colors, &count);
    for (int i = 0; i < count && i < 256; i++) {
      palette[i * 3] = colors[i].red;
      palette[i * 3 + 1] = colors[i].green;
      palette[i * 3 + 2] = colors[i].blue;
    }
  }
  return CS_OK;
}

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} growing;

static void write_bytes(png_structp png, png_bytep data, png_size_t count) {
  growing *to = png_get_io_ptr(png);
  if (count > to->capacity - to->count) {
    size_t capacity = (to->capacity + count) * 2;
    uint8_t *bytes = realloc(to->bytes, capacity);
    if (!bytes) png_error(png, "out of memory");
    to->bytes = bytes;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->count, data, count);
  to->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

cs_status cs_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t channels, uint8_t **out, size_t *count,
    char *message) {
  struct {
    failure failure;
    growing to;
    png_structp png;
    png_infop info;
  } *self = calloc(1, sizeof *self);
  *out = NULL;
  *count = 0;
  if (!self) return cs_fail(CS_NO_MEMORY, message, "out of memory");
  cs_status status = CS_NO_MEMORY;
  self->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &self->failure, on_error, on_warning);
  if (self->png) self->info = png_create_info_struct(self->png);
  if (!self->info) {
    cs_fail(status, message, "out of memory");
  } else if (setjmp(self->failure.jump)) {
    status = cs_fail(self->failure.status, message, self->failure.text);
    free(self->to.bytes);
  } else {
    png_set_write_fn(self->png, &self->to, write_bytes, flush_nothing);
    png_set_user_limits(self->png, 0x7fffffff, 0x7fffffff);
    png_set_IHDR(
        self->png, self->info, width, height, 8, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(self->png, self->info);
    for (uint32_t y = 0; y < height; y++) png_write_row(self->png, pixels + (size_t)y * width * (size_t)channels);
    png_write_end(self->png, NULL);
    *out = self->to.bytes;
    *count = self->to.count;
    status = CS_OK;
  }
  png_destroy_write_struct(&self->png, &self->info);
  free(self);
  return status;
}

void cs_free(void *pointer) { free(pointer); }
