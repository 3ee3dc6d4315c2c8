#!/usr/bin/env bash
# Builds the fuzz targets with Swift's clang (AddressSanitizer, LeakSanitizer, UndefinedBehaviorSanitizer) into .build-fuzz/ and runs
# each for its share of FUZZ_MINUTES (30), the shims before the readers over them. Prints runs a second, crashes and leaks; ends with 1 where there is
# any. FUZZ_TARGETS names some of: codecs clips stills dicom.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PKG_CONFIG_PATH="$PWD/.deps/pkgconfig:${PKG_CONFIG_PATH:-}"

minutes=${FUZZ_MINUTES:-30}
read -r -a targets <<<"${FUZZ_TARGETS:-codecs clips stills dicom}"
work=.build-fuzz
mkdir -p "$work/objects" "$work/modules"

checks=(-g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
read -r -a flags <<<"$(pkg-config --cflags dcmtk libpng libjpeg libtiff-4 libexif libavformat)"
includes=()
for shim in CDCMTK CStills CEngines CFFmpeg CFFmpegEngine; do includes+=("-ISources/$shim/include"); done
read -r -a libraries <<<"$(pkg-config --libs dcmtk libpng libjpeg libtiff-4 libexif libavformat libavcodec libswscale libavutil)"

objects() {  # SHIM...: compiles what changed, names the objects
  local source object
  for source in $(find "${@/#/Sources/}" -name '*.c' -o -name '*.cpp'); do
    object="$work/objects/$(echo "$source" | tr / -).o"
    if [ ! "$object" -nt "$source" ]; then
      case "$source" in
        *.cpp) clang++ -std=c++20 "${checks[@]}" "${flags[@]}" "${includes[@]}" -c "$source" -o "$object" ;;
        *) clang "${checks[@]}" "${flags[@]}" "${includes[@]}" -c "$source" -o "$object" ;;
      esac
    fi
    echo "$object"
  done
}

# The shims as Swift sees them.
for shim in CDCMTK CStills CEngines CFFmpeg; do
  mkdir -p "$work/modules/$shim"
  printf 'module %s { header "%s" export * }\n' "$shim" "$PWD/Sources/$shim/include/$shim.h" >"$work/modules/$shim/module.modulemap"
done
swift_flags=(-O -g -swift-version 6 -parse-as-library -package-name insonate -sanitize=fuzzer,address -I "$work/modules"
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility)
for shim in CDCMTK CStills CEngines CFFmpeg; do
  swift_flags+=(-Xcc "-fmodule-map-file=$work/modules/$shim/module.modulemap")
done

swift_layer() {  # LAYER
  swiftc "${swift_flags[@]}" -wmo -module-name "$1" -emit-module -emit-module-path "$work/modules/$1.swiftmodule" \
    -emit-object -o "$work/objects/$1.o" $(find "Sources/$1" -name '*.swift')
}

build() {
  case "$1" in
    codecs)
      clang++ -std=c++20 "${checks[@]}" -fuse-ld=lld -fsanitize=fuzzer "${includes[@]}" -ISources/CDCMTK Tools/fuzz/codecs.cpp \
        $(objects CDCMTK) "${libraries[@]}" -o "$work/codecs" ;;
    clips)
      clang++ -x c "${checks[@]}" "${includes[@]}" -c Tools/fuzz/clips.c -o "$work/objects/clips.o"
      clang++ "${checks[@]}" -fuse-ld=lld -fsanitize=fuzzer "$work/objects/clips.o" $(objects CEngines CFFmpeg CFFmpegEngine) \
        "${libraries[@]}" -o "$work/clips" ;;
    stills|dicom)
      for layer in Ultrasound Imaging DICOM; do [ "$1" = stills ] && [ $layer = DICOM ] || swift_layer $layer; done
      local layers=("$work/objects/Ultrasound.o" "$work/objects/Imaging.o")
      [ "$1" = stills ] || layers+=("$work/objects/DICOM.o")
      swiftc "${swift_flags[@]}" -use-ld=lld "Tools/fuzz/$1.swift" "${layers[@]}" \
        $(objects CDCMTK CStills CEngines CFFmpeg CFFmpegEngine) "${libraries[@]}" -lstdc++ -o "$work/$1" ;;
  esac
}

rm -rf "$work/seeds"
python3 Tools/fuzz/seeds.py "$work/seeds"
for target in "${targets[@]}"; do
  echo "fuzz: building $target" >&2
  build "$target"
done

seconds=$((minutes * 60 / ${#targets[@]}))
found=0
for target in "${targets[@]}"; do
  mkdir -p "$work/corpus/$target" "$work/findings/$target"
  log="$work/$target.log"
  echo "fuzz: $target for $seconds s" >&2
  status=0
  # Leaks are looked for while it runs and at its end; one input may take 5 s.
  ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    "$work/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1500 -max_len=40000 -print_final_stats=1 \
    -artifact_prefix="$work/findings/$target/" "$work/corpus/$target" "$work/seeds/$target" >"$log" 2>&1 || status=$?
  count() { grep -c "$1" "$log" || true; }
  stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -1; }
  echo "$target: $(stat number_of_executed_units) runs, $(stat average_exec_per_sec) a second;" \
    "$(count 'ERROR: AddressSanitizer\|runtime error\|deadly signal\|ERROR: libFuzzer') crashes or hangs," \
    "$(count 'ERROR: LeakSanitizer') leaks"
  if [ "$status" -ne 0 ]; then
    found=1
    echo "$target ended with $status; see $log and $work/findings/$target"
  fi
done
exit $found
