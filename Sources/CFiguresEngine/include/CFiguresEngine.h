// CFiguresEngine: SVG to PDF over librsvg and Cairo. Built as a library of its own, loaded by CFigures on first use.
#ifndef CFIGURESENGINE_H
#define CFIGURESENGINE_H

// A `const cfg_api *` of CFigures' Table.h. Untyped here, so that this header needs no other.
const void *cfg_engine_api(void);

#endif
