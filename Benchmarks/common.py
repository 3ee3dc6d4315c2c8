"""What the benchmarks share: where things are, one measured process, medians, tables."""
import json, os, statistics, subprocess, sys, tempfile, time
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = os.path.join(ROOT, ".bench")
SHARED = os.path.join(ROOT, "..", "shared")


class NotMeasured(Exception):
    """A part that cannot be measured here; the message says what is missing."""


def peer_environment(peers):
    """The environment of a Python peer: the packages in `peers` come before those beside torch."""
    environment = dict(os.environ)
    if os.path.isdir(peers):
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [peers, environment.get("PYTHONPATH")]))
    return environment


def require_peers(python, environment, modules):
    """Raises NotMeasured where `python` cannot import what a peer needs."""
    code = "import importlib.util as u, sys; print(*[m for m in sys.argv[1:] if u.find_spec(m) is None])"
    found = subprocess.run([python, "-c", code, *modules], env=environment, capture_output=True, text=True)
    if found.returncode != 0 or found.stdout.strip():
        raise NotMeasured(f"{python} lacks {found.stdout.strip() or found.stderr.strip()} (make bench installs it)")


@dataclass
class Measured:
    seconds: float
    peak_mebibytes: float
    output: str


def measured(command, environment=None, folder=None):
    """Runs a command to its end: wall time, peak resident memory (of it or a child it waited for), standard output."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0); errors.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}\n{errors.read()[-2000:]}")
        return Measured(seconds, usage.ru_maxrss / 1024, output.read())


def ratio(ours, theirs):
    """Median of the rounds' ratios: a slow moment of the machine falls on both sides of one round."""
    return statistics.median(a / b for a, b in zip(ours, theirs))


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown"


def chosen_precision():
    """What training and prediction choose on this processor where the protocol says `auto`."""
    with open("/proc/cpuinfo") as file: text = file.read()
    return "bfloat16" if " avx512_bf16" in text or " amx_bf16" in text else "float32"


def say(line):
    print(line, file=sys.stderr, flush=True)


def number(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


def table(columns, rows, markdown):
    """Lines of a table: Markdown, or columns padded for a terminal."""
    if markdown:
        lines = ["| " + " | ".join(row) + " |" for row in [columns, *rows]]
        return [lines[0], "|" + "---|" * len(columns), *lines[1:]]
    widths = [max(len(row[i]) for row in [columns, *rows]) for i in range(len(columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in [columns, *rows]]


def read_results(path):
    if not os.path.exists(path): return {}
    with open(path) as file: return json.load(file)


def write_results(path, results):
    """Writes beside and renames, so that a stopped run leaves the last whole file."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path + ".partial", "w") as file: json.dump(results, file, indent=1, sort_keys=True)
    os.replace(path + ".partial", path)
