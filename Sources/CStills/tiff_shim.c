// TIFF through libtiff: the first page's samples, strips and tiles put together, as stored.
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "Guard.h"

struct cs_tiff {
  TIFF *tiff;
  const uint8_t *data;
  toff_t count, at;
  cs_tiff_header header;
  char text[CS_MESSAGE];
};

static int on_error(TIFF *tiff, void *self, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  (void)module;
  cs_tiff *to = self;
  // The first message tells the cause; what follows are its echoes.
  if (to->text[0] == 0) vsnprintf(to->text, CS_MESSAGE, format, arguments);
  return 1;
}

static int on_warning(TIFF *tiff, void *self, const char *module, const char *format, va_list arguments) {
  (void)tiff, (void)self, (void)module, (void)format, (void)arguments;
  return 1;
}

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t wanted) {
  cs_tiff *self = handle;
  if (wanted <= 0 || self->at >= self->count) return 0;
  toff_t left = self->count - self->at;
  tmsize_t count = (toff_t)wanted < left ? wanted : (tmsize_t)left;
  memcpy(out, self->data + self->at, (size_t)count);
  self->at += (toff_t)count;
  return count;
}

static tmsize_t write_nothing(thandle_t handle, void *data, tmsize_t count) {
  (void)handle, (void)data, (void)count;
  return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
  cs_tiff *self = handle;
  toff_t base = whence == SEEK_CUR ? self->at : whence == SEEK_END ? self->count : 0;
  self->at = base + offset;
  return self->at;
}

static int close_nothing(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t size(thandle_t handle) { return ((cs_tiff *)handle)->count; }

static int map(thandle_t handle, void **base, toff_t *count) {
  cs_tiff *self = handle;
  *base = (void *)self->data;
  *count = self->count;
  return 1;
}

static void unmap_nothing(thandle_t handle, void *base, toff_t count) { (void)handle, (void)base, (void)count; }

static cs_status failed(cs_tiff *self, char *message, const char *otherwise) {
  const char *text = self->text[0] ? self->text : otherwise;
  int cut = strstr(text, "Read error") || strstr(text, "Not enough data") || strstr(text, "EOF") ||
            strstr(text, "Cannot read") || strstr(text, "Can not read") || strstr(text, "Premature end");
  return cs_fail(cut ? CS_TRUNCATED : CS_CORRUPT, message, text);
}

void cs_tiff_close(cs_tiff *self) {
  if (!self) return;
  if (self->tiff) TIFFClose(self->tiff);
  free(self);
}

static int32_t find_orientation(TIFF *tiff) {
  uint16_t orientation = 0;
  if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation)) return orientation;
  uint32_t count = 0;
  const void *packet = NULL;
  if (TIFFGetField(tiff, TIFFTAG_XMLPACKET, &count, &packet) && packet) return cs_xmp_orientation(packet, count);
  return 0;
}

static int is_read(const cs_tiff_header *h) {
  int bits = h->bits == 1 || h->bits == 2 || h->bits == 4 || h->bits == 8 || h->bits == 16;
  return bits && h->samples >= 1 && h->samples <= 8 && h->extra_count <= 8 && h->extra_count < h->samples &&
         (h->bits >= 8 || h->samples == 1);
}

cs_status cs_tiff_open(const uint8_t *data, size_t count, cs_tiff **out, cs_tiff_header *header, char *message) {
  *out = NULL;
  cs_tiff *self = calloc(1, sizeof *self);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!self || !options) {
    free(self);
    if (options) TIFFOpenOptionsFree(options);
    return cs_fail(CS_NO_MEMORY, message, "out of memory");
  }
  self->data = data;
  self->count = count;
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, self);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, self);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)1 << 31);
  self->tiff = TIFFClientOpenExt(
      "image", "r", self, read_bytes, write_nothing, seek, close_nothing, size, map, unmap_nothing, options);
  TIFFOpenOptionsFree(options);
  if (!self->tiff) {
    cs_status status = failed(self, message, "no TIFF directory");
    free(self);
    return status;
  }
  cs_tiff_header *h = &self->header;
  TIFF *tiff = self->tiff;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &h->width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &h->height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &h->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &h->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &h->planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &h->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &h->compression);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &h->photometric);
  uint16_t extra_count = 0, *extra = NULL;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
  h->extra_count = extra_count;
  for (int i = 0; extra && i < extra_count && i < 8; i++) h->extra[i] = extra[i];
  h->big_endian = TIFFIsBigEndian(tiff);
  h->orientation = find_orientation(tiff);
  *header = *h;
  *out = self;
  return CS_OK;
}

cs_status cs_tiff_plan(cs_tiff *self, cs_tiff_header *header, char *message) {
  cs_tiff_header *h = &self->header;
  TIFF *tiff = self->tiff;
  if (!is_read(h)) return cs_fail(CS_UNSUPPORTED, message, "a TIFF of an unusual number of samples or bits");
  if (!TIFFIsCODECConfigured(h->compression)) {
    return cs_fail(CS_UNSUPPORTED, message, "a TIFF compression that is not read");
  }
  if (h->photometric == PHOTOMETRIC_YCBCR && h->samples >= 3) {
    if (h->compression == COMPRESSION_JPEG && h->planar == PLANARCONFIG_CONTIG) {
      TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    } else {
      h->as_rgba = 1;
    }
  }
  if (h->as_rgba) {
    h->row_bytes = (size_t)h->width * 4;
    h->bytes = h->row_bytes * h->height;
  } else {
    int together = h->planar == PLANARCONFIG_CONTIG;
    h->row_bytes = ((size_t)h->width * h->bits * (together ? h->samples : 1) + 7) / 8;
    h->bytes = h->row_bytes * h->height * (together ? 1 : h->samples);
  }
  *header = *h;
  return CS_OK;
}

