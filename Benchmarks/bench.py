"""Insonate against its peers, measured in turns: the tables of docs/performance.md.

  python Benchmarks/bench.py [--parts steps,inference,startup,statistics,decoding,breast] [--rounds 10]    measures and prints
  python Benchmarks/bench.py --markdown     prints the last results as Markdown, measures nothing

Each part's results replace that part in .bench/results.json and say when and on what they were measured.
"""
import argparse, datetime, os, subprocess, sys

import breast, common, contest, decoding, diagnostic, startup

NETWORKS = {"resnet18": 224, "resnet50": 224, "efficientnet-b3": 300, "densenet121": 224, "vgg16": 224,
            "googlenet": 224, "inception-resnet-v2": 299}
# Networks over clips: rows and columns.
VIDEO = {"r3d-18": 112, "mc3-18": 112, "r2plus1d-18": 112, "s3d": 224}
NETWORKS |= VIDEO
CLIPS = 2  # a batch
PARTS = ["steps", "inference", "startup", "statistics", "decoding", "breast"]
NAMES = {"eager": "eager float32", "channels-last": "channels-last", "bfloat16": "bf16",
         "channels-last-bfloat16": "channels-last + bf16", "eager fused": "eager, fused AdamW",
         "channels-last-bfloat16 fused": "channels-last + bf16, fused AdamW"}


def held(found, work, network, options, rounds, environment):
    """Adds a contest's result; one that fails is said and loses no other."""
    try:
        found.append(contest.compare(work, network, options, rounds, environment))
    except RuntimeError as error:
        common.say(f"{network} not measured: {error}")


def steps(options, environment):
    found = []
    for network in options["networks"]:
        common.say(f"training step of {network}, {options['rounds']} rounds")
        chosen = {**options, "size": options["size"] or NETWORKS[network],
                  "batch": options["batch"] or (CLIPS if network in VIDEO else 8),
                  "frames": options["frames"] if network in VIDEO else None}
        held(found, "step", network, chosen, options["rounds"], environment)
    return found


def inference(options, environment):
    found = []
    for network in options["networks"]:
        for batch in (1, CLIPS if network in VIDEO else 8):
            rounds = options["rounds"] * (3 if batch == 1 else 1)
            common.say(f"inference of {network} at batch {batch}, {rounds} rounds")
            chosen = {**options, "batch": batch, "size": options["size"] or NETWORKS[network],
                      "frames": options["frames"] if network in VIDEO else None}
            held(found, "infer", network, chosen, rounds, environment)
    return found


def measure(part, options, environment):
    if part in ("steps", "inference"):
        common.require_peers(options["python"], environment, ["torch"])
        torchvision = dict(environment)
        if options["torchvision"]:
            torchvision["PYTHONPATH"] = os.pathsep.join(
                filter(None, [environment.get("PYTHONPATH"), options["torchvision"]]))
        common.require_peers(options["python"], torchvision, ["torchvision", "timm", "PIL", "numpy"])
        return steps(options, environment) if part == "steps" else inference(options, environment)
    if part == "startup": return startup.measure(options, options["startup_rounds"], environment)
    if part == "statistics": return diagnostic.measure(options, environment)
    if part == "decoding": return decoding.measure(options, environment)
    return breast.measure(options, options["breast_rounds"], environment)


# MARK: Tables

def goal(value, limit, digits=2, above=False):
    """A number with its goal and whether it is reached."""
    reached = value >= limit if above else value <= limit
    sign = "≥" if above else "≤"
    return f"{value:.{digits}f} ({sign} {limit:g}: {'reached' if reached else 'missed'})"


def contest_rows(results, goals):
    rows = []
    for one in results:
        times = {name: entry["median"] for name, entry in one["contestants"].items()}
        diverged = ", its loss not finite" if one["contestants"][one["best"]].get("notFinite") else ""
        row = [one["network"], str(one["batch"]), str(one["rounds"]),
               f"{times[one['ours']]:.0f} ({one['ours'].split()[1]})",
               f"{times['eager']:.0f}", f"{times[one['best']]:.0f} ({NAMES[one['best']]}{diverged})",
               goal(one["toEager"], 0.7) if goals else common.number(one["toEager"]),
               goal(one["toBest"], 1.0) if goals else common.number(one["toBest"])]
        if goals: row.append(common.number(one["toBestWithFused"]))
        rows.append(row + [common.number(one["float32ToEager"]), common.number(one["memoryToEager"]),
                           common.number(one["memoryToBest"])])
    return rows


