# make run    set up, build, and do the main job on the in-silico cohort
# make test   set up, build, and run every test
SHELL := /bin/bash
export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig:$(PKG_CONFIG_PATH)
RPATH = -Xlinker -rpath -Xlinker $$(cat .deps/torch-lib)

.PHONY: setup build test
setup:
	@Tools/setup.sh
build: setup
	swift build -c release $(RPATH)
test: setup
	swift test $(RPATH)
