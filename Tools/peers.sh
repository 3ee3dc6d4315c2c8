#!/usr/bin/env bash
# Installs what the benchmarks' peers need beside PyTorch, into .deps/peers (or the folder given): torchvision's and
# EfficientNet-Lite's networks, Pillow, NumPy. Without their dependencies, so that they use the libtorch that Insonate uses.
# Run twice, it does nothing the second time.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-.deps/peers}
packages=('torchvision==0.28.*' 'efficientnet-lite-pytorch==0.1.0' 'pillow' 'numpy')
stamp="$folder/installed-torchvision-0.28-lite-0.1.0"
[ ! -e "$stamp" ] || exit 0

if ! .deps/venv/bin/python -c 'import torch' 2>/dev/null; then
  echo "peers: no PyTorch in .deps/venv (LIBTORCH= was used for set-up); the Python peers will not be measured" >&2
  exit 0
fi
echo "peers: installing ${packages[*]} into $folder" >&2
.deps/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target "$folder" \
  "${packages[@]}"
touch "$stamp"
