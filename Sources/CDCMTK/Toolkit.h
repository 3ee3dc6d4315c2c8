// DCMTK as the shims use it: silent, and set up once.
#pragma once

// Sets up DCMTK's logger and codecs; may be called from any thread, as often as one likes.
void prepare_toolkit();
