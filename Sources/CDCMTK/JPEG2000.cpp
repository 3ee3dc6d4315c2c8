// JPEG 2000 and HTJ2K: what our own decoder leaves goes through OpenJPEG.
#include <fcntl.h>
#include <openjpeg.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>

#include "Guard.h"
#include "Wavelet2000/Picture.h"

namespace {

struct Bytes {
  const uint8_t *data;
  size_t count, position;
};

OPJ_SIZE_T read_bytes(void *to, OPJ_SIZE_T wanted, void *user) {
  auto *bytes = static_cast<Bytes *>(user);
  size_t given = std::min<size_t>(wanted, bytes->count - bytes->position);
  if (given == 0) return (OPJ_SIZE_T)-1;
  std::memcpy(to, bytes->data + bytes->position, given);
  bytes->position += given;
  return given;
}

OPJ_OFF_T skip_bytes(OPJ_OFF_T wanted, void *user) {
  auto *bytes = static_cast<Bytes *>(user);
  if (wanted < 0) return -1;
  size_t given = std::min<size_t>((size_t)wanted, bytes->count - bytes->position);
  bytes->position += given;
  return given == 0 && wanted > 0 ? -1 : (OPJ_OFF_T)given;
}

OPJ_BOOL seek_bytes(OPJ_OFF_T position, void *user) {
  auto *bytes = static_cast<Bytes *>(user);
  if (position < 0 || (size_t)position > bytes->count) return OPJ_FALSE;
  bytes->position = (size_t)position;
  return OPJ_TRUE;
}

void keep_message(const char *text, void *user) {
  auto *kept = static_cast<std::string *>(user);
  if (kept->empty() && text) *kept = text;
  while (!kept->empty() && kept->back() == '\n') kept->pop_back();
}

void drop_message(const char *, void *) {}

// A codec, its stream and the picture it read the header of.
struct Session {
  Bytes bytes;
  std::string text;
  opj_stream_t *stream = nullptr;
  opj_codec_t *codec = nullptr;
  opj_image_t *image = nullptr;

  ~Session() {
    if (image) opj_image_destroy(image);
    if (codec) opj_destroy_codec(codec);
    if (stream) opj_stream_destroy(stream);
  }

