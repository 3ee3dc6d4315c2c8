"""Seeds for the fuzz targets: python3 Tools/fuzz/seeds.py FOLDER. From the tests' fixtures and golden frames, and from ../shared where it is
there. An own small DICOM file is made of each golden frame."""
import glob, os, re, shutil, struct, sys

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
out = sys.argv[1]
MOST = 40000  # longer seeds make slow runs


def keep(target, name, data):
    os.makedirs(os.path.join(out, target), exist_ok=True)
    with open(os.path.join(out, target, name), "wb") as file: file.write(data)


def element(group, number, vr, value):
    if len(value) % 2: value += b" " if vr not in ("OB", "UI") else b"\0"
    head = struct.pack("<HH2s", group, number, vr.encode())
    return head + (struct.pack("<HI", 0, len(value)) if vr in ("OB", "OW", "SQ") else struct.pack("<H", len(value))) + value


def dicom(syntax, frame, rows, columns, samples, bits, extra=b""):
    word = lambda value: struct.pack("<H", value)
    meta = element(2, 0x10, "UI", b"1.2.840.10008.1.2." + syntax.encode())
    body = element(8, 0x60, "CS", b"US") + element(0x18, 0x1063, "DS", b"33.3") + extra
    body += element(0x28, 2, "US", word(samples)) + element(0x28, 4, "CS", b"RGB" if samples == 3 else b"MONOCHROME2")
    if samples == 3: body += element(0x28, 6, "US", word(0))
    body += element(0x28, 0x10, "US", word(rows)) + element(0x28, 0x11, "US", word(columns))
    allotted = 8 if bits <= 8 else 16
    for number, value in ((0x100, allotted), (0x101, bits), (0x102, bits - 1), (0x103, 0)):
        body += element(0x28, number, "US", word(value))
    if syntax.startswith("1"): body += element(0x7fe0, 0x10, "OB", frame)
    else:
        if len(frame) % 2: frame += b"\0"
        item = lambda value: struct.pack("<HHI", 0xfffe, 0xe000, len(value)) + value
        body += struct.pack("<HH2sHI", 0x7fe0, 0x10, b"OB", 0, 0xffffffff) + item(b"") + item(frame)
        body += struct.pack("<HHI", 0xfffe, 0xe0dd, 0)
    return b"\0" * 128 + b"DICM" + meta + body


with open(os.path.join(root, "Tests/DICOMTests/CodecGolden.swift")) as file:
    golden = {name: bytes(int(value) for value in values.split(",") if value.strip())
              for name, values in re.findall(r"let (\w+): \[UInt8\] = \[([^\]]*)\]", file.read())}
# name: transfer syntax, codec of codecs.cpp, bits
KINDS = {"lossless": ("4.70", 0), "extended": ("4.51", 4), "jpegLS": ("4.80", 5), "jpeg2000": ("4.90", 1)}
for name, frame in golden.items():
    for kind, (syntax, codec) in KINDS.items():
        if not name.startswith(kind): continue
        samples = 3 if "Colour" in name else 1
        bits = 8 if samples == 3 else 12 if "12" in name else 16
        keep("codecs", name, bytes([codec, 6, 5, samples - 1, bits - 1, 0]) + frame)
        keep("dicom", name + ".dcm", dicom(syntax, frame, 6, 7, samples, bits))
keep("codecs", "deflated", bytes([6, 0, 0, 0, 7, 0]) + bytes.fromhex("4bcb4fd24d4b2c4905520a00"))
window = element(0x28, 0x1050, "DS", b"100") + element(0x28, 0x1051, "DS", b"50") + element(0x28, 0x1056, "CS", b"SIGMOID")
keep("dicom", "native.dcm", dicom("1", bytes(range(42)), 6, 7, 1, 8, window))
keep("dicom", "runs.dcm", dicom("5", struct.pack("<16I", 1, 64, *[0] * 14) + bytes([215, 9]) + bytes([129, 1]), 6, 7, 1, 8))

for path in glob.glob(os.path.join(root, "Tests/ImagingTests/Fixtures/*.*")):
    if not path.endswith(".json") and os.path.getsize(path) <= MOST:
        keep("stills", os.path.basename(path), open(path, "rb").read())
for path in glob.glob(os.path.join(root, "Tests/ImagingTests/Fixtures/clips/*")):
    if os.path.isfile(path) and os.path.getsize(path) <= MOST:
        keep("clips", os.path.basename(path), open(path, "rb").read())
for part in ("files", "malformed"):
    for path in glob.glob(os.path.join(root, "../shared/conformance/dicom", part, "*")):
        if os.path.getsize(path) <= MOST: shutil.copyfile(path, os.path.join(out, "dicom", os.path.basename(path)))
