"""Trials of the campaign on damaged files: one file each, the commands that read it, and what they must and must not do.

A trial is known by its kind and number: the same number, the same damage. Every command must end by itself with an exit code
that it may have, say why in a sentence if it is not 0, leave what it reads as it was, and leave nothing behind but what it
was asked for.
"""

import dataclasses
import os
import pathlib
import random
import re
import shutil

import damaged_files

SOURCE = pathlib.Path(__file__).resolve().parents[2]
KINDS = ("results", "logs", "sweeps")

# Straight lines alone, whose analysis takes no time; few numbers, so that damage meets HDF5's structures.
SWEEP = """
title = "To be damaged"
[grid]
activation = ["relu", "leaky_relu(0.2)"]
weights = ["gaussian", "rademacher"]
weight_variance = [1.0, 2.0]
width = [4]
depth = [3]
[simulation]
replicas = 6
batches = 3
"""
PAIRS = ("--set", 'simulation.measure=["forward","correlation"]')
GROWN = ("--set", "grid.weight_variance=[1.0,1.5,2.0]")

# What the sanitizers, the C++ runtime and HDF5 say where something went wrong that no sentence tells.
OUTBURSTS = re.compile(r"ERROR: AddressSanitizer|runtime error:|terminate called|HDF5-DIAG|[Aa]ssert|_GLIBCXX|precondition|postcondition")
# A crash within HDF5, which the program turns into an end in order.
IN_HDF5 = re.compile(r"ERROR: AddressSanitizer.*\n(?: .*\n)*?\s+#[01] .*libhdf5")
ENDED_IN_ORDER = "HDF5 breaks down on it."
SENTENCE = re.compile(r"^varprop: .*[.?!)]$")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
SLOW, LARGE = 20.0, 1_500_000  # processor seconds and kilobytes that are worth a look


@dataclasses.dataclass
class Outcome:
    """How a command ended."""

    code: int | None    # None: a signal ended it
    signal: int | None
    seconds: float      # of the processor
    kilobytes: int
    out: str
    err: str


@dataclasses.dataclass
class Trial:
    kind: str
    number: int
    damage: str
    ends: list = dataclasses.field(default_factory=list)      # (command, how it ended, processor seconds)
    findings: list = dataclasses.field(default_factory=list)  # sentences


class Corpus:
    """Whole files, of which trials damage copies. Made once, by the program that is tried."""

    def __init__(self, folder, run):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sweep_file = self.folder / "sweep.toml"
        self.sweep_file.write_text(SWEEP, encoding="utf-8")
        for name, words in (("whole", ()), ("pairs", PAIRS), ("shard", ("--shard", "1/2")), ("rest", ("--shard", "2/2")), ("half", ("--fault", "throw@7"))):
            if not (self.folder / f"{name}.h5.log.jsonl").exists():
                outcome = run(["sweep", self.sweep_file, "-o", self.folder / f"{name}.h5", "--threads", 1, *words], self.folder)
                if outcome.code not in (0, 3):
                    raise RuntimeError(f"no corpus: {outcome.err}")
        self.make_half()
        self.sweep_texts = [path.read_text(encoding="utf-8") for folder in ("examples", "tests/campaigns/prove_sweeps")
                            for path in sorted((SOURCE / folder).glob("*.toml"))]

    def make_half(self):
        """A sweep that was interrupted: every third unit is pending, and one failed."""
        import h5py
        with h5py.File(self.folder / "half.h5", "r+", locking=False) as file:
            state = file["state"][...]
            state.reshape(-1)[::3] = 0
            file["state"][...] = state

    def results(self, name):
        return self.folder / f"{name}.h5"


def words_of(name):
    """What the sweep file alone does not say of a file of the corpus."""
    return {"pairs": PAIRS, "shard": ("--shard", "1/2")}.get(name, ())


def content_of(folder):
    return {path.name: path.stat().st_size for path in folder.iterdir()}


