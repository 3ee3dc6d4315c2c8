// libtorch has no C headers; this module only carries the include and link paths of libtorch.pc to CTorchEngine.
