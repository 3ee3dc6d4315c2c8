// JPEG 2000 decoded by our own decoder: codestreams of one style for all components, without subsampling, of up to 16 bits,
// whose code blocks have no special style. That is what scanners and archives write; all else is left to OpenJPEG.
#pragma once
#include "../include/CDCMTK.h"

// As cd_jpeg2000_decode; CD_UNSUPPORTED for codestreams of other kinds and for damaged ones.
cd_status decode_plain_jpeg2000(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message);
