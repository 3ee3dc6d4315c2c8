"""Cines for the decoding contest, one a coding, of the same made ultrasound frames. Needs pydicom, pylibjpeg's RLE and OpenJPEG, Pillow."""
import io, os

import numpy
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, generate_uid

ROWS, COLUMNS = 480, 640
# name: transfer syntax, photometric interpretation, frames
CINES = {
    "uncompressed, colour": ("1.2.840.10008.1.2.1", "RGB", 120),
    "uncompressed, grey": ("1.2.840.10008.1.2.1", "MONOCHROME2", 120),
    "RLE, colour": ("1.2.840.10008.1.2.5", "RGB", 60),
    "RLE, grey": ("1.2.840.10008.1.2.5", "MONOCHROME2", 60),
    "JPEG baseline, colour": ("1.2.840.10008.1.2.4.50", "YBR_FULL_422", 60),
    "JPEG baseline, grey": ("1.2.840.10008.1.2.4.50", "MONOCHROME2", 60),
    "JPEG lossless, colour": ("1.2.840.10008.1.2.4.70", "RGB", 12),
    "JPEG lossless, grey": ("1.2.840.10008.1.2.4.70", "MONOCHROME2", 24),
    "JPEG 2000 lossless, colour": ("1.2.840.10008.1.2.4.90", "YBR_RCT", 8),
    "JPEG 2000 lossless, grey": ("1.2.840.10008.1.2.4.90", "MONOCHROME2", 16),
    "JPEG 2000, colour": ("1.2.840.10008.1.2.4.91", "YBR_ICT", 16),
}


