// CTorchEngine: the guarded C functions of CTorch.h over libtorch. The only place that sees at::Tensor; no C++ exception
// leaves it. Built as a library of its own, loaded by CTorch on first use.
#ifndef INSONATE_CTORCHENGINE_H
#define INSONATE_CTORCHENGINE_H

#ifdef __cplusplus
extern "C" {
#endif

// A `const ct_api *` of CTorch.h. Untyped here, so that this header needs no other.
const void *ct_engine_api(void);

#ifdef __cplusplus
}
#endif
#endif
