// What an opened clip says of itself, its first frame decoded.
#include <libavutil/pixdesc.h>
#include <string.h>

#include "Clip.h"

// EXIF's orientation of a display matrix of quarter turns; 0 for any other.
static int32_t orientation_of(const AVStream *stream) {
  const int32_t *m = (const int32_t *)av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
  if (!m) return 1;
  int32_t a = m[0], b = m[1], c = m[3], d = m[4];
  if (b == 0 && c == 0 && a != 0 && d != 0) return a > 0 ? (d > 0 ? 1 : 4) : (d > 0 ? 2 : 3);
  if (a == 0 && d == 0 && b != 0 && c != 0) return b > 0 ? (c > 0 ? 5 : 6) : (c > 0 ? 8 : 7);
  return 0;
}

static cff_ratio ratio(AVRational value) {
  return value.num > 0 && value.den > 0 ? (cff_ratio){value.num, value.den} : (cff_ratio){0, 0};
}

cff_status cff_describe(cff_clip *clip, const cff_container *container, cff_info *info, char *message) {
  AVStream *stream = clip->format->streams[clip->stream];
  const AVFrame *frame = clip->frame;
  memset(info, 0, sizeof *info);
  snprintf(info->container, CFF_NAME, "%s", container->demuxer);
  snprintf(info->codec, CFF_NAME, "%s", avcodec_get_name(stream->codecpar->codec_id));
  const char *format = av_get_pix_fmt_name(frame->format);
  snprintf(info->pixel_format, CFF_NAME, "%s", format ? format : "unknown");
  info->width = frame->width;
  info->height = frame->height;
  info->orientation = orientation_of(stream);
  info->rate = ratio(stream->r_frame_rate);
  info->average_rate = ratio(stream->avg_frame_rate);
  info->time_base = ratio(stream->time_base);
  info->pixel_aspect = ratio(av_guess_sample_aspect_ratio(clip->format, stream, clip->frame));
  info->duration_ticks = stream->duration != AV_NOPTS_VALUE && stream->duration >= 0 ? stream->duration : -1;
  if (info->duration_ticks < 0 && clip->format->duration > 0) {
    info->duration_ticks = av_rescale_q(clip->format->duration, AV_TIME_BASE_Q, stream->time_base);
  }
  info->frames = stream->nb_frames > 0 ? stream->nb_frames : 0;
  info->full_range = frame->color_range == AVCOL_RANGE_UNSPECIFIED ? -1 : frame->color_range == AVCOL_RANGE_JPEG;
  if (frame->colorspace != AVCOL_SPC_UNSPECIFIED) {
    const char *matrix = av_color_space_name(frame->colorspace);
    snprintf(info->matrix, CFF_NAME, "%s", matrix ? matrix : "");
  }
  info->has_times = container->has_times;
  if (!info->orientation) return cff_fail(CFF_UNSUPPORTED, message, "its frames are turned by no quarter of a circle");
  if (!info->time_base.denominator) return cff_fail(CFF_CORRUPT, message, "its time base is not a positive number");
  return CFF_OK;
}
