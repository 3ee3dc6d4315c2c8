// C++ only so that no exception of Tesseract comes out; Tesseract itself is called through its C interface.
#include <tesseract/capi.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "COCREngine.h"

extern "C" {
#include "../COCR/Table.h"

// libgomp's, which Tesseract brings with it: the call that compilers make of "#pragma omp parallel".
void GOMP_parallel(void (*work)(void *), void *data, unsigned threads, unsigned flags);
int omp_get_thread_num(void);
// Leptonica's, on which Tesseract stands; 6 silences it.
int setMsgSeverity(int severity);
}

struct cocr_reader {
  TessBaseAPI *tesseract;
};

namespace {

// Tesseract sets up shared tables while it opens its first models.
std::mutex opening;

// Within it, Tesseract works on the calling thread alone, since its own four threads a picture take longer than one: a parallel loop
// inside another has one thread. No setting of OpenMP that holds for the whole process may be touched instead: libtorch's loops,
// which may run beside, wait forever for threads that such a setting denied them. `call` may not throw.
template <typename Call>
cocr_status alone(Call call) {
  struct Work {
    Call &call;
    cocr_status status;
  } work{call, COCR_FAILED};
  const auto run = [](void *data) {
    auto work = static_cast<Work *>(data);
    if (omp_get_thread_num() == 0) work->status = work->call();
  };
  GOMP_parallel(run, &work, 2, 0);
  return work.status;
}

struct Tesseract {
  TessBaseAPI *api = TessBaseAPICreate();
  ~Tesseract() {
    if (api) TessBaseAPIDelete(api);
  }
};

bool opened(TessBaseAPI *api, const char *folder, const std::string &languages) {
  TessBaseAPISetVariable(api, "debug_file", "/dev/null");
  return TessBaseAPIInit3(api, folder, languages.c_str()) == 0;
}

bool are_names(const char *languages) {
  if (*languages == 0 || strlen(languages) > 200) return false;
  for (const char *at = languages; *at; at++) {
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+", *at)) return false;
  }
  return true;
}

std::vector<std::string> split(const std::string &languages) {
  std::vector<std::string> names;
  for (size_t start = 0; start <= languages.size();) {
    const size_t end = std::min(languages.find('+', start), languages.size());
    if (end > start) names.push_back(languages.substr(start, end - start));
    start = end + 1;
  }
  return names;
}

// Tesseract passes over a language that it lacks where it has another, so each is asked for alone.
bool has_models(const char *languages, const char *folder, char *message) {
  const auto names = split(languages);
  for (const auto &name : names) {
    Tesseract alone;
    if (alone.api && opened(alone.api, folder, name)) continue;
    std::string package = "tesseract-ocr-" + name;
    for (auto &letter : package) letter = letter == '_' ? '-' : letter;
    snprintf(message, COCR_MESSAGE, "no Tesseract model of language %s was found%s%s: install the package %s",
             name.c_str(), folder ? " in " : "", folder ? folder : "", package.c_str());
    return false;
  }
  if (names.empty()) snprintf(message, COCR_MESSAGE, "no language is named");
  return !names.empty();
}

cocr_status open_checked(const char *languages, const char *folder, cocr_reader **out, char *message) {
  if (!are_names(languages)) {
    snprintf(message, COCR_MESSAGE, "expected names of languages joined by +, found \"%.100s\"", languages);
    return COCR_ARGUMENT;
  }
  std::lock_guard<std::mutex> guard(opening);
  setMsgSeverity(6);
  static std::string known;  // the set that was found complete last
  const std::string wanted = std::string(folder ? folder : "") + "\n" + languages;
  if (wanted != known && !has_models(languages, folder, message)) return COCR_NO_MODEL;
  known = wanted;
  auto reader = std::make_unique<cocr_reader>();
  Tesseract made;
  if (!made.api || !opened(made.api, folder, languages)) {
    snprintf(message, COCR_MESSAGE, "Tesseract did not open its models of %s", languages);
    return COCR_FAILED;
  }
  // What one picture taught must not change what is read in the next.
  TessBaseAPISetVariable(made.api, "classify_enable_learning", "0");
  std::swap(reader->tesseract, made.api);
  *out = reader.release();
  return COCR_OK;
}

struct Iterator {
  TessResultIterator *at;
  ~Iterator() {
    if (at) TessResultIteratorDelete(at);
  }
};

cocr_status collect(TessBaseAPI *api, cocr_words **out) {
  std::vector<cocr_word> words;
  std::string text;
  Iterator iterator{TessBaseAPIGetIterator(api)};
  if (iterator.at) {
    auto page = TessResultIteratorGetPageIterator(iterator.at);
    int32_t line = -1;
    do {
      if (TessPageIteratorIsAtBeginningOf(page, tesseract::RIL_TEXTLINE)) line += 1;
      int left, top, right, bottom;
      if (!TessPageIteratorBoundingBox(page, tesseract::RIL_WORD, &left, &top, &right, &bottom)) continue;
      char *word = TessResultIteratorGetUTF8Text(iterator.at, tesseract::RIL_WORD);
      if (!word) continue;
      words.push_back({left, top, right - left, bottom - top, TessResultIteratorConfidence(iterator.at, tesseract::RIL_WORD),
                       line, text.size()});
      text.append(word, strlen(word) + 1);
      TessDeleteText(word);
    } while (TessResultIteratorNext(iterator.at, tesseract::RIL_WORD));
  }
  auto made = std::make_unique<cocr_words>();
  auto kept = std::make_unique<cocr_word[]>(words.size() + 1);
  auto letters = std::make_unique<char[]>(text.size() + 1);
  memcpy(kept.get(), words.data(), words.size() * sizeof(cocr_word));
  memcpy(letters.get(), text.data(), text.size());
  *made = {words.size(), kept.release(), letters.release()};
  *out = made.release();
  return COCR_OK;
}

cocr_status read_checked(cocr_reader *reader, const uint8_t *pixels, size_t count, int32_t width, int32_t height,
                         int32_t channels, cocr_mode mode, cocr_words **out, char *message) {
  const bool fits = width >= 1 && height >= 1 && width <= COCR_LARGEST_SIDE && height <= COCR_LARGEST_SIDE &&
                    (int64_t)width * height <= COCR_LARGEST_AREA && (channels == 1 || channels == 3);
  if (!fits || count != (size_t)width * height * channels) {
    snprintf(message, COCR_MESSAGE, "a picture of %d x %d pixels in %d channels, %zu bytes, cannot be read", width,
             height, channels, count);
    return COCR_ARGUMENT;
  }
  if (mode != COCR_PAGE && mode != COCR_BLOCK && mode != COCR_LINE && mode != COCR_WORD && mode != COCR_SPARSE) {
    snprintf(message, COCR_MESSAGE, "unknown page segmentation mode %d", (int)mode);
    return COCR_ARGUMENT;
  }
  TessBaseAPISetPageSegMode(reader->tesseract, (TessPageSegMode)mode);
  TessBaseAPISetImage(reader->tesseract, pixels, width, height, channels, channels * width);
  TessBaseAPISetSourceResolution(reader->tesseract, 70);
  if (TessBaseAPIRecognize(reader->tesseract, nullptr) != 0) {
    TessBaseAPIClear(reader->tesseract);
    snprintf(message, COCR_MESSAGE, "Tesseract gave up on a picture of %d x %d pixels", width, height);
    return COCR_FAILED;
  }
  const cocr_status status = collect(reader->tesseract, out);
  TessBaseAPIClear(reader->tesseract);
  return status;
}

template <typename Call>
cocr_status guarded(char *message, Call call) {
  try {
    return call();
  } catch (const std::bad_alloc &) {
    snprintf(message, COCR_MESSAGE, "not enough memory to read text");
    return COCR_NO_MEMORY;
  } catch (const std::exception &error) {
    snprintf(message, COCR_MESSAGE, "Tesseract failed: %s", error.what());
  } catch (...) {
    snprintf(message, COCR_MESSAGE, "Tesseract failed for a reason it does not tell");
  }
  return COCR_FAILED;
}

cocr_status open_reader(const char *languages, const char *folder, cocr_reader **out, char *message) {
  *out = nullptr;
  return alone([&] { return guarded(message, [&] { return open_checked(languages, folder, out, message); }); });
}

cocr_status read_picture(cocr_reader *reader, const uint8_t *pixels, size_t count, int32_t width, int32_t height,
                         int32_t channels, cocr_mode mode, cocr_words **out, char *message) {
  *out = nullptr;
  return alone([&] {
    return guarded(message, [&] {
      return read_checked(reader, pixels, count, width, height, channels, mode, out, message);
    });
  });
}

void free_words(cocr_words *words) {
  delete[] words->words;
  delete[] words->text;
  delete words;
}

void close_reader(cocr_reader *reader) {
  try {
    TessBaseAPIDelete(reader->tesseract);
  } catch (...) {
    // Nothing is left to be told to a caller who is done with it.
  }
  delete reader;
}

const cocr_api api = {COCR_API_VERSION, open_reader, read_picture, free_words, close_reader};

}  // namespace

const void *cocr_engine_api(void) { return &api; }
