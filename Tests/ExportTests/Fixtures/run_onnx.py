"""Runs ONNX models with ONNX Runtime on the CPU, one a line of standard input, and answers each with a line: done, or what
was wrong. A line: {"model": path, "runs": [{"inputs": X.safetensors, "outputs": Y.safetensors}]}, all float32.
"""
import json
import sys

import numpy as np
import onnxruntime


def read(path):
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + length + begin:8 + length + end], np.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def write(path, tensors):
    header, offset = {}, 0
    for name, values in tensors.items():
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [offset, offset + values.nbytes]}
        offset += values.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for values in tensors.values():
            file.write(np.ascontiguousarray(values, np.float32).tobytes())


options = onnxruntime.SessionOptions()
options.log_severity_level = 3
options.intra_op_num_threads = 2
for line in sys.stdin:
    try:
        job = json.loads(line)
        session = onnxruntime.InferenceSession(job["model"], options, providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]
        for run in job["runs"]:
            write(run["outputs"], dict(zip(names, session.run(names, read(run["inputs"])))))
        answer = "done"
    except Exception as error:
        answer = str(error).replace("\n", " ")
    print(answer, flush=True)
