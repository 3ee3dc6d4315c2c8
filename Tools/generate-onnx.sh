#!/usr/bin/env bash
# Makes Sources/Export/Generated/onnx.pb.swift again: ONNX's schema from its Python package, Debian's protobuf-compiler, and
# the generator of the swift-protobuf version that Package.swift names. Needed only when one of them changes.
set -euo pipefail
cd "$(dirname "$0")/.."
onnx_version='1.23.2'
swift_protobuf_version=$(sed -n 's|.*apple/swift-protobuf", exact: "\([0-9.]*\)".*|\1|p' Package.swift)

command -v protoc > /dev/null || { echo "generate-onnx: install Debian's protobuf-compiler first" >&2; exit 65; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --no-deps --target "$work/onnx" "onnx==$onnx_version"
git clone --quiet --depth 1 --branch "$swift_protobuf_version" https://github.com/apple/swift-protobuf "$work/swift-protobuf"
swift build --package-path "$work/swift-protobuf" --product protoc-gen-swift

protoc --plugin="$work/swift-protobuf/.build/debug/protoc-gen-swift" --proto_path="$work/onnx/onnx" \
  --swift_out=Sources/Export/Generated onnx.proto
sed -i "0,/^\/\/ SPDX-License-Identifier.*/s||&\n// Copyright (c) ONNX Project Contributors. Derived from the schema of ONNX $onnx_version by Tools/generate-onnx.sh.|" \
  Sources/Export/Generated/onnx.pb.swift
