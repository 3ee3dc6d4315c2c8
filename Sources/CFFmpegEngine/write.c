// A clip written without loss: PNG frames in a QuickTime file.
#include <libavutil/imgutils.h>
#include <stdlib.h>
#include <string.h>

#include "Clip.h"

enum { SECOND = 1000000 };  // ticks

struct cff_writer {
  AVFormatContext *format;
  AVCodecContext *encoder;
  AVStream *stream;
  AVFrame *frame;
  AVPacket *packet;  // the last frame's, which waits for the time of the next
  int64_t written, duration;
};

void writer_close(cff_writer *writer) {
  if (writer->format && writer->format->pb) avio_closep(&writer->format->pb);
  avformat_free_context(writer->format);
  avcodec_free_context(&writer->encoder);
  av_frame_free(&writer->frame);
  av_packet_free(&writer->packet);
  free(writer);
}

static cff_status no_memory(char *message) { return cff_fail(CFF_NO_MEMORY, message, "out of memory"); }

static cff_status make_encoder(cff_writer *writer, int32_t width, int32_t height, char *message) {
  const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
  if (!codec) return cff_fail(CFF_UNSUPPORTED, message, "FFmpeg's libraries have no PNG encoder");
  writer->encoder = avcodec_alloc_context3(codec);
  if (!writer->encoder) return no_memory(message);
  AVCodecContext *encoder = writer->encoder;
  encoder->width = width;
  encoder->height = height;
  encoder->pix_fmt = AV_PIX_FMT_RGB24;
  encoder->time_base = (AVRational){1, SECOND};
  encoder->thread_count = 1;
  encoder->compression_level = 4;
  // The same frames give the same bytes, with no word of when and by what they were written.
  encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  if (avcodec_open2(encoder, codec, NULL) < 0) {
    return cff_fail(CFF_UNSUPPORTED, message, cff_report("the PNG encoder refuses frames of this size"));
  }
  return CFF_OK;
}

static cff_status make_file(cff_writer *writer, const char *path, char *message) {
  if (avformat_alloc_output_context2(&writer->format, NULL, "mov", NULL) < 0) return no_memory(message);
  writer->format->flags |= AVFMT_FLAG_BITEXACT;
  writer->stream = avformat_new_stream(writer->format, NULL);
  if (!writer->stream) return no_memory(message);
  if (avcodec_parameters_from_context(writer->stream->codecpar, writer->encoder) < 0) return no_memory(message);
  writer->stream->time_base = writer->encoder->time_base;
  // Named, so that no path is taken for another protocol.
  size_t length = strlen(path) + 6;
  char *url = malloc(length);
  if (!url) return no_memory(message);
  snprintf(url, length, "file:%s", path);
  int opened = avio_open(&writer->format->pb, url, AVIO_FLAG_WRITE);
  free(url);
  if (opened < 0) return cff_fail(CFF_UNREADABLE, message, strerror(AVUNERROR(opened)));
  if (avformat_write_header(writer->format, NULL) < 0) {
    return cff_fail(CFF_UNREADABLE, message, cff_report("its head cannot be written"));
  }
  return CFF_OK;
}

cff_status writer_open(const char *path, int32_t width, int32_t height, cff_writer **out, char *message) {
  *out = NULL;
  cff_listen();
  if (width < 1 || height < 1 || av_image_check_size((unsigned)width, (unsigned)height, 0, NULL) < 0) {
    return cff_fail(CFF_TOO_LARGE, message, "a clip cannot have frames of this size");
  }
  cff_writer *writer = calloc(1, sizeof *writer);
  if (!writer) return no_memory(message);
  writer->packet = av_packet_alloc();
  writer->frame = av_frame_alloc();
  writer->duration = SECOND / 25;
  cff_status status = writer->packet && writer->frame ? make_encoder(writer, width, height, message) : no_memory(message);
  if (status == CFF_OK) status = make_file(writer, path, message);
  if (status == CFF_OK) {
    writer->frame->width = width;
    writer->frame->height = height;
    writer->frame->format = AV_PIX_FMT_RGB24;
    *out = writer;
  } else {
    writer_close(writer);
  }
  return status;
}

// Writes the packet that waits; it lasts until `until`, or as long as the one before where that is not known.
static cff_status pass_on(cff_writer *writer, int64_t until, char *message) {
  AVPacket *packet = writer->packet;
  if (!packet->data) return CFF_OK;
  if (until > packet->pts) writer->duration = until - packet->pts;
  packet->duration = writer->duration;
  av_packet_rescale_ts(packet, writer->encoder->time_base, writer->stream->time_base);
  packet->stream_index = writer->stream->index;
  if (av_write_frame(writer->format, packet) < 0) {
    return cff_fail(CFF_UNREADABLE, message, cff_report("a frame cannot be written"));
  }
  av_packet_unref(packet);
  return CFF_OK;
}

cff_status writer_add(cff_writer *writer, const uint8_t *pixels, size_t count, int64_t microseconds, char *message) {
  cff_listen();
  AVFrame *frame = writer->frame;
  if (count != (size_t)frame->width * (size_t)frame->height * 3) {
    return cff_fail(CFF_CORRUPT, message, "a frame has not the pixels of its clip");
  }
  if (writer->written > 0 && microseconds <= frame->pts) {
    return cff_fail(CFF_CORRUPT, message, "the times of its frames do not rise");
  }
  cff_status status = pass_on(writer, microseconds, message);
  if (status != CFF_OK) return status;
  // The encoder reads the pixels before it returns.
  av_image_fill_arrays(frame->data, frame->linesize, pixels, AV_PIX_FMT_RGB24, frame->width, frame->height, 1);
  frame->pts = microseconds;
  int sent = avcodec_send_frame(writer->encoder, frame);
  if (sent >= 0) sent = avcodec_receive_packet(writer->encoder, writer->packet);
  if (sent == AVERROR(ENOMEM)) return no_memory(message);
  if (sent < 0) return cff_fail(CFF_CORRUPT, message, cff_report("a frame cannot be encoded"));
  writer->packet->pts = writer->packet->dts = microseconds;
  writer->written++;
  return CFF_OK;
}

cff_status writer_finish(cff_writer *writer, char *message) {
  cff_listen();
  if (writer->written == 0) return cff_fail(CFF_NO_VIDEO, message, "a clip without a frame cannot be written");
  cff_status status = pass_on(writer, -1, message);
  if (status != CFF_OK) return status;
  if (av_write_trailer(writer->format) < 0) {
    return cff_fail(CFF_UNREADABLE, message, cff_report("its end cannot be written"));
  }
  int closed = avio_closep(&writer->format->pb);
  return closed < 0 ? cff_fail(CFF_UNREADABLE, message, strerror(AVUNERROR(closed))) : CFF_OK;
}
