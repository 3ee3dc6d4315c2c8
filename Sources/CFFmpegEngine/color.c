// A decoded frame as RGB, exactly as `ffmpeg -pix_fmt rgb24` makes it: swscale with SWS_BICUBIC and no other flag, the frame's
// own matrix (BT.601 where it says none, as FFmpeg takes it) and range, 4:2:0 chroma sited as in MPEG-2. Where chroma says
// grey, red, green and blue are equal.
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#include "Clip.h"

// The matrices that swscale tells apart; the others are taken as BT.601.
static int known_space(enum AVColorSpace space) {
  return space < AVCOL_SPC_BT709 || space > AVCOL_SPC_BT2020_CL || space == AVCOL_SPC_YCGCO ? AVCOL_SPC_BT470BG
                                                                                           : (int)space;
}

static int set_colors(struct SwsContext *scaler, const AVFrame *frame) {
  int *inverse, *table, full_in, full_out, brightness, contrast, saturation;
  if (sws_getColorspaceDetails(scaler, &inverse, &full_in, &table, &full_out, &brightness, &contrast, &saturation) < 0) {
    return 1;  // RGB in, RGB out: there is nothing to set
  }
  const int *wanted = sws_getCoefficients(known_space(frame->colorspace));
  if (frame->color_range != AVCOL_RANGE_UNSPECIFIED) full_in = frame->color_range == AVCOL_RANGE_JPEG;
  sws_setColorspaceDetails(scaler, wanted, full_in, wanted, full_out, brightness, contrast, saturation);
  return 1;
}

static struct SwsContext *make_scaler(const AVFrame *frame) {
  struct SwsContext *scaler = sws_alloc_context();
  if (!scaler) return NULL;
  av_opt_set_int(scaler, "sws_flags", SWS_BICUBIC, 0);
  av_opt_set_int(scaler, "srcw", frame->width, 0);
  av_opt_set_int(scaler, "srch", frame->height, 0);
  av_opt_set_int(scaler, "src_format", frame->format, 0);
  av_opt_set_int(scaler, "dstw", frame->width, 0);
  av_opt_set_int(scaler, "dsth", frame->height, 0);
  av_opt_set_int(scaler, "dst_format", AV_PIX_FMT_RGB24, 0);
  if (frame->format == AV_PIX_FMT_YUV420P) av_opt_set_int(scaler, "src_v_chr_pos", 128, 0);
  if (sws_init_context(scaler, NULL, NULL) < 0 || !set_colors(scaler, frame)) {
    sws_freeContext(scaler);
    return NULL;
  }
  return scaler;
}

static cff_status prepare(cff_clip *clip, char *message) {
  const AVFrame *frame = clip->frame;
  if (clip->scaler && clip->scaler_format == frame->format && clip->scaler_space == (int)frame->colorspace &&
      clip->scaler_range == (int)frame->color_range) {
    return CFF_OK;
  }
  sws_freeContext(clip->scaler);
  clip->scaler = make_scaler(frame);
  if (!clip->scaler) {
    const char *name = av_get_pix_fmt_name(frame->format);
    snprintf(message, CFF_MESSAGE, "pixels of the kind %s cannot be turned into RGB", name ? name : "unknown");
    return CFF_UNSUPPORTED;
  }
  clip->scaler_format = frame->format;
  clip->scaler_space = (int)frame->colorspace;
  clip->scaler_range = (int)frame->color_range;
  return CFF_OK;
}

cff_status clip_rgb(cff_clip *clip, uint8_t *pixels, size_t capacity, char *message) {
  const AVFrame *frame = clip->frame;
  size_t row = (size_t)frame->width * 3;
  if (!clip->given || !frame->data[0]) return cff_fail(CFF_CORRUPT, message, "there is no frame");
  if (capacity < row * (size_t)frame->height) return cff_fail(CFF_NO_MEMORY, message, "the pixel buffer is too small");
  cff_status status = prepare(clip, message);
  if (status != CFF_OK) return status;
  if (!clip->picture) {
    // The scaler writes whole vectors, so a row has room behind its last pixel.
    clip->picture_stride = (int)((row + 63) / 64 * 64 + 64);
    clip->picture = av_malloc((size_t)clip->picture_stride * (size_t)frame->height + 64);
    if (!clip->picture) return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  }
  uint8_t *to[4] = {clip->picture};
  int strides[4] = {clip->picture_stride};
  int rows = sws_scale(
      clip->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, to, strides);
  if (rows != frame->height) return cff_fail(CFF_CORRUPT, message, cff_report("its colours cannot be converted"));
  for (int y = 0; y < frame->height; y++) {
    memcpy(pixels + (size_t)y * row, clip->picture + (size_t)y * (size_t)clip->picture_stride, row);
  }
  return CFF_OK;
}
