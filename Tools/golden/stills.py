"""Writes Tests/ImagingTests/Fixtures: small stills of every kind that is read, and what Pillow makes of them.

    .deps/venv/bin/python Tools/golden/stills.py        (made with Pillow 13.0.0)

expected.json holds, per file, the upright size and the FNV-1a hashes of Pillow's RGB and L pixels, or null where Pillow refuses the
file; and crops and resizes of one fixture.
"""
import io, json, os, struct, zlib
from PIL import Image, ImageOps

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/ImagingTests/Fixtures")
W, H = 37, 21


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


class Noise:
    """A small generator, so that the pictures do not depend on a library's."""

    def __init__(self, seed):
        self.state = seed * 2654435761 + 1

    def __call__(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % limit


def samples(channels, bits=8, w=W, h=H, seed=1):
    noise, top = Noise(seed), (1 << bits) - 1
    return [min(top, (x * (c + 2) * top // (w * 3) + y * top // (h * (c + 2)) + noise(max(2, top // 8))) % (top + 1))
            for y in range(h) for x in range(w) for c in range(channels)]


def image(mode, w=W, h=H, seed=1):
    return Image.frombytes(mode, (w, h), bytes(samples(len(Image.new(mode, (1, 1)).getbands()), 8, w, h, seed)))


def pack(values, per_row, bits):
    """Rows of samples, most significant bit first (16 bits big-endian), each row filled to a whole byte."""
    out = bytearray()
    for start in range(0, len(values), per_row):
        row, buffer, filled = values[start:start + per_row], 0, 0
        for v in row:
            buffer, filled = buffer << bits | v, filled + bits
        pad = -filled % 8
        out += (buffer << pad).to_bytes((filled + pad) // 8, "big")
    return bytes(out)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PALETTE = bytes(v for i in range(256) for v in ((i * 7) % 256, (i * 3 + 40) % 256, (255 - i)))


def exif(orientation, order="<"):
    head = b"II*\0" if order == "<" else b"MM\0*"
    return head + struct.pack(order + "IHHHIHHI", 8, 1, 274, 3, 1, orientation, 0, 0)


def png(kind, bits, interlaced=False, w=W, h=H, before=b"", after=b"", palette=None):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    values = samples(channels, bits, w, h, seed=kind + bits)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw, previous = bytearray(), None
    pixel = max(1, channels * bits // 8)
    for x0, y0, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        previous = None
        if x0 >= w:
            continue
        for y in range(y0, h, dy):
            row = [v for x in range(x0, w, dx) for v in values[(y * w + x) * channels:(y * w + x + 1) * channels]]
            line = pack(row, len(row), bits)
            before_line = previous or bytes(len(line))
            kind_of_filter = y % 5 if bits >= 8 else 0

            def predicted(i):
                a = line[i - pixel] if i >= pixel else 0
                b = before_line[i]
                c = before_line[i - pixel] if i >= pixel else 0
                p = a + b - c
                paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                return [0, a, b, (a + b) // 2, paeth][kind_of_filter]

            raw += bytes([kind_of_filter]) + bytes((line[i] - predicted(i)) % 256 for i in range(len(line)))
            previous = line
    if kind == 3 and palette is None:
        palette = PALETTE[:3 << bits]
    packed = zlib.compress(bytes(raw), 9)
    half = len(packed) // 2
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, kind, 0, 0, interlaced))
            + (chunk(b"PLTE", palette) if palette else b"") + before + chunk(b"IDAT", packed[:half])
            + chunk(b"IDAT", packed[half:]) + after + chunk(b"IEND", b""))


def saved(im, format, **options):
    out = io.BytesIO()
    im.save(out, format, **options)
    return out.getvalue()


def bmp(bits, values, w=W, h=H, top_down=False, compression=0, masks=b"", colors=b"", header=40, data=None):
    if data is None:
        rows = [values[y * w:(y + 1) * w] for y in range(h)]
        if not top_down:
            rows.reverse()
        data = b""
        for row in rows:
            line = pack(row, w, bits) if bits <= 8 else b"".join(v.to_bytes(bits // 8, "little") for v in row)
            data += line + bytes(-len(line) % 4)
    if header == 12:
        info = struct.pack("<IHHHH", 12, w, h, 1, bits)
    else:
        count = len(colors) // 4
        info = struct.pack("<IiiHHIIiiII", 40, w, -h if top_down else h, 1, bits, compression, len(data), 0, 0, count, 0)
    body = info + masks + colors
    return b"BM" + struct.pack("<IHHI", 14 + len(body) + len(data), 0, 0, 14 + len(body)) + body + data


def quads(count):
    return b"".join(bytes((PALETTE[3 * i + 2], PALETTE[3 * i + 1], PALETTE[3 * i], 0)) for i in range(count))


def rle8():
    """Runs, literals of odd and even length, a delta, an early end of line."""
    noise, out = Noise(8), bytearray()
    for y in range(H):
        if y == 3:
            out += bytes([5, 9, 0, 0])
            continue
        if y == 5:
            out += bytes([4, 77, 0, 2, 3, 1, W - 7, 20, 0, 0])
            continue
        if y == 6:
            continue
        x = 0
        while x < W:
            run = min(W - x, 1 + noise(7))
            if noise(2) and run >= 3:
                out += bytes([0, run]) + bytes(noise(256) for _ in range(run)) + bytes(run % 2)
            else:
                out += bytes([run, noise(256)])
            x += run
        out += bytes([0, 0])
    return bytes(out + bytes([0, 1]))


def rle4():
    noise, out = Noise(4), bytearray()
    for _ in range(H):
        x = 0
        while x < W:
            run = min(W - x, 3 + noise(9))
            if noise(2) and run >= 3:
                count = (run + 1) // 2
                out += bytes([0, run]) + bytes(noise(256) for _ in range(count)) + bytes(count % 2)
            else:
                out += bytes([run, noise(256)])
            x += run
        out += bytes([0, 0])
    return bytes(out + bytes([0, 1]))


def packbits(data):
    out, i = bytearray(), 0
    while i < len(data):
        run = 1
        while i + run < len(data) and run < 128 and data[i + run] == data[i]:
            run += 1
        if run > 1:
            out += bytes([257 - run, data[i]])
        else:
            out += bytes([0, data[i]])
        i += run
    return bytes(out)


def lzw(data):
    """The strip of a TIFF that Pillow writes."""
    file = io.BytesIO(saved(Image.frombytes("L", (len(data), 1), data), "TIFF", compression="tiff_lzw"))
    tags = Image.open(file).tag_v2
    return file.getvalue()[tags[273][0]:tags[273][0] + tags[279][0]]


CODECS = {1: bytes, 5: lzw, 8: zlib.compress, 32946: zlib.compress, 32773: packbits}


def tiff(values, channels, bits=8, photometric=1, codec=1, order="<", rows=0, tile=None, planar=1, extra=(), orientation=1,
         colormap=None, w=W, h=H, predictor=1, encoder=None, more=()):
    def ordered(line_values, per_row):
        if bits == 16:
            return b"".join(struct.pack(order + "H", v) for v in line_values)
        return pack(line_values, per_row, bits)

    planes = [(values, channels)] if planar == 1 else [(values[c::channels], 1) for c in range(channels)]
    blocks = []
    for plane, spp in planes:
        if tile:
            areas = [(x, y, tile, tile) for y in range(0, h, tile) for x in range(0, w, tile)]
        else:
            areas = [(0, y, w, min(rows or h, h - y)) for y in range(0, h, rows or h)]
        for x0, y0, aw, ah in areas:
            area = [plane[(min(y, h - 1) * w + min(x, w - 1)) * spp + c]
                    for y in range(y0, y0 + ah) for x in range(x0, x0 + aw) for c in range(spp)]
            if predictor == 2:
                area = [(area[i] - (area[i - spp] if i % (aw * spp) >= spp else 0)) % (1 << bits) for i in range(len(area))]
            blocks.append(encoder(area, aw, ah) if encoder else CODECS[codec](ordered(area, aw * spp)))
    tags = {256: ("H", [w]), 257: ("H", [h]), 258: ("H", [bits] * channels), 259: ("H", [codec]), 262: ("H", [photometric]),
            277: ("H", [channels]), 284: ("H", [planar])}
    if orientation != 1:
        tags[274] = ("H", [orientation])
    if predictor == 2:
        tags[317] = ("H", [2])
    if extra:
        tags[338] = ("H", list(extra))
    if colormap:
        tags[320] = ("H", colormap)
    for tag, kind, value in more:
        tags[tag] = (kind, value)
    offsets, counts = (324, 325) if tile else (273, 279)
    if tile:
        tags[322], tags[323] = ("H", [tile]), ("H", [tile])
    else:
        tags[278] = ("H", [rows or h])
    tags[counts] = ("I", [len(b) for b in blocks])
    tags[offsets] = ("I", [0] * len(blocks))
    place = 8 + 2 + 12 * len(tags) + 4
    large, where = b"", {}
    for tag in sorted(tags):
        kind, value = tags[tag]
        if struct.calcsize(kind) * len(value) > 4:
            where[tag] = place + len(large)
            large += bytes(struct.calcsize(kind) * len(value) + (struct.calcsize(kind) * len(value)) % 2)
    start, positions = place + len(large), []
    for b in blocks:
        positions.append(start)
        start += len(b)
    tags[offsets] = ("I", positions)
    ifd, large = struct.pack(order + "H", len(tags)), bytearray(large)
    for tag in sorted(tags):
        kind, value = tags[tag]
        data = b"".join(struct.pack(order + kind, v) for v in value)
        if tag in where:
            large[where[tag] - place:where[tag] - place + len(data)] = data
            data = struct.pack(order + "I", where[tag])
        ifd += struct.pack(order + "HHI", tag, {"H": 3, "I": 4}[kind], len(value)) + data.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + ifd + bytes(4) + bytes(large) + b"".join(blocks)


def jpeg_block(mode, **options):
    return lambda area, w, h: saved(Image.frombytes(mode, (w, h), bytes(area)), "JPEG", quality=85, **options)


def fixtures():
    for bits in (1, 2, 4, 8, 16):
        yield f"grey{bits}.png", png(0, bits)
        yield f"grey{bits}-interlaced.png", png(0, bits, True)
    for bits in (1, 2, 4, 8):
        yield f"palette{bits}.png", png(3, bits)
    yield "palette8-interlaced.png", png(3, 8, True)
    yield "palette8-short.png", png(3, 8, palette=PALETTE[:90])
    yield "palette8-grey.png", png(3, 8, palette=bytes(v for i in range(256) for v in (i, i, i)))
    yield "palette4-alpha.png", png(3, 4, before=chunk(b"tRNS", bytes([0, 90, 255, 10])))
    for bits in (8, 16):
        yield f"rgb{bits}.png", png(2, bits)
        yield f"grey-alpha{bits}.png", png(4, bits)
        yield f"rgb-alpha{bits}.png", png(6, bits, True)
    yield "rgb8-interlaced-narrow.png", png(2, 8, True, w=3, h=2)
    yield "rgb8-transparent-color.png", png(2, 8, before=chunk(b"tRNS", bytes(6)))
    yield "rgb8-gamma.png", png(2, 8, before=chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "rgb8-one-pixel.png", png(2, 8, w=1, h=1)
    for o in range(1, 9):
        yield f"orientation{o}.png", png(2, 8, w=5, h=3, before=chunk(b"eXIf", exif(o, "<>"[o % 2])))
        yield f"orientation{o}.jpg", saved(image("RGB", 21, 13), "JPEG", exif=b"Exif\0\0" + exif(o, "<>"[o % 2]))
        yield f"orientation{o}.tif", tiff(samples(3, w=5, h=3), 3, photometric=2, w=5, h=3, orientation=o, codec=(1, 8)[o % 2])
    yield "orientation6-late.png", png(0, 8, w=5, h=3, after=chunk(b"eXIf", exif(6)))
    yield "orientation6-16bit.png", png(0, 16, w=5, h=3, before=chunk(b"eXIf", exif(6)))
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="8"/></x:xmpmeta>'
    yield "orientation8-xmp.png", png(0, 8, w=5, h=3, before=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    yield "orientation8-xmp.jpg", saved(image("L", 21, 13), "JPEG", xmp=xmp)

    yield "grey.jpg", saved(image("L"), "JPEG", quality=90)
    for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"rgb{name}.jpg", saved(image("RGB"), "JPEG", quality=80, subsampling=sampling)
    yield "progressive.jpg", saved(image("RGB"), "JPEG", quality=80, progressive=True)
    yield "restart.jpg", saved(image("RGB"), "JPEG", quality=80, restart_marker_rows=1)
    yield "keep-rgb.jpg", saved(image("RGB"), "JPEG", quality=80, keep_rgb=True)
    yield "cmyk.jpg", saved(image("CMYK"), "JPEG", quality=90)
    # The same inks marked as YCCK by Adobe's segment.
    cmyk = saved(image("CMYK"), "JPEG", quality=90)
    place = cmyk.index(b"Adobe")
    yield "ycck.jpg", cmyk[:place + 11] + b"\2" + cmyk[place + 12:]

    grey = samples(1)
    yield "grey8.bmp", saved(image("L"), "BMP")
    yield "rgb24.bmp", saved(image("RGB"), "BMP")
    yield "rgb32.bmp", saved(image("RGBA"), "BMP")
    yield "bits1.bmp", bmp(1, samples(1, 1), colors=quads(2))
    yield "bits1-black-white.bmp", bmp(1, samples(1, 1), colors=bytes([0, 0, 0, 0, 255, 255, 255, 0]))
    yield "bits4.bmp", bmp(4, samples(1, 4), colors=quads(16))
    yield "bits8-short-palette.bmp", bmp(8, grey, colors=quads(100))
    yield "bits8-top-down.bmp", bmp(8, grey, colors=quads(256), top_down=True)
    yield "bits8-core.bmp", bmp(8, grey, header=12, colors=PALETTE)
    yield "bits16-555.bmp", bmp(16, samples(1, 15))
    yield "bits16-565.bmp", bmp(16, samples(1, 16), compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    yield "bits24-top-down.bmp", bmp(24, samples(1, 24), top_down=True)
    yield "bits32-fields.bmp", bmp(32, samples(1, 32), compression=3, masks=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00))
    yield "bits32.bmp", bmp(32, samples(1, 32))
    yield "rle8.bmp", bmp(8, [], compression=1, colors=quads(256), data=rle8())
    yield "rle4.bmp", bmp(4, [], compression=2, colors=quads(16), data=rle4())

    for bits in (1, 2, 4, 8, 16):
        yield f"grey{bits}.tif", tiff(samples(1, bits), 1, bits, order="<>"[bits % 3 % 2])
        yield f"grey{bits}-white-zero.tif", tiff(samples(1, bits), 1, bits, photometric=0, codec=8, rows=4)
    yield "grey16-big-endian.tif", tiff(samples(1, 16), 1, 16, order=">", codec=5, rows=7)
    maps = [PALETTE[3 * i + c] * 257 for c in range(3) for i in range(256)]
    for bits in (1, 4, 8):
        few = [maps[c * 256 + i] for c in range(3) for i in range(1 << bits)]
        yield f"palette{bits}.tif", tiff(samples(1, bits), 1, bits, photometric=3, colormap=few, codec=(1, 5)[bits == 8])
    color = samples(3)
    for codec, name in ((1, "raw"), (5, "lzw"), (8, "deflate"), (32773, "packbits")):
        yield f"rgb-{name}-strips.tif", tiff(color, 3, photometric=2, codec=codec, rows=5)
        yield f"rgb-{name}-tiles.tif", tiff(color, 3, photometric=2, codec=codec, tile=16)
        yield f"rgb-{name}-planes.tif", tiff(color, 3, photometric=2, codec=codec, planar=2, rows=8)
        yield f"rgb-{name}-plane-tiles.tif", tiff(color, 3, photometric=2, codec=codec, planar=2, tile=16, order=">")
    yield "rgb-lzw-predictor.tif", tiff(color, 3, photometric=2, codec=5, rows=5, predictor=2)
    yield "rgb16.tif", tiff(samples(3, 16), 3, 16, photometric=2, codec=8)
    yield "rgb16-big-endian.tif", tiff(samples(3, 16), 3, 16, photometric=2, order=">")
    yield "grey-alpha.tif", tiff(samples(2), 2, extra=(2,), codec=8)
    yield "grey-extra.tif", tiff(samples(2), 2, extra=(0,))
    yield "rgb-alpha.tif", tiff(samples(4), 4, photometric=2, extra=(2,), codec=5)
    yield "rgb-multiplied.tif", tiff(samples(4), 4, photometric=2, extra=(1,), codec=8)
    yield "rgb-extra.tif", tiff(samples(4), 4, photometric=2, extra=(0,))
    yield "cmyk.tif", tiff(samples(4), 4, photometric=5, codec=8)
    yield "grey-jpeg.tif", tiff(grey, 1, codec=7, rows=8, encoder=jpeg_block("L"))
    sub = [(530, "H", [2, 2])]
    yield "ycbcr-jpeg.tif", tiff(color, 3, photometric=6, codec=7, encoder=jpeg_block("RGB", subsampling=2), more=sub)
    yield "ycbcr-jpeg-tiles.tif", tiff(color, 3, photometric=6, codec=7, tile=16,
                                       encoder=jpeg_block("RGB", subsampling=2), more=sub)
    yield "rgb-jpeg.tif", tiff(color, 3, photometric=2, codec=7, encoder=jpeg_block("RGB", keep_rgb=True))


def read(path):
    try:
        im = ImageOps.exif_transpose(Image.open(path))
        rgb, grey = im.convert("RGB"), im.convert("L")
    except Exception as problem:  # a file that Pillow refuses
        print(os.path.basename(path), "refused:", problem)
        return None
    deep = fnv(struct.pack(f"<{im.width * im.height}H", *im.getdata())) if im.mode.startswith("I;16") else None
    return {"width": im.width, "height": im.height, "rgb": fnv(rgb.tobytes()), "grey": fnv(grey.tobytes()), "samples16": deep}


def resizes(path):
    im = Image.open(path).convert("RGB")
    for box, size in [((0, 0, 37, 21), (16, 16)), ((0, 0, 37, 21), (64, 50)), ((3.5, 2.5, 30.5, 17.5), (10, 24)),
                      ((-6, -4, 20, 30), (224, 224)), ((30, 10, 60, 40), (7, 5)), ((5, 5, 6, 6), (4, 4)),
                      ((0, 0, 37, 21), (37, 9)), ((0, 0, 37, 21), (1, 21)), ((0.49, 0.51, 20.49, 20.51), (20, 20))]:
        crop = im.crop(box)
        yield {"box": [box[0], box[1], box[2] - box[0], box[3] - box[1]], "size": size, "crop": fnv(crop.tobytes()),
               "rgb": fnv(crop.resize(size, Image.BILINEAR).tobytes()),
               "grey": fnv(crop.convert("L").resize(size, Image.BILINEAR).tobytes()),
               "nearest": fnv(crop.convert("L").resize(size, Image.NEAREST).tobytes())}


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for old in os.listdir(FOLDER):
        os.remove(os.path.join(FOLDER, old))
    files, total = {}, 0
    for name, data in fixtures():
        assert name not in files, name
        path = os.path.join(FOLDER, name)
        with open(path, "wb") as out:
            out.write(data)
        files[name], total = read(path), total + len(data)
    expected = {"files": files, "resizes": list(resizes(os.path.join(FOLDER, "rgb8.png")))}
    with open(os.path.join(FOLDER, "expected.json"), "w") as out:
        json.dump(expected, out, indent=0, sort_keys=True)
    print(len(files), "files,", total, "bytes")


if __name__ == "__main__":
    main()
