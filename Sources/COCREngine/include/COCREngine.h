// COCREngine: the entries of COCR.h over Tesseract. Built as a library of its own, loaded by COCR on first use.
#ifndef COCRENGINE_H
#define COCRENGINE_H

#ifdef __cplusplus
extern "C" {
#endif

// A `const cocr_api *` of COCR's Table.h. Untyped here, so that this header needs no other.
const void *cocr_engine_api(void);

#ifdef __cplusplus
}
#endif
#endif