def frame(number):
    """A sector of speckle on black with a coloured flow box: rows x columns x RGB."""
    random = numpy.random.default_rng(number)
    noise = random.standard_normal((2, ROWS + 8, COLUMNS + 8))
    for axis in (1, 2):
        for step in (1, 2, 3): noise = noise + numpy.roll(noise, step, axis)
    speckle = numpy.hypot(noise[0], noise[1])[:ROWS, :COLUMNS]
    y, x = numpy.mgrid[0:ROWS, 0:COLUMNS]
    depth, angle = numpy.hypot(x - COLUMNS / 2, y + 60), numpy.arctan2(x - COLUMNS / 2, y + 60)
    sector = (abs(angle) < 0.6) & (depth > 90) & (depth < 520)
    lesion = 0.25 + 0.75 * (numpy.hypot(x - 330 - number % 9, y - 250) > 60)
    grey = numpy.clip(38 * numpy.log1p(speckle * numpy.exp(-depth / 400)) * lesion, 0, 255) * sector
    picture = numpy.repeat(grey[..., None], 3, axis=2)
    flow = sector[200:320, 240:420] & (numpy.sin(x / 17 + number)[200:320, 240:420] > 0.6)
    picture[200:320, 240:420][flow] = numpy.array([200, 60, 20])
    picture[10:40, 10:200] = numpy.where((x[10:40, 10:200] // 5 + y[10:40, 10:200] // 7) % 3 == 0, 230, 0)[..., None]
    return picture.astype(numpy.uint8)


def lossless_jpeg(picture):
    """One frame as lossless JPEG, predictor 1, with one Huffman table: the encoder that pylibjpeg lacks."""
    samples = picture.reshape(ROWS, COLUMNS, -1).astype(numpy.int32)
    count = samples.shape[2]
    guess = numpy.empty_like(samples)
    guess[:, 1:], guess[1:, 0], guess[0, 0] = samples[:, :-1], samples[:-1, 0], 128
    difference = (samples - guess).ravel()
    size = numpy.zeros(difference.shape, numpy.int64)
    for bit in range(9): size += abs(difference) >> bit > 0
    # Sizes 0 to 5 in codes of 2, 3, 3, 3, 3, 3 bits would leave no room; so 3 bits for 0 to 6, then one more each.
    lengths = numpy.array([3, 3, 3, 3, 3, 3, 3, 4, 5, 6])
    codes = numpy.array([0, 1, 2, 3, 4, 5, 6, 14, 30, 62])
    value = numpy.where(difference < 0, difference + (1 << size) - 1, difference)
    word, length = codes[size] << size | value, lengths[size] + size
    shift = numpy.arange(int(length.max()))
    bits = (word[:, None] >> (length[:, None] - 1 - shift)) & 1
    packed = numpy.packbits(bits[shift < length[:, None]].astype(numpy.uint8))
    body = packed.tobytes().replace(b"\xff", b"\xff\x00")
    parts = bytes([count] + [value for index in range(count) for value in (index + 1, 0x11, 0)])
    table = bytes([0, 0, 0, 7, 1, 1, 1] + [0] * 10 + list(range(10)))
    scan = bytes([count] + [value for index in range(count) for value in (index + 1, 0)] + [1, 0, 0])
    def segment(mark, content): return bytes([0xff, mark]) + (len(content) + 2).to_bytes(2, "big") + content
    return (b"\xff\xd8" + segment(0xc3, bytes([8]) + ROWS.to_bytes(2, "big") + COLUMNS.to_bytes(2, "big") + parts)
            + segment(0xc4, table) + segment(0xda, scan) + body + b"\xff\xd9")


def baseline_jpeg(picture):
    from PIL import Image
    made = io.BytesIO()
    Image.fromarray(picture).save(made, "JPEG", quality=90, subsampling=1)
    return made.getvalue()


def jpeg_2000(picture, photometric):
    from openjpeg.utils import encode_array
    if photometric == "YBR_ICT": return encode_array(picture, photometric_interpretation=1, use_mct=True, compression_ratios=[8])
    return encode_array(picture, photometric_interpretation=1 if picture.ndim == 3 else 2, use_mct=picture.ndim == 3)


def encoded(picture, syntax, photometric):
    if syntax.endswith(".50"): return baseline_jpeg(picture)
    if syntax.endswith(".70"): return lossless_jpeg(picture)
    if syntax.endswith((".90", ".91")): return jpeg_2000(picture, photometric)
    from rle.utils import encode_array
    samples = 1 if picture.ndim == 2 else 3
    return next(encode_array(picture, rows=ROWS, columns=COLUMNS, samples_per_pixel=samples, bits_allocated=8,
                             number_of_frames=1, planar_configuration=0))


def write(path, syntax, photometric, frames):
    if os.path.exists(path): return
    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = UID(syntax), "1.2.840.10008.5.1.4.1.1.3.1"
    meta.MediaStorageSOPInstanceUID = generate_uid()
    cine = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    cine.SOPClassUID, cine.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    cine.Modality, cine.NumberOfFrames, cine.FrameTime = "US", frames, "33.3"
    cine.Rows, cine.Columns, cine.PhotometricInterpretation = ROWS, COLUMNS, photometric
    cine.BitsAllocated, cine.BitsStored, cine.HighBit, cine.PixelRepresentation = 8, 8, 7, 0
    cine.SamplesPerPixel = 1 if photometric == "MONOCHROME2" else 3
    if cine.SamplesPerPixel == 3: cine.PlanarConfiguration = 0
    pictures = (frame(number) for number in range(frames))
    if cine.SamplesPerPixel == 1: pictures = (numpy.ascontiguousarray(picture[..., 0]) for picture in pictures)
    if meta.TransferSyntaxUID.is_compressed:
        cine.PixelData = encapsulate([bytes(encoded(picture, syntax, photometric)) for picture in pictures])
    else:
        cine.PixelData = b"".join(picture.tobytes() for picture in pictures)
    cine.save_as(path + ".partial", enforce_file_format=True)
    os.replace(path + ".partial", path)


if __name__ == "__main__":
    import sys
    write(sys.argv[2], *CINES[sys.argv[1]])
