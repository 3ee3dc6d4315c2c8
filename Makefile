# make run     set up, build, and do the main job on an in-silico cohort; ends by naming the report
# make test    set up, build, and run every test
# make build   a release executable that runs as it is: .build/release/insonate
# make bench   ratios against the peers (PyTorch, Python); BENCH='--parts steps --rounds 5' narrows it
# make fuzz    libFuzzer over the readers of DICOM, clips and stills, FUZZ_MINUTES=30 in all
# make lint    check the formatting; make format corrects it
#
# LIBTORCH=/path/to/libtorch uses a libtorch of your own instead of the one that setup installs.

SHELL := /bin/bash
.DEFAULT_GOAL := build
export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig:$(PKG_CONFIG_PATH)

# SwiftPM takes -I, -L and -l from the .pc file and drops the run path, so it is given here.
SWIFT_FLAGS = -Xlinker -rpath -Xlinker "$$(cat .deps/torch-lib)"
INSONATE = .build/release/insonate
RUNS = runs

.PHONY: setup build run test bench fuzz lint format clean
setup:
	@Tools/setup.sh

build: setup
	swift build -c release $(SWIFT_FLAGS)

run: build
	@mkdir -p $(RUNS)
	@test -e $(RUNS)/liver-images || $(INSONATE) simulate liver --out $(RUNS)/liver-images
	$(INSONATE) import $(RUNS)/liver-images --into $(RUNS)/liver.cohort
	$(INSONATE) run Protocols/liver-bmode.json --cohort $(RUNS)/liver.cohort --out $(RUNS)/liver --resume

test:
	@Tools/setup.sh --tests
	swift test $(SWIFT_FLAGS)

bench: build
	@Tools/peers.sh
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" .deps/venv/bin/python Benchmarks/bench.py $(BENCH)

fuzz: setup
	@FUZZ_MINUTES=$(or $(FUZZ_MINUTES),30) Tools/fuzz/run.sh

lint:
	swift format lint --strict --recursive Sources Tests Benchmarks Tools Package.swift

format:
	swift format --in-place --recursive Sources Tests Benchmarks Tools Package.swift

clean:
	rm -rf .build $(RUNS) .bench
