// What the libraries say goes to no terminal: the last error of each thread is kept, for our own message.
#include <libavutil/log.h>
#include <pthread.h>
#include <string.h>

#include "Clip.h"

static _Thread_local char last[CFF_MESSAGE];
static _Thread_local char given[CFF_MESSAGE];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void keep(void *context, int level, const char *format, va_list arguments) {
  (void)context;
  if (level > AV_LOG_ERROR || level < 0) return;
  vsnprintf(last, sizeof last, format, arguments);
  size_t length = strlen(last);
  while (length > 0 && (last[length - 1] == '\n' || last[length - 1] == ' ')) last[--length] = 0;
  for (size_t i = 0; i < length; i++) {
    if ((unsigned char)last[i] < 0x20 || (unsigned char)last[i] > 0x7e) last[i] = '?';
  }
}

static void set_up(void) { av_log_set_callback(keep); }

void cff_listen(void) {
  pthread_once(&once, set_up);
  last[0] = 0;
}

const char *cff_report(const char *otherwise) {
  snprintf(given, sizeof given, "%s", last[0] ? last : otherwise);
  last[0] = 0;
  return given;
}
