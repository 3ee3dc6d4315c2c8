// Guarded C entries over Tesseract: the words of a picture. Every entry returns a status and, when it is not COCR_OK, writes a
// message into a buffer of COCR_MESSAGE bytes; no C++ exception comes out. A reader serves one thread at a time; any number of
// readers work side by side. The entries load COCREngine, and with it Tesseract, when the first reader is opened.
#ifndef COCR_H
#define COCR_H

#include <stddef.h>
#include <stdint.h>

#define COCR_MESSAGE 400

// What a picture may have in rows and in columns, and in all.
#define COCR_LARGEST_SIDE 16384
#define COCR_LARGEST_AREA 67108864

typedef enum {
  COCR_OK = 0,
  COCR_NO_MODEL = 1,    // the message names the Debian package that holds it
  COCR_ARGUMENT = 2,    // pixels that do not fill the size, a size out of bounds, an unknown mode
  COCR_FAILED = 3,      // Tesseract gave up
  COCR_NO_MEMORY = 4,
  COCR_NOT_LOADED = 5,  // the engine or Tesseract is not where it is looked for
} cocr_status;

// How the picture is laid out (Tesseract's page segmentation modes).
typedef enum {
  COCR_PAGE = 3,    // columns and blocks are looked for
  COCR_BLOCK = 6,   // one block of text
  COCR_LINE = 7,    // one line
  COCR_WORD = 8,    // one word
  COCR_SPARSE = 11, // as much text as can be found, in no order
} cocr_mode;

typedef struct {
  int32_t left, top, width, height;  // pixels of the picture given
  float confidence;                  // 0...100
  int32_t line;                      // words of one line have one number
  size_t text;                       // where its UTF-8 text, ended by 0, begins in the words' text
} cocr_word;

typedef struct {
  size_t count;
  cocr_word *words;
  char *text;
} cocr_words;

typedef struct cocr_reader cocr_reader;

// Opens a reader of `languages`, Tesseract's names joined by + ("eng+chi_sim"; letters, digits and _). `folder` holds the models (NULL:
// TESSDATA_PREFIX, else where Tesseract was installed). *out is the caller's, to be given to cocr_close.
cocr_status cocr_open(const char *languages, const char *folder, cocr_reader **out, char *message);

// The words of a picture of `channels` 1 (grey) or 3 (RGB), rows from the top without padding. *out is the caller's, to be given to
// cocr_free, also where it holds no words.
cocr_status cocr_read(cocr_reader *reader, const uint8_t *pixels, size_t count, int32_t width, int32_t height,
                      int32_t channels, cocr_mode mode, cocr_words **out, char *message);

void cocr_free(cocr_words *words);
void cocr_close(cocr_reader *reader);

#endif
