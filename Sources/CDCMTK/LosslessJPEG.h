// A decoder of lossless JPEG of our own.
#pragma once
#include "CDCMTK.h"

// As cd_jpeg_decode; CD_UNSUPPORTED for other processes of JPEG, for subsampled components and for restarts within a row.
cd_status decode_lossless_jpeg(
    const uint8_t *data, size_t count, const cd_picture *picture, uint8_t *out, size_t capacity, char *message);
