// DCMTK has no C headers; this module only carries the include and link paths of dcmtk.pc to CDCMTK.
