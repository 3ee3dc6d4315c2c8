"""The statistics: ROC with DeLong and the bootstrap against pROC and scikit-learn, a report of 100,000 rows, and the coverage that
intervals have in simulations."""
import os, random, re, shutil, statistics, subprocess

import common, contest

WORKS = {"delong": (1_000_000, "ROC, AUC, DeLong; 1,000,000 scores"),
         "bootstrap": (1000, "10,000 stratified bootstrap AUCs of 1,000 cases")}
REPORT_ROWS = 100_000


def scores(path, count):
    """`label,score` of two normal classes a third of which is positive; four decimals, so that there are ties."""
    if os.path.exists(path): return
    draw = random.Random(4)
    with open(path + ".partial", "w") as file:
        file.write("label,score\n")
        for row in range(count):
            label = int(row % 3 == 0)
            file.write(f"{label},{draw.gauss(label, 1):.4f}\n")
    os.replace(path + ".partial", path)


def predictions(path):
    """A predictions table of 25,000 lesions with four images each, of 20,000 patients."""
    if os.path.exists(path): return
    draw = random.Random(5)
    with open(path + ".partial", "w") as file:
        file.write("model,split,fold,site,patient,lesion,image,label,score\n")
        for lesion in range(REPORT_ROWS // 4):
            label = int(draw.random() < 0.35)
            base = draw.gauss(0.42 + 0.2 * label, 0.15)
            for image in range(4):
                value = min(0.9999, max(0.0001, base + draw.gauss(0, 0.06)))
                file.write(f"network,internal-test,0,site{lesion % 7},p{lesion * 4 // 5},l{lesion},i{lesion}-{image},"
                           f"{label},{value:.5f}\n")
    os.replace(path + ".partial", path)


def against_peers(options, environment, folder):
    peers = {"pROC": ["Rscript", os.path.join(common.ROOT, "Benchmarks", "peer_statistics.R")],
             "scikit-learn": [options["python"], os.path.join(common.ROOT, "Benchmarks", "peer_statistics.py")]}
    found = []
    for work, (count, title) in WORKS.items():
        table = os.path.join(folder, f"{work}.csv")
        scores(table, count)
        common.say(f"{title}, {options['statistics_rounds']} rounds")
        ours = os.path.join(options["programs"], "statistics-turns")
        entries = [("ours", [ours, work, table], None)]
        entries += [(name, [*command, work, table], environment) for name, command in peers.items()]
        results = contest.hold(entries, options["statistics_rounds"])
        times = {name: one["milliseconds"] for name, one in results.items()}
        found.append({"work": work, "title": title, "contestants": results,
                      "faster": {name: 1 / common.ratio(times["ours"], times[name]) for name in peers}})
    return found


def report(options, folder):
    table, out = os.path.join(folder, "predictions.csv"), os.path.join(folder, "report")
    predictions(table)
    times = []
    for _ in range(3):
        shutil.rmtree(out, ignore_errors=True)
        times.append(common.measured([options["insonate"], "evaluate", table, "--out", out]))
    return {"seconds": statistics.median(one.seconds for one in times),
            "peakMebibytes": max(one.peak_mebibytes for one in times)}


def coverage(options):
    """The simulations of the test suite with many runs; what they print as `simulated: NAME: VALUE`."""
    environment = dict(os.environ, INSONATE_COVERAGE_RUNS=str(options["coverage_runs"]))
    flags = options["swift_flags"].split()
    common.say(f"coverage by simulation, {options['coverage_runs']} runs")
    run = subprocess.run(["swift", "test", *flags, "--filter", "StatisticsTests.*(Simulations|CoverageTests)"], cwd=common.ROOT, env=environment,
                         capture_output=True, text=True)
    found = re.findall(r"^simulated: (.+): ([0-9.]+)$", run.stdout, re.MULTILINE)
    if run.returncode != 0 or not found: raise RuntimeError("the simulations failed\n" + run.stdout[-3000:])
    return [{"name": name, "value": float(value)} for name, value in found]


def measure(options, environment):
    if shutil.which("Rscript") is None or subprocess.run(
            ["Rscript", "-e", "library(pROC)"], capture_output=True).returncode != 0:
        raise common.NotMeasured("R lacks pROC (Debian: r-cran-proc)")
    common.require_peers(options["python"], environment, ["numpy", "sklearn"])
    folder = os.path.join(common.WORK, "statistics")
    os.makedirs(folder, exist_ok=True)
    return {"contests": against_peers(options, environment, folder), "report": report(options, folder),
            "coverage": coverage(options), "runs": options["coverage_runs"]}
