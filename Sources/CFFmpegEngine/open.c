// Opening: the container, its video stream, a decoder, and the first frame.
#include <libavutil/avstring.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "Clip.h"

// What scanners, phones and the exports of picture archives write. No decoder of sound or subtitles ever runs.
const char cff_decoders[] =
    "h264,hevc,mpeg1video,mpeg2video,mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4,h263,wmv1,wmv2,wmv3,vc1,mjpeg,vp8,vp9,libdav1d,"
    "gif,rawvideo,msrle,msvideo1,cinepak,indeo3,indeo4,indeo5,svq1,svq3,rpza,qtrle,png,huffyuv,ffvhuff,ffv1,utvideo,"
    "lagarith,dvvideo,prores";

// The libraries may open nothing beside the bytes they are given.
static int open_nothing(
    AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options) {
  (void)format, (void)io, (void)url, (void)flags, (void)options;
  return AVERROR(EPERM);
}

static void close_format(AVFormatContext **format) {
  if (!*format) return;
  AVIOContext *io = (*format)->pb;
  avformat_close_input(format);
  if (io) av_freep(&io->buffer);
  avio_context_free(&io);
}

static cff_status failed(int code, const cff_source *source, const char *what, char *message) {
  if (source->late) return cff_fail(CFF_TOO_SLOW, message, "it took too long to open");
  if (source->failed) return cff_fail(CFF_UNREADABLE, message, strerror(source->failed));
  if (code == AVERROR(ENOMEM)) return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  return cff_fail(CFF_CORRUPT, message, cff_report(what));
}

static cff_status open_format(
    cff_clip *clip, const cff_container *container, const char *decoders, AVFormatContext **out, char *message) {
  clip->source.at = 0;
  uint8_t *buffer = av_malloc(1 << 16);
  AVIOContext *io =
      buffer ? avio_alloc_context(buffer, 1 << 16, 0, &clip->source, cff_source_read, NULL, cff_source_seek) : NULL;
  AVFormatContext *format = avformat_alloc_context();
  if (!io || !format) {
    if (io) av_freep(&io->buffer);
    else av_free(buffer);
    avio_context_free(&io);
    avformat_free_context(format);
    return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  }
  format->pb = io;
  format->io_open = open_nothing;
  format->max_streams = 64;
  format->codec_whitelist = av_strdup(decoders);
  format->protocol_whitelist = av_strdup("none");
  format->format_whitelist = av_strdup(av_find_input_format(container->demuxer)->name);
  int code = avformat_open_input(&format, "", av_find_input_format(container->demuxer), NULL);
  if (code < 0) {
    // A context that was handed in is freed, its bytes' reader not.
    av_freep(&io->buffer);
    avio_context_free(&io);
    return failed(code, &clip->source, "its header cannot be read", message);
  }
  *out = format;
  return CFF_OK;
}

static cff_status check_size(const cff_limits *limits, int width, int height, char *message) {
  if (width <= limits->width && height <= limits->height && (int64_t)width * height <= limits->pixels) return CFF_OK;
  snprintf(message, CFF_MESSAGE, "%d x %d", width, height);
  return CFF_TOO_LARGE;
}

// Refuses sizes over the limits as the streams declare them.
static cff_status check_streams(const cff_clip *clip, const AVFormatContext *format, char *message) {
  for (unsigned i = 0; i < format->nb_streams; i++) {
    const AVCodecParameters *declared = format->streams[i]->codecpar;
    if (declared->codec_type != AVMEDIA_TYPE_VIDEO) continue;
    cff_status status = check_size(&clip->limits, declared->width, declared->height, message);
    if (status != CFF_OK) return status;
  }
  return CFF_OK;
}

// Reads on until the streams are known. Decoders that are tried on the way obey the limit on pixels where the container
// declared its streams at its start.
static cff_status find_streams(cff_clip *clip, AVFormatContext *format, char *message) {
  unsigned count = format->nb_streams;
  AVDictionary **options = count ? calloc(count, sizeof *options) : NULL;
  if (count && !options) return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  for (unsigned i = 0; i < count; i++) {
    av_dict_set_int(&options[i], "max_pixels", clip->limits.pixels, 0);
    av_dict_set_int(&options[i], "threads", 1, 0);
  }
  int code = avformat_find_stream_info(format, options);
  for (unsigned i = 0; i < count; i++) av_dict_free(&options[i]);
  free(options);
  return code < 0 ? failed(code, &clip->source, "its streams cannot be read", message) : CFF_OK;
}

// A container that declares no streams at its start: the parsers find their sizes before any decoder may run.
static cff_status look_ahead(cff_clip *clip, const cff_container *container, char *message) {
  AVFormatContext *format = NULL;
  cff_status status = open_format(clip, container, "none", &format, message);
  if (status == CFF_OK) {
    int code = avformat_find_stream_info(format, NULL);
    if (code < 0) status = failed(code, &clip->source, "its streams cannot be read", message);
  }
  if (status == CFF_OK) status = check_streams(clip, format, message);
  close_format(&format);
  return status;
}

static cff_status choose_stream(cff_clip *clip, char *message) {
  AVFormatContext *format = clip->format;
  clip->stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
  int chosen = clip->stream;
  if (chosen < 0 || format->streams[chosen]->disposition & AV_DISPOSITION_ATTACHED_PIC) {
    const char *kind = format->nb_streams ? avcodec_get_name(format->streams[0]->codecpar->codec_id) : "nothing";
    snprintf(message, CFF_MESSAGE, "%u streams without moving pictures (%s)", format->nb_streams, kind);
    return CFF_NO_VIDEO;
  }
  for (unsigned i = 0; i < format->nb_streams; i++) {
    if ((int)i != chosen) format->streams[i]->discard = AVDISCARD_ALL;
  }
  return CFF_OK;
}

