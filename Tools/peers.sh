#!/usr/bin/env bash
# Installs what the benchmarks' peers need beside PyTorch, into .deps/peers (or the folder given): the networks of
# torchvision, timm and EfficientNet-Lite, Pillow, NumPy, pydicom with pylibjpeg. Without their dependencies, so that they use the libtorch that
# Insonate uses. Run twice, it does nothing the second time.
set -euo pipefail
cd "$(dirname "$0")/.."

# pROC, for the statistics; without it that part says so.
if ! Rscript -e 'library(pROC)' >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "peers: installing Debian package r-cran-proc" >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends r-cran-proc >&2
fi

folder=${1:-.deps/peers}
packages=('torchvision==0.28.*' 'efficientnet-lite-pytorch==0.1.0' 'timm==1.0.31' 'safetensors' 'huggingface_hub'
  'pyyaml' 'pillow' 'numpy' 'scikit-learn' 'scipy' 'joblib' 'threadpoolctl'
  'cloudpickle' 'narwhals' 'pydicom==3.0.*' 'pylibjpeg==2.*' 'pylibjpeg-libjpeg' 'pylibjpeg-openjpeg' 'pylibjpeg-rle')
stamp="$folder/installed-torchvision-0.28-lite-0.1.0-timm-1.0.31-sklearn-pydicom"
[ ! -e "$stamp" ] || exit 0

if ! .deps/venv/bin/python -c 'import torch' 2>/dev/null; then
  echo "peers: no PyTorch in .deps/venv (LIBTORCH= was used for set-up); the Python peers will not be measured" >&2
  exit 0
fi
echo "peers: installing ${packages[*]} into $folder" >&2
.deps/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target "$folder" \
  "${packages[@]}"
touch "$stamp"
