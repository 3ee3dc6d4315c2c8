// Guarded C entries over libpng, libjpeg-turbo, libtiff and libexif. The libraries' setjmp/longjmp and callbacks stay
// in here: every entry returns a status and, when it is not CS_OK, writes a message into a buffer of CS_MESSAGE bytes.
// Files are handed over as bytes in memory, which must outlive the handle. A handle is opened (header only), read at
// most once into the caller's buffer, and closed; close takes NULL.
#ifndef CSTILLS_H
#define CSTILLS_H

#include <stddef.h>
#include <stdint.h>

#define CS_MESSAGE 200

typedef enum {
  CS_OK = 0,
  CS_TRUNCATED = 1,    // the file ends before its pixels do
  CS_CORRUPT = 2,      // the library refused the bytes
  CS_UNSUPPORTED = 3,  // well formed, but a kind that is not read
  CS_NO_MEMORY = 4,
} cs_status;

// What one pixel is in the buffer that a read fills, rows from the top, without padding.
typedef enum {
  CS_GREY8 = 1,     // 1 byte
  CS_GREY16 = 2,    // 1 uint16_t of the machine's byte order
  CS_RGB8 = 3,      // 3 bytes
  CS_INDEX8 = 4,    // 1 byte, an index into the palette
} cs_layout;

typedef struct {
  uint32_t width, height;  // as stored, before the orientation is applied
  int32_t bits;            // a sample, as stored
  int32_t layout;          // cs_layout
  int32_t orientation;     // EXIF 1...8, 0 where the file holds none
  size_t bytes;            // what a read writes
} cs_header;

typedef struct cs_png cs_png;
cs_status cs_png_open(const uint8_t *data, size_t count, cs_png **out, cs_header *header, char *message);
// `palette` receives 256 RGB triples (black where the file has none) when the layout is CS_INDEX8.
cs_status cs_png_read(cs_png *png, uint8_t *pixels, size_t capacity, uint8_t *palette, char *message);
void cs_png_close(cs_png *png);
// Writes 8-bit grey (channels 1) or RGB (channels 3). *out is the caller's, to be given to cs_free.
cs_status cs_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t channels, uint8_t **out, size_t *count,
    char *message);

typedef struct cs_jpeg cs_jpeg;
// CMYK and YCCK are turned into RGB as Pillow does (Adobe's inverted inks).
cs_status cs_jpeg_open(const uint8_t *data, size_t count, cs_jpeg **out, cs_header *header, char *message);
cs_status cs_jpeg_read(cs_jpeg *jpeg, uint8_t *pixels, size_t capacity, char *message);
// How the three components of a JPEG are to be taken where its container knows better than the file's own marks: as they
// are, or as luma and chroma that a read turns into RGB. Between open and read; another number of components stays as it is.
typedef enum { CS_JPEG_AS_STORED = 1, CS_JPEG_LUMA_CHROMA = 2 } cs_jpeg_colors;
void cs_jpeg_take_colors(cs_jpeg *jpeg, cs_jpeg_colors colors);
void cs_jpeg_close(cs_jpeg *jpeg);
// Baseline JPEG, 4:2:0, of RGB pixels; quality 1...100.
cs_status cs_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t quality, uint8_t **out, size_t *count,
    char *message);

// How a TIFF's samples are stored, for the caller to interpret.
typedef struct {
  uint32_t width, height;
  uint16_t bits, samples, photometric, planar, format, compression, extra_count;
  uint16_t extra[8];
  int32_t big_endian, orientation;
  int32_t as_rgba;    // YCbCr that libtiff turns into RGBX (4 bytes a pixel) itself
  size_t row_bytes;   // a row of one plane, or of all samples where planar is 1
  size_t bytes;       // what a read writes: planes x height x row_bytes
} cs_tiff_header;

typedef struct cs_tiff cs_tiff;
cs_status cs_tiff_open(const uint8_t *data, size_t count, cs_tiff **out, cs_tiff_header *header, char *message);
// Fills in what the header says of a read; to be called after the size was checked, before the read.
cs_status cs_tiff_plan(cs_tiff *tiff, cs_tiff_header *header, char *message);
// Packed samples, most significant bit first, uint16_t in the machine's byte order; plane after plane. `palette`
// receives 256 RGB triples of 16 bits where photometric is 3.
cs_status cs_tiff_read(cs_tiff *tiff, uint8_t *pixels, size_t capacity, uint16_t *palette, char *message);
void cs_tiff_close(cs_tiff *tiff);

// The orientation (1...8) in an EXIF block with or without its "Exif\0\0" prefix; 0 where it holds none.
int32_t cs_exif_orientation(const uint8_t *data, size_t count);
// The orientation in an XMP packet (tiff:Orientation), 0 where it holds none.
int32_t cs_xmp_orientation(const uint8_t *data, size_t count);

void cs_free(void *pointer);

#endif