static cff_status open_decoder(cff_clip *clip, char *message) {
  const AVStream *stream = clip->format->streams[clip->stream];
  const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
  if (!codec || !av_match_name(codec->name, cff_decoders)) {
    snprintf(message, CFF_MESSAGE, "its codec is %s", avcodec_get_name(stream->codecpar->codec_id));
    return CFF_UNSUPPORTED;
  }
  clip->decoder = avcodec_alloc_context3(codec);
  if (!clip->decoder || avcodec_parameters_to_context(clip->decoder, stream->codecpar) < 0) {
    return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  }
  clip->decoder->pkt_timebase = stream->time_base;
  clip->decoder->thread_count = 1;
  clip->decoder->max_pixels = clip->limits.pixels;
  // Frames whose references are missing are given, marked, instead of left out in silence.
  clip->decoder->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
  int code = avcodec_open2(clip->decoder, codec, NULL);
  return code < 0 ? failed(code, &clip->source, "its decoder cannot be set up", message) : CFF_OK;
}

static cff_status open_clip(cff_clip *clip, cff_info *info, char *message) {
  cff_listen();
  const cff_container *container = cff_container_of(&clip->source);
  if (!container) return cff_fail(CFF_UNKNOWN, message, "unknown content");
  cff_status status = CFF_OK;
  char early[CFF_MESSAGE];
  if (cff_ends_early(&clip->source, container, early)) status = cff_damage(clip, CFF_TRUNCATED, early, message);
  if (status == CFF_OK && container->headerless) status = look_ahead(clip, container, message);
  if (status == CFF_OK) status = open_format(clip, container, cff_decoders, &clip->format, message);
  if (status == CFF_OK) status = check_streams(clip, clip->format, message);
  if (status == CFF_OK) status = find_streams(clip, clip->format, message);
  if (status == CFF_OK) status = choose_stream(clip, message);
  if (status == CFF_OK) status = check_streams(clip, clip->format, message);
  if (status == CFF_OK) status = open_decoder(clip, message);
  if (status == CFF_OK) status = cff_advance(clip, message);
  if (status == CFF_END) return cff_fail(CFF_CORRUPT, message, cff_report("it holds no frame"));
  if (status == CFF_OK) status = check_size(&clip->limits, clip->frame->width, clip->frame->height, message);
  if (status == CFF_OK) status = cff_describe(clip, container, info, message);
  clip->ready = status == CFF_OK;
  return status;
}

void clip_close(cff_clip *clip) {
  if (!clip) return;
  sws_freeContext(clip->scaler);
  av_free(clip->picture);
  avcodec_free_context(&clip->decoder);
  close_format(&clip->format);
  av_packet_free(&clip->packet);
  av_frame_free(&clip->frame);
  if (clip->source.file >= 0) close(clip->source.file);
  free(clip);
}

static cff_status make(const cff_limits *limits, cff_clip **out, char *message) {
  *out = NULL;
  cff_clip *clip = calloc(1, sizeof *clip);
  if (!clip) return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  clip->source.file = -1;
  clip->limits = *limits;
  clip->source.deadline = cff_now() + limits->step_seconds;
  clip->packet = av_packet_alloc();
  clip->frame = av_frame_alloc();
  if (!clip->packet || !clip->frame) {
    clip_close(clip);
    return cff_fail(CFF_NO_MEMORY, message, "out of memory");
  }
  *out = clip;
  return CFF_OK;
}

static cff_status finish(cff_status status, cff_clip **out) {
  if (status != CFF_OK) {
    clip_close(*out);
    *out = NULL;
  }
  return status;
}

cff_status clip_open_file(
    const char *path, const cff_limits *limits, cff_clip **out, cff_info *info, char *message) {
  cff_status status = make(limits, out, message);
  if (status != CFF_OK) return status;
  status = cff_source_open(&(*out)->source, path, limits->file_bytes, message);
  if (status == CFF_OK) status = open_clip(*out, info, message);
  return finish(status, out);
}

// A clip whose source is set, but for its size.
static cff_status open_sized(cff_clip **out, int64_t count, cff_info *info, char *message) {
  cff_status status = CFF_OK;
  (*out)->source.size = count;
  if (count <= 0) {
    status = cff_fail(CFF_EMPTY, message, "no bytes");
  } else if (count > (*out)->limits.file_bytes) {
    snprintf(message, CFF_MESSAGE, "%lld", (long long)count);
    status = CFF_FILE_TOO_LARGE;
  }
  if (status == CFF_OK) status = open_clip(*out, info, message);
  return finish(status, out);
}

cff_status clip_open_bytes(
    const uint8_t *bytes, size_t count, const cff_limits *limits, cff_clip **out, cff_info *info, char *message) {
  cff_status status = make(limits, out, message);
  if (status != CFF_OK) return status;
  (*out)->source.bytes = bytes;
  return open_sized(out, (int64_t)count, info, message);
}

cff_status clip_open_reader(
    cff_read read, void *context, int64_t count, const cff_limits *limits, cff_clip **out, cff_info *info,
    char *message) {
  cff_status status = make(limits, out, message);
  if (status != CFF_OK) return status;
  (*out)->source.read = read;
  (*out)->source.context = context;
  return open_sized(out, count, info, message);
}
