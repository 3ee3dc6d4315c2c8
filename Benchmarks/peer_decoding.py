"""pydicom's side of the decoding contest: python peer_decoding.py rgb|tensors FILE. Two processes share the frames, each opening the file
itself; pylibjpeg's decoders. Grey becomes three channels, tensors are float32 of 0...1, 3 x rows x columns."""
import json, multiprocessing, os, resource, sys, time

import numpy
import pydicom
from pydicom.pixels import iter_pixels

work, path = sys.argv[1:3]


def decode(first, step, frames):
    total = 0.0
    for picture in iter_pixels(path, indices=range(first, frames, step)):
        if picture.ndim == 2: picture = numpy.repeat(picture[..., None], 3, axis=2)
        if work == "tensors": picture = numpy.ascontiguousarray(picture.transpose(2, 0, 1), dtype=numpy.float32) / 255
        total += float(picture.reshape(-1)[::997].sum(dtype=numpy.float64))
    return total


def serve(pipe, first, step, frames):
    while pipe.recv(): pipe.send(decode(first, step, frames))
    pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    head = pydicom.dcmread(path, stop_before_pixels=True)
    frames, count = int(head.NumberOfFrames), len(os.sched_getaffinity(0))
    pipes = []
    for first in range(count):
        ours, theirs = multiprocessing.Pipe()
        multiprocessing.Process(target=serve, args=(theirs, first, count, frames), daemon=True).start()
        pipes.append(ours)

    def run():
        for pipe in pipes: pipe.send(True)
        return sum(pipe.recv() for pipe in pipes)

    print("ready " + json.dumps({"frames": frames, "rows": head.Rows, "columns": head.Columns, "sum": run()}), flush=True)
    for line in sys.stdin:
        if line.strip() == "quit": break
        start = time.perf_counter()
        run()
        print(1000 * (time.perf_counter() - start), flush=True)
    for pipe in pipes: pipe.send(False)
    print(json.dumps({"peakMebibytes": max(pipe.recv() for pipe in pipes)}), flush=True)