  bool open(const uint8_t *data, size_t count) {
    static const uint8_t box[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
    bytes = {data, count, 0};
    bool boxed = count >= sizeof box && std::memcmp(data, box, sizeof box) == 0;
    stream = opj_stream_create(1 << 16, OPJ_TRUE);
    codec = opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    if (!stream || !codec) throw std::bad_alloc();
    opj_stream_set_user_data(stream, &bytes, nullptr);
    opj_stream_set_user_data_length(stream, count);
    opj_stream_set_read_function(stream, read_bytes);
    opj_stream_set_skip_function(stream, skip_bytes);
    opj_stream_set_seek_function(stream, seek_bytes);
    opj_set_error_handler(codec, keep_message, &text);
    opj_set_warning_handler(codec, drop_message, nullptr);
    opj_set_info_handler(codec, drop_message, nullptr);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    return opj_setup_decoder(codec, &parameters) && opj_read_header(stream, codec, &image) && image;
  }

  cd_status failure(char *message) const {
    return fail(CD_CORRUPT, message, text.empty() ? "the decoder gave up without a reason" : text.c_str());
  }
};

cd_picture picture_of(const opj_image_t &image) {
  cd_picture picture = {};
  picture.width = image.x1 > image.x0 ? image.x1 - image.x0 : 0;
  picture.height = image.y1 > image.y0 ? image.y1 - image.y0 : 0;
  picture.components = (int32_t)std::min<OPJ_UINT32>(image.numcomps, 1000);
  return picture;
}

template <class Sample>
void copy_component(const opj_image_comp_t &component, const cd_picture &picture, size_t index, Sample *out) {
  const size_t step = (size_t)picture.components;
  for (size_t y = 0; y < picture.height; y++) {
    const size_t row = std::min<size_t>(y / component.dy, component.h - 1);
    const OPJ_INT32 *from = component.data + row * component.w;
    Sample *to = out + y * picture.width * step + index;
    if (component.dx == 1 && component.w == picture.width) {
      for (size_t x = 0; x < picture.width; x++) to[x * step] = (Sample)from[x];
    } else {
      for (size_t x = 0; x < picture.width; x++) {
        to[x * step] = (Sample)from[std::min<size_t>(x / component.dx, component.w - 1)];
      }
    }
  }
}

cd_status decode(const uint8_t *data, size_t count, const cd_picture &picture, uint8_t *out, char *message) {
  return guarded(message, [&]() -> cd_status {
    Session session;
    if (!session.open(data, count)) return session.failure(message);
    const cd_picture found = picture_of(*session.image);
    if (found.width != picture.width || found.height != picture.height || found.components < picture.components) {
      return fail(CD_CORRUPT, message, "the codestream has another size than its header");
    }
    if (!opj_decode(session.codec, session.stream, session.image)) return session.failure(message);
    for (int32_t index = 0; index < picture.components; index++) {
      const opj_image_comp_t &component = session.image->comps[index];
      if (!component.data || component.w == 0 || component.h == 0 || component.dx == 0 || component.dy == 0) {
        return fail(CD_CORRUPT, message, "a component without samples");
      }
      switch (picture.bytes_per_sample) {
        case 1: copy_component(component, picture, (size_t)index, out); break;
        case 2: copy_component(component, picture, (size_t)index, reinterpret_cast<uint16_t *>(out)); break;
        default: copy_component(component, picture, (size_t)index, reinterpret_cast<uint32_t *>(out)); break;
      }
    }
    return CD_OK;
  });
}

// What the decoding process leaves in memory that both share; the samples come first.
struct Verdict {
  int32_t is_done;
  cd_status status;
  char message[CD_MESSAGE];
};

struct SharedMemory {
  size_t count;
  void *start;

  explicit SharedMemory(size_t count)
      : count(count), start(mmap(nullptr, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (start == MAP_FAILED) throw std::bad_alloc();
  }
  SharedMemory(const SharedMemory &) = delete;
  ~SharedMemory() { munmap(start, count); }
};

// The process may die without a word: no core, no report, no handler of the process that it was made from.
void prepare_to_die() {
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGXCPU, SIGTERM, SIGINT}) {
    std::signal(signal, SIG_DFL);
  }
  const rlimit none = {0, 0}, minute = {60, 60};
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_CPU, &minute);
  const int silence = open("/dev/null", O_WRONLY);
  if (silence >= 0) dup2(silence, STDERR_FILENO);
}

}  // namespace

extern "C" cd_status cd_jpeg2000_decode(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message) {
  if (decode_plain_jpeg2000(data, count, picture, out, capacity, message) == CD_OK) return CD_OK;
  return guarded(message, [&]() -> cd_status {
    const size_t bytes = bytes_of(*picture);
    if (bytes == 0 || bytes > capacity) return fail(CD_UNSUPPORTED, message, "a JPEG 2000 frame of this size");
    const size_t place = (bytes + alignof(Verdict) - 1) / alignof(Verdict) * alignof(Verdict);
    SharedMemory shared(place + sizeof(Verdict));
    auto *samples = static_cast<uint8_t *>(shared.start);
    auto *verdict = reinterpret_cast<Verdict *>(samples + place);
    const pid_t child = fork();
    if (child < 0) return fail(CD_NO_MEMORY, message, "no process to decode in");
    if (child == 0) {
      prepare_to_die();
      verdict->status = decode(data, count, *picture, samples, verdict->message);
      verdict->is_done = 1;
      _exit(0);
    }
    // Where the program has its children reaped by the system, waiting still waits, and ends with ECHILD.
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    if (!verdict->is_done) return fail(CD_CORRUPT, message, "the decoder gave up at damaged data");
    if (verdict->status != CD_OK) return fail(verdict->status, message, verdict->message);
    std::memcpy(out, samples, bytes);
    return CD_OK;
  });
}
