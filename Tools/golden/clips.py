"""Writes Tests/ImagingTests/Fixtures/clips (small clips of many kinds) and Tests/ImagingTests/ClipGolden.swift: what the ffmpeg
program makes of them and of ../shared/data/lung-pocus.

    python3 Tools/golden/clips.py        (made with ffmpeg 5.1.9; needs ffmpeg and ffprobe)

Colours: `ffmpeg -i FILE -map 0:v:0 -fps_mode passthrough -pix_fmt rgb24 -f rawvideo`. Times: ffprobe's best_effort_timestamp.
"""
import json, os, subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
FOLDER = os.path.join(ROOT, "Tests/ImagingTests/Fixtures/clips")
SHARED = os.path.join(ROOT, "../shared/data/lung-pocus/pocus_videos")
ENDINGS = (".mp4", ".mov", ".mpeg", ".avi", ".gif", ".webm")

SOURCE = "testsrc2=size=64x48:rate=10:duration=1.2"
UNEVEN = "setpts='N+floor(N*N/7)'"  # frames at 0, 1, 2, 4, 6, 8, 11, ... tenths
X264 = ["-c:v", "libx264", "-bf", "2", "-g", "8", "-threads", "1", "-x264-params", "b-adapt=0"]
KINDS = {
    # name: (filter, options)
    "h264-uneven.mp4": (UNEVEN, X264 + ["-pix_fmt", "yuv420p", "-fps_mode", "vfr", "-enc_time_base", "1/1000"]),
    "h264-bt709.mp4": ("scale=out_color_matrix=bt709:out_range=tv", X264 + [
        "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_range", "tv", "-movflags", "+faststart"]),
    "h264-full.mp4": ("scale=out_color_matrix=bt709:out_range=pc", X264 + [
        "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_range", "pc"]),
    "h264-444-odd.mov": ("scale=37:21", X264 + ["-pix_fmt", "yuv444p"]),
    "h264-10bit.mp4": ("null", X264 + ["-pix_fmt", "yuv420p10le"]),
    "h264-grey.mp4": ("format=gray", X264 + ["-pix_fmt", "gray"]),
    "h264-wide-pixels.mp4": ("setsar=4/3", X264 + ["-pix_fmt", "yuv420p"]),
    "h264.avi": ("null", X264 + ["-pix_fmt", "yuv420p"]),
    "h264.h264": ("null", X264 + ["-pix_fmt", "yuv420p"]),
    "h264-fields.mp4": ("null", X264 + ["-pix_fmt", "yuv420p", "-flags", "+ilme+ildct"]),
    "hevc.mp4": ("null", ["-c:v", "libx265", "-pix_fmt", "yuv420p", "-x265-params", "log-level=none:pools=1"]),
    "hevc.hevc": ("null", ["-c:v", "libx265", "-pix_fmt", "yuv420p", "-x265-params", "log-level=none:pools=1"]),
    "mpeg1.mpeg": ("null", ["-c:v", "mpeg1video", "-r", "25", "-bf", "2", "-b:v", "200k"]),
    "mpeg2-fields.mpeg": ("null", ["-c:v", "mpeg2video", "-r", "25", "-bf", "2", "-flags", "+ilme+ildct", "-b:v", "200k"]),
    "mpeg2.ts": ("null", ["-c:v", "mpeg2video", "-r", "25", "-bf", "2", "-b:v", "200k", "-f", "mpegts"]),
    "mpeg2.m2v": ("null", ["-c:v", "mpeg2video", "-r", "25", "-bf", "2", "-b:v", "200k", "-f", "mpeg2video"]),
    "mpeg4.avi": ("null", ["-c:v", "mpeg4", "-bf", "2", "-qscale:v", "4"]),
    "mjpeg.avi": ("null", ["-c:v", "mjpeg", "-pix_fmt", "yuvj422p", "-qscale:v", "4"]),
    "rle.mov": ("null", ["-c:v", "qtrle"]),
    "vp8.webm": ("null", ["-c:v", "libvpx", "-b:v", "200k", "-threads", "1"]),
    "vp9-odd.webm": ("scale=37:21", ["-c:v", "libvpx-vp9", "-b:v", "200k", "-threads", "1"]),
    "palette.gif": ("null", ["-c:v", "gif"]),
}
TURNS = {"turned-right.mp4": 270, "turned-half.mp4": 180, "turned-left.mp4": 90}


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def make():
    os.makedirs(FOLDER, exist_ok=True)
    for name, (filters, options) in KINDS.items():
        run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", SOURCE, "-vf", filters, *options, "-bitexact", "-an",
            os.path.join(FOLDER, name))
    for name, degrees in TURNS.items():
        run("ffmpeg", "-v", "error", "-y", "-i", os.path.join(FOLDER, "h264-bt709.mp4"), "-c", "copy", "-bitexact",
            "-metadata:s:v:0", f"rotate={degrees}", os.path.join(FOLDER, name))
    # Sound alone, and sound beside pictures.
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=duration=0.2", "-bitexact", os.path.join(FOLDER, "sound.mp4"))
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=duration=0.2", "-bitexact", os.path.join(FOLDER, "sound.mp3"))
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=duration=1.2", "-i", os.path.join(FOLDER, "mpeg1.mpeg"),
        "-c:v", "copy", "-c:a", "mp2", "-b:a", "32k", "-bitexact", os.path.join(FOLDER, "mpeg1-sound.mpeg"))


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def facts(file):
    probe = json.loads(run("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                           "stream=time_base,width,height:frame=best_effort_timestamp,interlaced_frame", "-of", "json", file))
    pixels = run("ffmpeg", "-v", "error", "-i", file, "-map", "0:v:0", "-fps_mode", "passthrough", "-pix_fmt", "rgb24",
                 "-f", "rawvideo", "-")
    stream, frames = probe["streams"][0], probe["frames"]
    size = stream["width"] * stream["height"] * 3
    assert len(pixels) == size * len(frames), (file, len(pixels) / size, len(frames))
    return stream, frames, [pixels[at:at + size] for at in range(0, len(pixels), size)]


def ticks(frame):
    return str(frame["best_effort_timestamp"]) if "best_effort_timestamp" in frame else "nil"


def entry(name, file, every):
    stream, frames, pictures = facts(file)
    picked = range(len(frames)) if every else sorted({0, len(frames) // 2, len(frames) - 1})
    base = stream["time_base"].split("/")
    fields = sum(frame["interlaced_frame"] for frame in frames)
    listed = ",\n      ".join(f'({at}, {ticks(frames[at])}, "{fnv(pictures[at])}")' for at in picked)
    return (f'    .init(\n      "{name}", frames: {len(frames)}, base: ({base[0]}, {base[1]}), fields: {fields},\n'
            f"      pictures: [\n      {listed},\n      ]),\n")


def main():
    make()
    text = "// swift-format-ignore-file\n// Written by Tools/golden/clips.py with ffmpeg 5.1.9.\n\n"
    text += "/// What the ffmpeg program says of a clip.\nstruct ClipGolden: Sendable {\n  let name: String\n  let frames: Int\n"
    text += "  /// Seconds of a tick.\n  let base: (Int, Int)\n  /// Frames marked as two fields.\n  let fields: Int\n"
    text += "  /// Index, ticks (nil where the file has none) and FNV-1a of the RGB pixels.\n"
    text += "  let pictures: [(Int, Int64?, String)]\n\n"
    text += "  init(_ name: String, frames: Int, base: (Int, Int), fields: Int, pictures: [(Int, Int64?, String)]) {\n"
    text += "    (self.name, self.frames, self.base, self.fields, self.pictures) = (name, frames, base, fields, pictures)\n  }\n\n"
    text += "  static let fixtures: [ClipGolden] = [\n"
    for name in sorted(list(KINDS) + list(TURNS) + ["mpeg1-sound.mpeg"]):
        text += entry(name, os.path.join(FOLDER, name), every=True)
    text += "  ]\n\n  /// Clips of lung-pocus/pocus_videos.\n  static let shared: [ClipGolden] = [\n"
    files = sorted(os.path.join(at, name) for at, _, names in os.walk(SHARED) for name in names if name.endswith(ENDINGS))
    for file in files:
        text += entry(os.path.relpath(file, SHARED), file, every=False)
    text += "  ]\n}\n"
    with open(os.path.join(ROOT, "Tests/ImagingTests/ClipGolden.swift"), "w") as out:
        out.write(text)


main()
