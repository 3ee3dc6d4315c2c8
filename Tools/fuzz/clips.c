// libFuzzer over the shim of FFmpeg: any bytes give frames or a status, within the limits.
//
//   Tools/fuzz/run.sh builds and runs it (make fuzz).
#include <stdlib.h>
#include <string.h>

#include "CFFmpeg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char message[CFF_MESSAGE] = {0};
  cff_limits limits = {.width = 1024, .height = 1024, .pixels = 1 << 18, .file_bytes = 1 << 20, .step_seconds = 5};
  // Half of the inputs are read on through damage.
  limits.errors = size % 2 ? 50 : 0;
  cff_clip *clip = NULL;
  cff_info info;
  if (cff_open_bytes(data, size, &limits, &clip, &info, message) != CFF_OK) {
    if (clip || strlen(message) >= CFF_MESSAGE) abort();
    return 0;
  }
  if (info.width <= 0 || info.height <= 0 || (int64_t)info.width * info.height > limits.pixels) abort();
  size_t room = (size_t)info.width * (size_t)info.height * 3;
  uint8_t *pixels = malloc(room);
  cff_frame frame;
  for (int count = 0; count < 60 && cff_next(clip, &frame, message) == CFF_OK; count++) {
    if (cff_rgb(clip, pixels, room, message) != CFF_OK) break;
  }
  free(pixels);
  cff_close(clip);
  return 0;
}
