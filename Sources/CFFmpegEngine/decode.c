// Frames in the order of presentation. Damage that the decoder hides (lost references, concealed blocks) is counted as
// damage: a frame of guessed pixels is not the picture that was taken.
#include "Clip.h"

#include <string.h>

cff_status cff_damage(cff_clip *clip, cff_status status, const char *text, char *message) {
  if (clip->errors++ == 0) snprintf(clip->first_error, CFF_MESSAGE, "%s", text);
  return clip->errors > clip->limits.errors ? cff_fail(status, message, text) : CFF_OK;
}

static cff_status damage(cff_clip *clip, cff_status status, const char *what, char *message) {
  char text[CFF_MESSAGE];
  const char *report = cff_report("");
  snprintf(text, sizeof text, "at frame %lld: %s%s%.120s", (long long)clip->given, what, *report ? ": " : "", report);
  return cff_damage(clip, status, text, message);
}

// Hands the decoder one packet of the video stream, or the end.
static cff_status feed(cff_clip *clip, char *message) {
  int read = av_read_frame(clip->format, clip->packet);
  if (clip->source.late) return cff_fail(CFF_TOO_SLOW, message, "one frame took too long to read");
  if (clip->source.failed) return cff_fail(CFF_UNREADABLE, message, strerror(clip->source.failed));
  if (read == AVERROR(ENOMEM)) return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  if (read < 0) {
    clip->draining = 1;
    avcodec_send_packet(clip->decoder, NULL);
    return read == AVERROR_EOF ? CFF_OK : damage(clip, CFF_CORRUPT, "the clip cannot be read on", message);
  }
  cff_status status = CFF_OK;
  if (clip->packet->stream_index == clip->stream) {
    if (clip->packet->flags & AV_PKT_FLAG_CORRUPT) {
      status = damage(clip, CFF_TRUNCATED, "its data are cut short", message);
    }
    int sent = status == CFF_OK ? avcodec_send_packet(clip->decoder, clip->packet) : 0;
    if (sent == AVERROR(ENOMEM)) status = cff_fail(CFF_NO_MEMORY, message, "out of memory");
    else if (sent < 0) status = damage(clip, CFF_CORRUPT, "its data cannot be decoded", message);
  }
  av_packet_unref(clip->packet);
  return status;
}

// A frame that came: of the size of those before, and whole.
static cff_status accept(cff_clip *clip, char *message) {
  const AVFrame *frame = clip->frame;
  const AVCodecParameters *declared = clip->format->streams[clip->stream]->codecpar;
  if (frame->width != declared->width || frame->height != declared->height) {
    snprintf(message, CFF_MESSAGE, "frame %lld has %d x %d pixels, those before have %d x %d", (long long)clip->given,
             frame->width, frame->height, declared->width, declared->height);
    return CFF_UNSUPPORTED;
  }
  if (frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags) {
    return damage(clip, CFF_CORRUPT, "parts of the picture are lost", message);
  }
  return CFF_OK;
}

cff_status cff_advance(cff_clip *clip, char *message) {
  clip->source.deadline = cff_now() + clip->limits.step_seconds;
  cff_listen();
  for (int failures = 0; failures < 64;) {
    int got = avcodec_receive_frame(clip->decoder, clip->frame);
    if (got == AVERROR_EOF) return CFF_END;
    if (got == AVERROR(ENOMEM)) return cff_fail(CFF_NO_MEMORY, message, "out of memory");
    if (got == 0 && clip->given == 0 && !clip->ready) {
      // The first frame says what the container may have left open.
      AVCodecParameters *declared = clip->format->streams[clip->stream]->codecpar;
      declared->width = clip->frame->width;
      declared->height = clip->frame->height;
    }
    if (got == 0) return accept(clip, message);
    cff_status status = CFF_OK;
    if (got != AVERROR(EAGAIN)) {
      failures += clip->draining;
      status = damage(clip, CFF_CORRUPT, "it cannot be decoded", message);
    }
    if (status == CFF_OK && cff_now() > clip->source.deadline) {
      status = cff_fail(CFF_TOO_SLOW, message, "one frame took too long to decode");
    }
    if (status == CFF_OK && !clip->draining) status = feed(clip, message);
    if (status != CFF_OK) return status;
  }
  return CFF_END;
}

cff_status clip_next(cff_clip *clip, cff_frame *out, char *message) {
  if (!clip->ready) {
    cff_status status = cff_advance(clip, message);
    if (status != CFF_OK) return status;
  }
  clip->ready = 0;
  clip->given++;
  const AVFrame *frame = clip->frame;
  memset(out, 0, sizeof *out);
  out->has_time = frame->best_effort_timestamp != AV_NOPTS_VALUE;
  out->ticks = out->has_time ? frame->best_effort_timestamp : 0;
  out->duration = frame->pkt_duration > 0 ? frame->pkt_duration : 0;
  out->key = frame->key_frame;
  out->interlaced = frame->interlaced_frame;
  out->damaged = (frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame->decode_error_flags != 0;
  return CFF_OK;
}

int64_t clip_errors(const cff_clip *clip, char *message) {
  if (clip->errors) snprintf(message, CFF_MESSAGE, "%s", clip->first_error);
  return clip->errors;
}
