// Guarded C entries over FFmpeg's libraries: a clip's frames one after another, as RGB. Every entry returns a status and,
// when it is not CFF_OK or CFF_END, writes a message into a buffer of CFF_MESSAGE bytes. The libraries see one file or block
// of bytes through callbacks and can open nothing else: no protocol, no playlist, no second file. Which container it is
// is told from the first bytes here, so that the libraries' three hundred probes never run on it. One thread decodes.
// The entries load CFFmpegEngine, and with it FFmpeg, when the first clip is opened.
#ifndef CFFMPEG_H
#define CFFMPEG_H

#include <stddef.h>
#include <stdint.h>

#define CFF_MESSAGE 240
#define CFF_NAME 24

typedef enum {
  CFF_OK = 0,
  CFF_END = 1,          // no frame is left
  CFF_UNREADABLE = 2,   // the operating system's reason
  CFF_NOT_A_FILE = 3,
  CFF_EMPTY = 4,
  CFF_FILE_TOO_LARGE = 5,
  CFF_UNKNOWN = 6,      // none of the containers that are read
  CFF_NO_VIDEO = 7,
  CFF_TRUNCATED = 8,    // the file ends before its clip does
  CFF_CORRUPT = 9,
  CFF_UNSUPPORTED = 10, // well formed, but a kind that is not read
  CFF_TOO_LARGE = 11,   // more pixels, columns or rows than the limits allow
  CFF_TOO_SLOW = 12,    // opening or one frame took longer than the limits allow
  CFF_NO_MEMORY = 13,
  CFF_NOT_LOADED = 14,  // the engine or FFmpeg's libraries are not where they are looked for
} cff_status;

typedef struct {
  int32_t width, height;  // of the stored frame
  int64_t pixels;
  int64_t file_bytes;
  int64_t errors;         // damage that is passed over before the clip is refused; 0: none
  double step_seconds;    // wall time of opening, and of one frame
} cff_limits;

typedef struct {
  int32_t numerator, denominator;  // 0/0 where the file does not say
} cff_ratio;

typedef struct {
  char container[CFF_NAME], codec[CFF_NAME], pixel_format[CFF_NAME];
  int32_t width, height;      // as stored, before the orientation is applied
  int32_t orientation;        // EXIF's 1...8, from the display matrix
  cff_ratio rate;             // the lowest rate at which all times of the file's start can be told exactly
  cff_ratio average_rate;
  cff_ratio time_base;        // seconds of one tick
  cff_ratio pixel_aspect;     // width to height of a stored pixel
  int64_t duration_ticks;     // -1 where the file does not say
  int64_t frames;             // as the container declares them, 0 where it does not
  int32_t full_range;         // 1 full, 0 limited, -1 where the file does not say
  char matrix[CFF_NAME];      // as FFmpeg names it, empty where the file does not say
  int32_t has_times;          // 0 for an elementary stream, whose frames carry no times
} cff_info;

typedef struct {
  int64_t ticks;         // presentation time in units of the time base
  int32_t has_time;      // 0 where the file gives this frame none
  int64_t duration;      // in ticks, 0 where the file does not say
  int32_t key, interlaced, damaged;
} cff_frame;

typedef struct cff_clip cff_clip;

// Opens and decodes the first frame, which cff_next then gives. *out is the caller's, to be given to cff_close.
cff_status cff_open_file(
    const char *path, const cff_limits *limits, cff_clip **out, cff_info *info, char *message);
// `bytes` must outlive the clip.
cff_status cff_open_bytes(
    const uint8_t *bytes, size_t count, const cff_limits *limits, cff_clip **out, cff_info *info, char *message);
// Bytes that are read through `read`: it fills `to` with those from `at` on and returns how many it gave, or an errno below
// 0. It is never asked for bytes beyond `count`. `context` must outlive the clip.
typedef int32_t (*cff_read)(void *context, int64_t at, uint8_t *to, int32_t wanted);
cff_status cff_open_reader(
    cff_read read, void *context, int64_t count, const cff_limits *limits, cff_clip **out, cff_info *info,
    char *message);
// The next frame in the order of presentation. CFF_END after the last.
cff_status cff_next(cff_clip *clip, cff_frame *frame, char *message);
// The frame that cff_next gave last as RGB, rows from the top without padding, as stored (before the orientation).
cff_status cff_rgb(cff_clip *clip, uint8_t *pixels, size_t capacity, char *message);
// How much damage has been passed over; `message` receives the first. 0 leaves `message` alone.
int64_t cff_errors(const cff_clip *clip, char *message);
void cff_close(cff_clip *clip);

// A clip that is written without loss: PNG frames in a QuickTime file, whose bytes follow from its frames and times alone.
typedef struct cff_writer cff_writer;

// *out is the caller's, to be given to cff_discard, after cff_finish too. CFF_UNREADABLE: the operating system's reason.
cff_status cff_create(const char *path, int32_t width, int32_t height, cff_writer **out, char *message);
// `pixels`: RGB, rows from the top without padding. Times rise from frame to frame.
cff_status cff_add(cff_writer *writer, const uint8_t *pixels, size_t count, int64_t microseconds, char *message);
cff_status cff_finish(cff_writer *writer, char *message);
void cff_discard(cff_writer *writer);

#endif
