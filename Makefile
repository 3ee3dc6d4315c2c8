# make run    set up, build, and do the main job on the in-silico cohort
# make test   set up, build, and run every test
# make bench  set up, build, and print ratios against the peers; BENCH='--parts steps --rounds 5' narrows it
SHELL := /bin/bash
export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig:$(PKG_CONFIG_PATH)
RPATH = -Xlinker -rpath -Xlinker $$(cat .deps/torch-lib)

.PHONY: setup build test bench
setup:
	@Tools/setup.sh
build: setup
	swift build -c release $(RPATH)
test: setup
	swift test $(RPATH)
bench: build
	@Tools/peers.sh
	@.deps/venv/bin/python Benchmarks/bench.py $(BENCH)