def contest_columns(goals):
    columns = ["network", "batch", "rounds", "ours, ms", "eager, ms", "best peer, ms", "ours / eager",
               "ours / best peer"]
    if goals: columns.append("ours / best with fused AdamW")
    return columns + ["our float32 / eager", "memory / eager", "memory / best peer"]


def startup_rows(one):
    predict = f"`insonate predict`, one image, {one['networks']} networks"
    help_ = one["helpMilliseconds"]
    return [["`insonate --help`, ms", common.number(help_, 1), "-", goal(help_, 50, 1)],
            [f"{predict}, s", common.number(one["predictSeconds"]), common.number(one["peerSeconds"]),
             goal(one["predictRatio"], 0.25)],
            [f"{predict}, peak MiB", common.number(one["peakMebibytes"], 0), common.number(one["peerPeakMebibytes"], 0),
             common.number(one["memoryRatio"])],
            ["the image's score", common.number(one["score"], 4), common.number(one["peerScore"], 4),
             f"difference {one['score'] - one['peerScore']:+.4f}"]]


def statistics_rows(one):
    rows = []
    for contest_ in one["contests"]:
        times = {name: f"{entry['median']:.0f}" for name, entry in contest_["contestants"].items()}
        limit = 3 if contest_["work"] == "delong" else 10
        rows.append([contest_["title"] + ", ms", times["ours"], times["pROC"], times["scikit-learn"],
                     goal(contest_["faster"]["pROC"], limit, 1, above=True),
                     goal(contest_["faster"]["scikit-learn"], limit, 1, above=True)])
    return rows + [["report of 100,000 rows, s", goal(one["report"]["seconds"], 10, 1), "-", "-", "-", "-"]]


def decoding_rows(one):
    rows = []
    for contest_ in one:
        names = ("ours", "pydicom")
        rate = {name: 1000 * contest_["frames"] / contest_["contestants"][name]["median"] for name in names}
        peak = {name: contest_["contestants"][name]["peakMebibytes"] for name in names}
        rows.append([contest_["name"], contest_["work"], f"{rate['ours']:.0f}", f"{rate['pydicom']:.0f}",
                     goal(contest_["faster"], contest_["goal"], above=True), f"{peak['ours']:.0f}", f"{peak['pydicom']:.0f}"])
    return rows


def breast_rows(one):
    rows = []
    for name, title in (("shipped", "Insonate, as shipped"), ("sameDivision", "Insonate, the peer's division")):
        mine = one[name]
        rows.append([title, f"{mine['auc']:.3f}", goal(mine["aucDifference"], -0.02, 3, above=True),
                     f"{mine['seconds']:.0f}", goal(mine["wallRatio"], 1), f"{mine['peakMebibytes']:.0f}",
                     goal(mine["memoryRatio"], 1)])
    peer = one["peer"]
    auc, seconds, memory = f"{peer['auc']:.3f}", f"{peer['seconds']:.0f}", f"{peer['peakMebibytes']:.0f}"
    return rows + [["PyTorch", auc, "-", seconds, "-", memory, "-"]]


def lines(results, markdown):
    """The tables of whatever parts there are."""
    def section(part, title, columns, rows):
        made = results[part]["measured"]
        head = f"{title} ({made['when']}; {made['processor']}, {made['threads']} threads, PyTorch {made['torch']})"
        return ["", f"### {head}" if markdown else head, "", *common.table(columns, rows, markdown)]
    shown = []
    for part, title, goals in (("steps", "Training step", True), ("inference", "Inference, for information", False)):
        if part not in results: continue
        found = results[part]["results"]
        shown += section(part, title, contest_columns(goals),
                         contest_rows(found, goals))
    if "startup" in results:
        one = results["startup"]["results"]
        shown += section("startup", f"Start-up, median of 20 (`--help`) and {one['rounds']} rounds",
                         ["what", "ours", "Python", "ours / Python, or goal"], startup_rows(one))
    if "statistics" in results:
        one = results["statistics"]["results"]
        shown += section("statistics", "Statistics", ["what", "ours", "pROC", "scikit-learn", "times faster than pROC",
                                                      "than scikit-learn"], statistics_rows(one))
        shown += ["", *common.table(["simulated, " + f"{one['runs']} runs", "share"],
                                    [[entry["name"], f"{entry['value']:.3f}"] for entry in one["coverage"]], markdown)]
    if "decoding" in results:
        shown += section("decoding", "Decoding, frames of 640 x 480",
                         ["coding", "to", "ours, frames/s", "pydicom, frames/s", "times as fast", "peak MiB",
                          "pydicom's, each process"], decoding_rows(results["decoding"]["results"]))
    if "breast" in results:
        one = results["breast"]["results"]
        shown += section("breast", f"Breast B-mode, 5 folds, {one['images']} images, {one['rounds']} round(s)",
                         ["program", "pooled AUC per image", "less the peer's", "wall s", "wall / peer", "peak MiB",
                          "memory / peer"], breast_rows(one))
    return shown[1:]


