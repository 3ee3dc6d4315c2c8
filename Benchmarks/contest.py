"""Programs measured in turns: A B C A B C ..., of which only one computes at a time."""
import json, os, statistics, subprocess, tempfile, time

import common

# Worker threads of the one before spin for some milliseconds after their last work; they are let go to sleep first.
PAUSE_SECONDS = 0.02


class Contestant:
    """A program that speaks the lines of `insonate-compute`."""

    def __init__(self, name, command, environment=None):
        self.name, self.command, self.milliseconds, self.peak = name, command, [], None
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True, bufsize=1)

    def wait_until_ready(self):
        line = self.read()
        if not line.startswith("ready "): raise RuntimeError(f"{self.name}: expected ready, found {line!r}")
        self.ready = json.loads(line[len("ready "):])

    def go(self):
        self.say("go")
        self.milliseconds.append(float(self.read()))

    def quit(self):
        self.say("quit")
        last = json.loads(self.read())
        self.peak, self.not_finite = last["peakMebibytes"], last.get("notFinite", 0)
        self.process.wait(timeout=60)

    def close(self):
        if self.process.poll() is None: self.process.kill()
        self.process.wait()
        self.process.stdin.close(); self.process.stdout.close(); self.errors.close()

    def say(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.fail()

    def read(self):
        line = self.process.stdout.readline()
        if not line: self.fail()
        return line.strip()

    def fail(self):
        self.process.wait()
        self.errors.seek(0)
        raise RuntimeError(f"{self.name} ended with {self.process.returncode}: {' '.join(self.command)}\n"
                           + self.errors.read()[-2000:])

    @property
    def result(self):
        return {"milliseconds": self.milliseconds, "median": statistics.median(self.milliseconds),
                "peakMebibytes": self.peak, "notFinite": self.not_finite, "ready": self.ready}


def hold(entries, rounds):
    """entries: (name, command, environment). Gives each name's times by round and its peak memory."""
    contestants = []
    try:
        # One after the other, so that no one's warm-up disturbs another's.
        for entry in entries:
            contestants.append(Contestant(*entry))
            contestants[-1].wait_until_ready()
        for _ in range(rounds):
            for contestant in contestants:
                time.sleep(PAUSE_SECONDS)
                contestant.go()
        for contestant in contestants: contestant.quit()
        return {contestant.name: contestant.result for contestant in contestants}
    finally:
        for contestant in contestants: contestant.close()


PEERS = ["eager", "channels-last", "bfloat16", "channels-last-bfloat16"]
# So large that two contestants fewer are held in memory at once: PyTorch with a fused optimiser is left out.
LARGE = {"vgg16"}


def entries(work, network, options, environment):
    """Ours in the precision training chooses here and in float32, PyTorch in each variant."""
    batch, size = str(options["batch"]), str(options["size"])
    shared = ["--network", network, "--batch", batch, "--size", size, "--threads", str(options["threads"]),
              "--device", options["device"]]
    if options["frames"]: shared += ["--frames", str(options["frames"])]
    chosen = common.chosen_precision()
    ours = [chosen] + (["float32"] if chosen != "float32" else [])
    made = [(f"ours {precision}", [options["compute"], work, *shared, "--precision", precision], None)
            for precision in ours]
    script = os.path.join(common.ROOT, "Benchmarks", "peer_step.py")
    peer = [options["python"], script, work, *shared]
    if options["torchvision"]: peer += ["--torchvision", options["torchvision"]]
    made += [(name, [*peer, "--variant", name], environment) for name in PEERS]
    if work == "step" and network not in LARGE:
        made += [(f"{name} fused", [*peer, "--variant", name, "--fused"], environment)
                 for name in ("eager", "channels-last-bfloat16")]
    return made


def compare(work, network, options, rounds, environment):
    """One contest and its ratios: times by the median of the rounds' ratios, memory by the peaks."""
    results = hold(entries(work, network, options, environment), rounds)
    ours = f"ours {common.chosen_precision()}"
    best = min(PEERS, key=lambda name: results[name]["median"])
    extra = [name for name in results if name.endswith(" fused")]
    best_extra = min([best, *extra], key=lambda name: results[name]["median"])

    def times(name): return results[name]["milliseconds"]
    def memory(name): return results[ours]["peakMebibytes"] / results[name]["peakMebibytes"]
    return {"work": work, "network": network, "batch": options["batch"], "size": options["size"],
            "frames": options["frames"], "threads": options["threads"], "device": options["device"],
            "rounds": rounds, "ours": ours, "best": best, "bestWithFused": best_extra,
            "toEager": common.ratio(times(ours), times("eager")),
            "toBest": common.ratio(times(ours), times(best)),
            "toBestWithFused": common.ratio(times(ours), times(best_extra)),
            "float32ToEager": common.ratio(times("ours float32"), times("eager")),
            "memoryToEager": memory("eager"), "memoryToBest": memory(best), "contestants": results}
