"""DICOM cines decoded to RGB frames and to float tensors, against pydicom with pylibjpeg in as many processes as there are cores."""
import json, os, subprocess

import common, contest

MODULES = ["pydicom", "pylibjpeg", "libjpeg", "openjpeg", "rle", "PIL", "numpy"]
# How many times as many frames a second as the peer.
GOALS = {"uncompressed": 2, "RLE": 2, "JPEG baseline": 2, "JPEG lossless": 1.2, "JPEG 2000 lossless": 1.2, "JPEG 2000": 1.2}


def names(options, environment):
    code = "import json, decoding_files; print(json.dumps(list(decoding_files.CINES)))"
    found = subprocess.run([options["python"], "-c", code], env=environment, capture_output=True, text=True,
                           cwd=os.path.join(common.ROOT, "Benchmarks"))
    if found.returncode != 0: raise RuntimeError(found.stderr[-2000:])
    return json.loads(found.stdout)


def measure(options, environment):
    common.require_peers(options["python"], environment, MODULES)
    ours = os.path.join(options["programs"], "decoding-turns")
    if not os.path.exists(ours): raise common.NotMeasured(f"{ours} is not built (make build)")
    folder = os.path.join(common.WORK, "decoding")
    os.makedirs(folder, exist_ok=True)
    scripts = os.path.join(common.ROOT, "Benchmarks")
    found = []
    for name in names(options, environment):
        path = os.path.join(folder, name.replace(",", "").replace(" ", "-") + ".dcm")
        made = subprocess.run([options["python"], os.path.join(scripts, "decoding_files.py"), name, path],
                              env=environment, capture_output=True, text=True)
        if made.returncode != 0: raise RuntimeError(f"{name} cannot be made\n" + made.stderr[-2000:])
        for work in ("rgb", "tensors"):
            common.say(f"{name} to {work}, {options['decoding_rounds']} rounds")
            peer = [options["python"], os.path.join(scripts, "peer_decoding.py"), work, path]
            results = contest.hold([("ours", [ours, work, path], None), ("pydicom", peer, environment)],
                                   options["decoding_rounds"])
            times = {contestant: one["milliseconds"] for contestant, one in results.items()}
            found.append({"name": name, "work": work, "goal": GOALS[name.split(",")[0]], "contestants": results,
                          "faster": 1 / common.ratio(times["ours"], times["pydicom"]),
                          "frames": results["ours"]["ready"]["frames"]})
    return found
