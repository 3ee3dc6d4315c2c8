// CFFmpegEngine: the entries of CFFmpeg.h over FFmpeg's libraries. Built as a library of its own, loaded by CFFmpeg on first use.
#ifndef CFFMPEGENGINE_H
#define CFFMPEGENGINE_H

// A `const cff_api *` of CFFmpeg's Table.h. Untyped here, so that this header needs no other.
const void *cff_engine_api(void);

#endif
