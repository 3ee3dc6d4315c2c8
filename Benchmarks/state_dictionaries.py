"""Turns the chosen checkpoints of a run folder into .pth state dictionaries, as a PyTorch user would keep them.

  python state_dictionaries.py RUN OUT     writes OUT/fold-1.pth, OUT/fold-2.pth, ...
"""
import glob, json, os, re, struct, sys
import torch

TYPES = {"F32": torch.float32, "I64": torch.int64}


def read(path):
    """The tensors of a safetensors file: length of the header, header as JSON, bytes."""
    with open(path, "rb") as file: data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header, body = json.loads(data[8:8 + length]), bytearray(data[8 + length:])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__": continue
        start, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(body[start:end], dtype=TYPES[entry["dtype"]]).reshape(entry["shape"]).clone()
    return tensors


def main():
    run, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    for path in sorted(glob.glob(os.path.join(run, "checkpoints", "fold-*.safetensors"))):
        fold = re.fullmatch(r"fold-(\d+)\.safetensors", os.path.basename(path))
        if not fold: continue
        state = {name[len("network."):]: tensor for name, tensor in read(path).items() if name.startswith("network.")}
        torch.save(state, os.path.join(out, f"fold-{fold.group(1)}.pth"))


if __name__ == "__main__": main()