static int read_strips(cs_tiff *self, uint8_t *plane, uint16_t index) {
  const cs_tiff_header *h = &self->header;
  uint32_t rows = 0;
  TIFFGetFieldDefaulted(self->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
  if (rows == 0) return 0;
  if (rows > h->height) rows = h->height;
  if ((size_t)TIFFScanlineSize(self->tiff) != h->row_bytes) return 0;
  for (uint32_t y = 0; y < h->height; y += rows) {
    uint32_t now = h->height - y < rows ? h->height - y : rows;
    tmsize_t wanted = (tmsize_t)(now * h->row_bytes);
    uint32_t strip = TIFFComputeStrip(self->tiff, y, index);
    if (TIFFReadEncodedStrip(self->tiff, strip, plane + (size_t)y * h->row_bytes, wanted) != wanted) return 0;
  }
  return 1;
}

static int read_tiles(cs_tiff *self, uint8_t *plane, uint16_t index) {
  const cs_tiff_header *h = &self->header;
  uint32_t width = 0, height = 0;
  TIFFGetField(self->tiff, TIFFTAG_TILEWIDTH, &width);
  TIFFGetField(self->tiff, TIFFTAG_TILELENGTH, &height);
  tmsize_t tile_bytes = TIFFTileSize(self->tiff), row = TIFFTileRowSize(self->tiff);
  size_t pixel_bits = h->bits * (size_t)(h->planar == PLANARCONFIG_CONTIG ? h->samples : 1);
  if (width == 0 || height == 0 || tile_bytes <= 0 || (width * pixel_bits) % 8 != 0) return 0;
  if ((size_t)row != width * pixel_bits / 8 || (size_t)tile_bytes / height < (size_t)row) return 0;
  // A tile larger than the picture is legal, a tile that is memory's end is not.
  if ((size_t)tile_bytes > h->bytes + ((size_t)64 << 20)) return 0;
  uint8_t *tile = malloc((size_t)tile_bytes);
  int good = tile != NULL;
  for (uint32_t y = 0; good && y < h->height; y += height) {
    for (uint32_t x = 0; good && x < h->width; x += width) {
      uint32_t number = TIFFComputeTile(self->tiff, x, y, 0, index);
      good = TIFFReadEncodedTile(self->tiff, number, tile, tile_bytes) == tile_bytes;
      if (!good) break;
      size_t left = x * pixel_bits / 8;
      size_t count = h->row_bytes - left < (size_t)row ? h->row_bytes - left : (size_t)row;
      for (uint32_t line = 0; line < height && line < h->height - y; line++) {
        memcpy(plane + (size_t)(y + line) * h->row_bytes + left, tile + (size_t)line * (size_t)row, count);
      }
      if (h->width - x <= width) break;
    }
    if (h->height - y <= height) break;
  }
  free(tile);
  return good;
}

// libtiff's own YCbCr conversion, into four bytes a pixel.
static int read_rgba(cs_tiff *self, uint8_t *pixels) {
  const cs_tiff_header *h = &self->header;
  TIFFSetField(self->tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  uint32_t *raster = malloc(h->bytes);
  int good = raster && TIFFReadRGBAImageOriented(self->tiff, h->width, h->height, raster, ORIENTATION_TOPLEFT, 1);
  for (size_t i = 0; good && i < (size_t)h->width * h->height; i++) {
    pixels[4 * i] = (uint8_t)TIFFGetR(raster[i]);
    pixels[4 * i + 1] = (uint8_t)TIFFGetG(raster[i]);
    pixels[4 * i + 2] = (uint8_t)TIFFGetB(raster[i]);
    pixels[4 * i + 3] = 255;
  }
  free(raster);
  return good;
}

cs_status cs_tiff_read(cs_tiff *self, uint8_t *pixels, size_t capacity, uint16_t *palette, char *message) {
  const cs_tiff_header *h = &self->header;
  if (h->bytes == 0 || capacity < h->bytes) return cs_fail(CS_NO_MEMORY, message, "the pixel buffer is too small");
  self->text[0] = 0;
  int good = 1;
  if (h->as_rgba) {
    good = read_rgba(self, pixels);
  } else {
    int planes = h->planar == PLANARCONFIG_CONTIG ? 1 : h->samples;
    for (int i = 0; good && i < planes; i++) {
      uint8_t *plane = pixels + (size_t)i * h->row_bytes * h->height;
      good = TIFFIsTiled(self->tiff) ? read_tiles(self, plane, (uint16_t)i) : read_strips(self, plane, (uint16_t)i);
    }
  }
  if (!good) return failed(self, message, "the strips or tiles do not fit the picture");
  if (h->photometric == PHOTOMETRIC_PALETTE) {
    uint16_t *channels[3] = {NULL, NULL, NULL};
    if (h->bits > 8 || !TIFFGetField(self->tiff, TIFFTAG_COLORMAP, &channels[0], &channels[1], &channels[2])) {
      return cs_fail(CS_CORRUPT, message, "a palette picture without a palette");
    }
    memset(palette, 0, 768 * sizeof *palette);
    for (int i = 0; i < 1 << h->bits; i++) {
      for (int c = 0; c < 3; c++) palette[3 * i + c] = channels[c][i];
    }
  }
  return CS_OK;
}