class Trials:
    """Runs trials in a scratch folder; `run` takes the words of a command and the folder that it runs in."""

    def __init__(self, corpus, folder, run, seed=1):
        self.corpus, self.folder, self.run_command, self.seed = corpus, pathlib.Path(folder), run, seed

    def __call__(self, kind, number):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        rng = random.Random(f"{self.seed} {kind} {number}")
        return {"results": self.damaged_results, "logs": self.damaged_log, "sweeps": self.damaged_sweep}[kind](number, rng)

    # A results file, and the commands that read it, two or three in turns

    def damaged_results(self, number, rng):
        name = rng.choice(["whole", "whole", "pairs", "shard", "half"])
        content, damage = damaged_files.damage_bytes(self.corpus.results(name).read_bytes(), rng)
        trial = Trial("results", number, f"{name}: {damage}")
        path = self.folder / "damaged.h5"
        path.write_bytes(content)
        shutil.copy(f"{self.corpus.results(name)}.log.jsonl", f"{path}.log.jsonl")
        commands = [self.status, self.analyze, self.verify, self.merge, self.resume, self.reuse]
        for command in rng.sample(commands, rng.choice([2, 3])):
            command(trial, path, name, rng)
        return trial

    def damaged_log(self, number, rng):
        name = rng.choice(["whole", "shard", "half"])
        log = pathlib.Path(f"{self.corpus.results(name)}.log.jsonl").read_bytes() * rng.choice([1, 1, 20])
        content, damage = damaged_files.damage_bytes(log, rng)
        trial = Trial("logs", number, f"{name}: {damage}")
        path = self.folder / "damaged.h5"
        shutil.copy(self.corpus.results(name), path)
        pathlib.Path(f"{path}.log.jsonl").write_bytes(content)
        for command in rng.sample([self.status, self.merge, self.resume], 2):
            command(trial, path, name, rng)
        return trial

    def status(self, trial, path, name, rng):
        self.expect(trial, ["status", path.name, *rng.choice([(), ("--json",)])], {0, 1, 2}, reads=[path])

    def analyze(self, trial, path, name, rng):
        words = ["analyze", path.name, "-o", "analysis"]
        outcome = self.expect(trial, words, {0, 1, 2}, reads=[path], makes={"analysis"})
        stray = [p.name for p in self.folder.rglob("*") if re.search(r"\.part|creating", p.name)]
        if stray or (outcome.code == 2 and any((self.folder / "analysis").glob("*"))):
            self.found(trial, words, f"left {', '.join(stray) or 'files of an analysis that was refused'}")
        shutil.rmtree(self.folder / "analysis", ignore_errors=True)

    def verify(self, trial, path, name, rng):
        self.expect(trial, ["verify", path.name, "--sample", "100%", "--threads", 1], {0, 1, 2, 3}, reads=[path])

    def merge(self, trial, path, name, rng):
        parts = [path.name] + ([str(self.corpus.results("rest"))] if name == "shard" else [])
        rng.shuffle(parts)
        self.expect(trial, ["merge", "merged.h5", *parts], {0, 1, 2, 3, 75}, reads=[path], makes={"merged.h5", "merged.h5.log.jsonl"})
        self.forget("merged.h5")

    def resume(self, trial, path, name, rng):
        """May write what is pending into the file, but not where it refuses it."""
        for suffix in ("", ".log.jsonl"):
            shutil.copy(f"{path}{suffix}", self.folder / f"resumed.h5{suffix}")
        copy, before = self.folder / "resumed.h5", path.read_bytes()
        words = ["sweep", self.corpus.sweep_file, "-o", copy.name, "--threads", 1, *words_of(name)]
        outcome = self.expect(trial, words, {0, 1, 2, 3})
        if outcome.code == 2 and copy.read_bytes() != before:
            self.found(trial, words, "changed a file that it refused")
        self.forget("resumed.h5")

    def reuse(self, trial, path, name, rng):
        words = ["sweep", self.corpus.sweep_file, "-o", "grown.h5", "--threads", 1, *(PAIRS if name == "pairs" else ()), *GROWN,
                 "--reuse", path.name]
        self.expect(trial, words, {0, 1, 2, 3}, reads=[path], makes={"grown.h5", "grown.h5.log.jsonl"})
        self.forget("grown.h5")

    # A sweep file

    def damaged_sweep(self, number, rng):
        content, damage = damaged_files.damage_text(self.corpus.sweep_texts, rng)
        trial = Trial("sweeps", number, damage)
        path = self.folder / "damaged.toml"
        path.write_bytes(content)
        self.expect(trial, ["plan", path.name, *rng.choice([(), ("--json",), ("--ranks", 7)])], {0, 2}, reads=[path])
        if number % 10 == 0:
            words = ["sweep", path.name, "-o", "results.h5", "--threads", 1, "--time-limit", "1s", "--max-file-size", "300kB"]
            self.expect(trial, words, {0, 1, 2, 3, 75}, reads=[path], makes={"results.h5", "results.h5.log.jsonl"})
        return trial

    # What holds of every command

    def expect(self, trial, words, codes, reads=(), makes=frozenset()):
        """Runs a command, judges how it ends, and looks after the folder: `makes` may be there only where it did not refuse."""
        words = list(map(str, words))
        contents, before = [path.read_bytes() for path in reads], content_of(self.folder)
        outcome = self.run_command(words, self.folder)
        end = str(outcome.code) if outcome.signal is None else f"signal {outcome.signal}"
        trial.ends.append((words[0], end, outcome.seconds))
        for complaint in complaints(outcome, codes):
            self.found(trial, words, complaint)
        if [path.read_bytes() for path in reads] != contents:
            self.found(trial, words, "changed what it reads")
        new = set(content_of(self.folder)) - set(before) - (set() if outcome.code == 2 else makes)
        if new and outcome.signal is None and not self.only_a_lock_of_an_endless_file(new, outcome):
            self.found(trial, words, f"ended with {end} and left {', '.join(sorted(new))}")
        return outcome

    @staticmethod
    def only_a_lock_of_an_endless_file(new, outcome):
        """The watchdog ends the process on the spot; a lock that nobody holds is taken over by the next writer."""
        return "does not come to an end" in outcome.err and all(name.endswith(".lock") for name in new)

    def found(self, trial, words, what):
        trial.findings.append(f"varprop {' '.join(words)}: {what}")

    def forget(self, name):
        for path in self.folder.glob(f"{name}*"):
            os.remove(path)


def complaints(outcome, codes):
    """What is wrong with how a command ended, in words."""
    if outcome.signal is not None:
        yield f"was ended by signal {outcome.signal} after {outcome.seconds:.0f} s of the processor"
        return
    outburst = OUTBURSTS.search(outcome.err)
    if outcome.code == 2 and ENDED_IN_ORDER in outcome.err and IN_HDF5.search(outcome.err):
        return
    if outburst:
        line = next(line for line in outcome.err.splitlines() if outburst.group() in line)
        yield f"said: {line[:300]}"
    elif outcome.code not in codes:
        yield f"ended with {outcome.code}: {outcome.err[-300:].strip()}"
    elif outcome.code in (1, 2) and not any(SENTENCE.match(line) for line in outcome.err.splitlines()):
        yield f"ended with {outcome.code} without a sentence: {outcome.err[-300:].strip()!r}"
    if CONTROL.search(outcome.err):
        yield f"wrote control characters: {outcome.err[:300]!r}"
    if outcome.seconds > SLOW:
        yield f"took {outcome.seconds:.0f} s of the processor"
    if outcome.kilobytes > LARGE:
        yield f"took {outcome.kilobytes // 1024} MiB"