def version_of_torch(python):
    code = "import importlib.metadata as m; print(m.version('torch'))"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return found.stdout.strip() or "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS), help="which of " + ", ".join(PARTS))
    parser.add_argument("--networks", default=",".join(NETWORKS), help="for steps and inference")
    parser.add_argument("--rounds", type=int, default=10, help="of steps and inference (batch 1: three times as many)")
    parser.add_argument("--startup-rounds", type=int, default=10)
    parser.add_argument("--breast-rounds", type=int, default=1)
    parser.add_argument("--statistics-rounds", type=int, default=5)
    parser.add_argument("--decoding-rounds", type=int, default=10)
    parser.add_argument("--coverage-runs", type=int, default=2000)
    parser.add_argument("--swift-flags", default=os.environ.get("SWIFT_FLAGS", ""), help="for the simulations")
    parser.add_argument("--batch", type=int, help=f"of the training step; 8 images or {CLIPS} clips by default")
    parser.add_argument("--size", type=int, help="rows and columns; each network's own by default")
    parser.add_argument("--frames", type=int, default=16, help="of a clip")
    parser.add_argument("--epochs", type=int, help="of the breast example; the protocol's by default")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--device", default="cpu", help="of steps and inference")
    parser.add_argument("--programs", default=os.path.join(common.ROOT, ".build", "release"),
                        help="folder of insonate and insonate-compute")
    parser.add_argument("--insonate", help="insonate, where it lies elsewhere")
    parser.add_argument("--python", default=sys.executable, help="the peers' Python, with torch")
    parser.add_argument("--peers", default=os.path.join(common.ROOT, ".deps", "peers"),
                        help="folder of the peers' packages")
    parser.add_argument("--torchvision", help="folder that holds torchvision, where it is not among those packages")
    parser.add_argument("--results", default=os.path.join(common.WORK, "results.json"))
    parser.add_argument("--markdown", action="store_true", help="print the last results as Markdown; measure nothing")
    asked = parser.parse_args()

    if asked.markdown:
        print("\n".join(lines(common.read_results(asked.results), True)))
        return
    options = vars(asked)
    options["insonate"] = asked.insonate or os.path.join(asked.programs, "insonate")
    options["compute"] = os.path.join(asked.programs, "insonate-compute")
    options["networks"] = asked.networks.split(",")
    parts = asked.parts.split(",")
    for name in options["networks"]:
        if name not in NETWORKS: parser.error(f"no network {name}; there are {', '.join(NETWORKS)}")
    for part in parts:
        if part not in PARTS: parser.error(f"no part {part}; there are {', '.join(PARTS)}")
    programs = {"compute" if part in ("steps", "inference") else "insonate" for part in parts if part != "decoding"}
    for program in sorted(programs):
        if not os.path.exists(options[program]): parser.error(f"{options[program]} is not built (make build)")
    if min(asked.rounds, asked.startup_rounds, asked.breast_rounds, asked.statistics_rounds, asked.decoding_rounds) < 1: parser.error("rounds: expected 1 or more")
    environment = common.peer_environment(asked.peers)
    measured, skipped = [], []
    for part in parts:
        try:
            found = measure(part, options, environment)
        except common.NotMeasured as reason:
            skipped.append(f"{part} not measured: {reason}")
            continue
        except RuntimeError as error:
            sys.exit(f"{part}: {error}")
        when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
        results = common.read_results(asked.results)
        results[part] = {"results": found, "measured": {
            "when": when, "processor": common.processor(), "threads": asked.threads,
            "torch": version_of_torch(asked.python)}}
        common.write_results(asked.results, results)
        measured.append(part)
    results = common.read_results(asked.results)
    print("\n".join(lines({part: results[part] for part in measured}, False) + skipped))
    common.say(f"results: {os.path.relpath(asked.results)}")


if __name__ == "__main__": main()
