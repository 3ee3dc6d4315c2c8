"""Start-up: `insonate --help`, and `insonate predict` on one image against a Python script that does the same."""
import csv, glob, os, shutil, statistics, struct

import common

FOLDS = 5


def run(options, *arguments):
    common.measured([options["insonate"], *arguments])


def png_size(path):
    with open(path, "rb") as file: return struct.unpack(">II", file.read(24)[16:])


def prepare(options, environment, folder):
    """A run of five networks trained for one epoch on a small in-silico cohort, and a cohort of one of its images."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    simulated, cohort, trained = (os.path.join(folder, name) for name in ("simulated", "all.cohort", "run"))
    run(options, "simulate", "liver", "--out", simulated, "--patients", "30", "--seed", "1")
    run(options, "import", simulated, "--into", cohort)
    protocol = os.path.join(common.ROOT, "Protocols", "breast-bmode.json")
    run(options, "train", protocol, "--cohort", cohort, "--out", trained, "--set", "training.epochs=1",
        "--set", f"validation.folds={FOLDS}", "--set", f"training.threads={options['threads']}")
    with open(os.path.join(simulated, "cohort.csv"), newline="") as file: row = next(csv.DictReader(file))
    image = os.path.join(simulated, row["file"])
    width, height = png_size(image)
    box = [width // 4, height // 4, width // 2, height // 2]
    table, single = os.path.join(folder, "one.csv"), os.path.join(folder, "one.cohort")
    kept = {key: row[key] for key in ("patient", "lesion", "label", "file", "modality")}
    kept.update(zip(["roi_x", "roi_y", "roi_width", "roi_height"], box))
    with open(table, "w", newline="") as file:
        writer = csv.DictWriter(file, kept)
        writer.writeheader()
        writer.writerow(kept)
    run(options, "import", simulated, "--table", table, "--into", single)
    script = os.path.join(common.ROOT, "Benchmarks", "state_dictionaries.py")
    weights = os.path.join(folder, "weights")
    common.measured([options["python"], script, trained, weights], environment)
    return trained, single, image, box, sorted(glob.glob(os.path.join(weights, "*.pth")))


def only_score(path):
    with open(path, newline="") as file: return float(next(csv.DictReader(file))["score"])


def measure(options, rounds, environment):
    common.require_peers(options["python"], environment, ["torch", "PIL", "numpy", "efficientnet_lite_pytorch"])
    folder = os.path.join(common.WORK, "startup")
    trained, cohort, image, box, weights = prepare(options, environment, folder)
    if len(weights) != FOLDS: raise RuntimeError(f"expected {FOLDS} networks in {trained}, found {len(weights)}")
    ours_out, peer_out = os.path.join(folder, "ours.csv"), os.path.join(folder, "peer.csv")
    help_ = [options["insonate"], "--help"]
    ours = [options["insonate"], "predict", trained, "--cohort", cohort, "--out", ours_out]
    peer = [options["python"], os.path.join(common.ROOT, "Benchmarks", "peer_predict.py"), image, *weights, "--box",
            *map(str, box), "--threads", str(options["threads"]), "--out", peer_out]
    # Once untimed each, so that every round finds the files in the page cache: a cold process, not a cold disk.
    for command, where in ((help_, None), (ours, None), (peer, environment)): common.measured(command, where)
    helps, our_runs, peer_runs = [], [], []
    for _ in range(20): helps.append(common.measured(help_).seconds * 1000)
    for _ in range(rounds):
        our_runs.append(common.measured(ours))
        peer_runs.append(common.measured(peer, environment))
    our_seconds, peer_seconds = ([one.seconds for one in runs] for runs in (our_runs, peer_runs))
    our_memory, peer_memory = (max(one.peak_mebibytes for one in runs) for runs in (our_runs, peer_runs))
    return {"helpMilliseconds": statistics.median(helps), "helpRuns": helps, "rounds": rounds,
            "predictSeconds": statistics.median(our_seconds), "peerSeconds": statistics.median(peer_seconds),
            "predictRuns": our_seconds, "peerRuns": peer_seconds,
            "predictRatio": common.ratio(our_seconds, peer_seconds), "networks": FOLDS,
            "peakMebibytes": our_memory, "peerPeakMebibytes": peer_memory, "memoryRatio": our_memory / peer_memory,
            "score": only_score(ours_out), "peerScore": only_score(peer_out)}
