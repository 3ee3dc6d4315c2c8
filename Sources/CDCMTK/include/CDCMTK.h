// Guarded C entries over the codecs of DCMTK (lossless and extended JPEG, JPEG-LS), OpenJPEG and zlib, and DCMTK's
// dictionary. No exception, callback or type of those libraries leaves this shim: every entry returns a status and, when
// it is not CD_OK, writes a message into a buffer of CD_MESSAGE bytes. A picture's size is the caller's to check before.
#ifndef CDCMTK_H
#define CDCMTK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CD_MESSAGE 200

typedef enum {
  CD_OK = 0,
  CD_TRUNCATED = 1,    // the data ends before its pixels do
  CD_CORRUPT = 2,      // the library refused the bytes
  CD_UNSUPPORTED = 3,  // well formed, but a kind that is not read
  CD_NO_MEMORY = 4,    // or more than a limit allows
} cd_status;

// What a frame must hold, as the data set and the frame's own header say it.
typedef struct {
  uint32_t width, height;
  int32_t components;        // 1...4
  int32_t precision;         // bits of a sample, 1...32
  int32_t bytes_per_sample;  // in the output: 1, 2 or 4, the machine's byte order
  int32_t is_signed;         // as the data set says; JPEG 2000 asks its codestream
} cd_picture;

// Each decodes one whole frame into width x height x components samples, interleaved, rows from the top, without any
// transform of colours but the one JPEG 2000 itself holds. `capacity` is the size of `out` in bytes.

// Lossless JPEG through a decoder of our own; sequential and extended JPEG of 2 to 16 bits, and lossless JPEG of subsampled
// components, through DCMTK's builds of IJG's library. `bytes_per_sample` is 1 for a precision of up to 8 bits, else 2.
cd_status cd_jpeg_decode(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message);
// JPEG-LS through CharLS. `bytes_per_sample` as above.
cd_status cd_jpegls_decode(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message);

// JPEG 2000 or HTJ2K, bare or in a JP2 file. Components of fewer samples are repeated to the full size. OpenJPEG as Debian
// builds it ends the process at some damaged codestreams (assertions of its HTJ2K decoder), so each frame is decoded in a
// process of its own, which may die; it has a minute.
cd_status cd_jpeg2000_decode(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message);

// A bare deflate stream, as PS3.5 A.5 has it. At most `limit` bytes; `*out` is the caller's, to be given to cd_free.
cd_status cd_inflate(
    const uint8_t *data, size_t count, size_t limit, uint8_t **out, size_t *out_count, char *message);
// The other way. `*out` is the caller's, to be given to cd_free.
cd_status cd_deflate(const uint8_t *data, size_t count, uint8_t **out, size_t *out_count, char *message);
void cd_free(void *bytes);

// The value representation (two letters and a zero) of an attribute in DCMTK's dictionary; 0 where it has none.
int32_t cd_dictionary_vr(uint16_t group, uint16_t element, char *vr);

#ifdef __cplusplus
}
#endif

#endif
