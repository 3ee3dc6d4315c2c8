#include "CFFmpegEngine.h"

#include "Clip.h"

static const cff_api api = {
    .version = CFF_API_VERSION,
    .open_file = clip_open_file,
    .open_bytes = clip_open_bytes,
    .open_reader = clip_open_reader,
    .next = clip_next,
    .rgb = clip_rgb,
    .errors = clip_errors,
    .close = clip_close,
    .create = writer_open,
    .add = writer_add,
    .finish = writer_finish,
    .discard = writer_close,
};

const void *cff_engine_api(void) { return &api; }
