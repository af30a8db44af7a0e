"""Bad input: each is answered with a sentence and an exit code, and nothing is written, overwritten or left behind."""

import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import h5py

from sweep_runs import SweepTest

SWEEP = """\
[grid]
activation = "tanh"
weight_variance = 1
width = 8
depth = 4
[simulation]
replicas = 32
"""
ONLY_ROOT_MOUNTS = "mounting a small tmpfs takes root"

# (line of SWEEP to replace, its new text, column, what the sentence must hold)
BAD_LINES = {
    "unknown key": (4, "widht = 8", 1, ['grid.widht: unknown key. Did you mean "width"?']),
    "unknown activation": (2, 'activation = "tahn"', 14, ['unknown activation "tahn". Did you mean "tanh"?']),
    "empty axis": (4, "width = []", 9, ["grid.width: this axis has no values"]),
    "duplicate value": (3, "weight_variance = [1, 2, 1.0]", 26, ["1 stands there twice"]),
    "NaN": (3, "weight_variance = nan", 19, ["nan is not allowed", "a finite number above 0"]),
    "infinite": (3, "weight_variance = inf", 19, ["inf is not allowed"]),
    "negative variance": (3, "weight_variance = -1", 19, ["-1 is not allowed"]),
    "width 0": (4, "width = 0", 9, ["0 is not allowed", "a whole number from 1 to"]),
    "width 8.5": (4, "width = 8.5", 9, ["8.5 is not allowed", "a whole number"]),
    "width 1e20": (4, "width = 1e20", 9, ["1e+20 is not allowed"]),
    "width 10^20 in digits": (4, "width = 100000000000000000000", None, ["syntax"]),
    "replicas 0": (7, "replicas = 0", 12, ["0 is not allowed"]),
    "replicas not divisible": (7, "replicas = 100", 12, ["16 batches (the default)", "batches = 10 or 20"]),
    "negative seed": (7, "replicas = 32\nseed = -1", None, ["simulation.seed: -1 is no seed", "from 0 to"]),
    "syntax error": (4, "width = ", 9, ["syntax"]),
    "unknown section": (6, "[simulaton]", 2, ["unknown section [simulaton]", '"simulation"']),
}


def with_line(number, text):
    lines = SWEEP.splitlines()
    lines[number - 1] = text
    return "\n".join(lines) + "\n"


class BadInput(SweepTest):
    def snapshot(self):
        """Every file in the scratch folder with its content."""
        return {path: path.read_bytes() for path in sorted(pathlib.Path(self.folder).rglob("*")) if path.is_file()}

    def assert_refused(self, *words, code=2, says=(), ranks=0):
        """Runs varprop; it must refuse in one sentence and leave the folder as it was."""
        before = self.snapshot()
        done = self.run_varprop(*words, ranks=ranks)
        self.assertEqual(done.returncode, code, done.stderr)
        own = [line for line in done.stderr.splitlines() if line.startswith("varprop: ")]
        self.assertEqual(len(own), 1, done.stderr)
        self.assertRegex(own[0], r"[.?)]$")
        for part in says:
            self.assertIn(part, own[0])
        self.assertEqual(self.snapshot(), before)
        self.assertNotIn("terminate called", done.stderr)
        return own[0]

    def assert_file_refused(self, content, *says, ranks=0):
        path = pathlib.Path(self.path("bad.toml"))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.assert_refused("sweep", path, "-o", self.path("r.h5"), says=says, ranks=ranks)


class BadSweepFile(BadInput):
    def test_lines(self):
        for name, (line, text, column, says) in BAD_LINES.items():
            with self.subTest(name):
                place = f"bad.toml:{line}:{column}: " if column else f"bad.toml:{line + text.count(chr(10))}:"
                self.assert_file_refused(with_line(line, text), place, *says)

    def test_a_sentence_is_one_line_whatever_it_quotes(self):
        """Seen red: a list of 40 lines; a name of three; a sentence that a zero cut short."""
        numbers = ", ".join(map(str, range(40)))
        self.assert_file_refused(with_line(7, f"replicas = [{numbers}]"), "[ 0, 1,", "is not a number; allowed: a whole number")
        self.assert_file_refused(with_line(3, 'weight_variance = "a\\nb\\nc"'), r'unknown name "a\nb\nc".', "Allowed: a finite number")
        self.assert_file_refused(with_line(2, 'activation = "tanh\\u0000"'), r'"tanh\u0000" holds the character \u0000; allowed: linear')
        self.assert_file_refused('title = "a\\u0000"\n' + SWEEP, r"holds the character \u0000")

    def test_missing_axis(self):
        self.assert_file_refused(with_line(4, ""), "bad.toml:1:1: grid.width: this key is missing")

    def test_empty_and_binary_files(self):
        self.assert_file_refused("", "bad.toml:1:1: the sweep file is empty")
        self.assert_file_refused(b"\x7fELF\x02\x01\x01\x00\x00", "bad.toml:1:1: this is a binary file")
        self.assert_file_refused(b"\x89HDF\r\n\x1a\n", "this is an HDF5 file")
        self.assert_file_refused(b'title = "\xff\xfe"\n', "bad.toml:1:")

    def test_files_that_cannot_be_read(self):
        results = self.path("r.h5")
        self.assert_refused("sweep", self.path("none.toml"), "-o", results, says=["none.toml", "No such file"])
        self.assert_refused("sweep", self.folder, "-o", results, says=["this is a directory"])

    def test_flags_are_named(self):
        sweep, results = self.write("s.toml", SWEEP), self.path("r.h5")
        self.assert_refused("sweep", sweep, "-o", results, "--set", "grid.width=[0]",
                            says=["--set grid.width=[0]: 0 is not allowed"])
        self.assert_refused("sweep", sweep, "-o", results, "--engine", "radical", says=["--engine radical: unknown engine"])
        self.assert_refused("sweep", sweep, "-o", results, "--engine", "radial", says=["two straight lines, such as relu, not tanh"])

    def test_under_mpirun_one_rank_speaks_and_all_end(self):
        self.assert_file_refused(with_line(4, "width = 0"), "bad.toml:4:9: ", ranks=2)


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "becoming somebody else takes root and setpriv")
class SomebodyElses(BadInput):
    def test_unreadable_file(self):
        secret = pathlib.Path(self.write("secret.toml", SWEEP))
        secret.chmod(0)
        os.chmod(self.folder, 0o755)
        command = ["setpriv", "--reuid=65534", "--clear-groups",
                   *self.command("sweep", secret, "-o", self.path("r.h5"))]
        done = self.run_tool(*command, code=None)
        if "setpriv" in done.stderr or done.returncode in (126, 127):
            self.skipTest("somebody else may not run this build: " + done.stderr)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("Permission denied", done.stderr)


class BadResults(BadInput):
    def setUp(self):
        super().setUp()
        self.sweep_file = self.write("s.toml", SWEEP)
        self.results = self.path("r.h5")

    def test_results_of_another_sweep(self):
        self.sweep(self.sweep_file, self.results)
        self.assert_refused("sweep", self.sweep_file, "-o", self.results, "--set", "simulation.seed=2", says=["r.h5"])
        self.sweep(self.sweep_file, self.results, "--set", "simulation.seed=2", "--overwrite")

    def test_foreign_and_truncated_results(self):
        self.sweep(self.sweep_file, self.results)
        whole = pathlib.Path(self.results).read_bytes()
        for name, content in {"text": b"hello\n", "empty": b"", "truncated": whole[: len(whole) // 2]}.items():
            with self.subTest(name):
                pathlib.Path(self.results).write_bytes(content)
                self.assert_refused("sweep", self.sweep_file, "-o", self.results, says=["r.h5"])
                self.assert_refused("analyze", self.results, "-o", self.path("analysis"), says=["r.h5"])

    def test_parts_without_their_origin(self):
        """Seen red: a sentence without the file's name, code 1, and for a later part a merged file beside it."""
        parts = [self.path("a.h5"), self.path("b.h5")]
        for number, part in enumerate(parts, 1):
            self.sweep(self.sweep_file, part, "--shard", f"{number}/2")
        with h5py.File(parts[1], "r+", locking=False) as file:
            del file.attrs["command_line"]
        for order in (parts, parts[::-1]):
            self.assert_refused("merge", self.path("m.h5"), *order, says=["b.h5 is damaged", "command_line"])

    def test_numbers_that_nobody_wrote(self):
        """Seen red: counts that overflowed and a half-written analysis; times that broke a contract of the pace."""
        self.sweep(self.sweep_file, self.results)
        for count in (-5, 2**31 - 1):
            self.overwrite("forward_extinct", count)
            self.assert_refused("analyze", self.results, "-o", self.path("analysis"),
                                says=["r.h5 is damaged: forward_extinct holds", str(count)])
        for number, seconds in enumerate((-1e300, -1.0, 1e300, float("inf"), float("nan"))):
            self.overwrite("wall_seconds", seconds)
            self.assertIn("nothing remains", self.run_tool(*self.command("status", self.results)).stdout)
            self.sweep(self.sweep_file, self.path(f"other{number}.h5"), "--reuse", self.results, "--set", "grid.width=[8, 16]")

    def test_a_name_of_two_lines(self):
        """Seen red: a sentence in two lines."""
        self.sweep(self.sweep_file, self.results)
        with h5py.File(self.results, "r+", locking=False) as file:
            file["activation"][0] = "ta\nnh"
        self.assertIn("\"ta\\nnh\"", self.assert_refused("analyze", self.results, "-o", self.path("analysis"), says=["r.h5"]))

    def overwrite(self, name, value):
        with h5py.File(self.results, "r+", locking=False) as file:
            file[name][...] = value

    def test_results_that_are_no_file(self):
        self.assert_refused("sweep", self.sweep_file, "-o", self.folder, says=[self.folder])
        self.assert_refused("analyze", self.path("none.h5"), "-o", self.path("analysis"), says=["none.h5"])

    def test_a_missing_output_directory(self):
        self.assert_refused("sweep", self.sweep_file, "-o", self.path("missing/r.h5"), says=["there is no folder", "missing"])
        self.assert_refused("sweep", self.sweep_file, "-o", "", says=["the name of a file is needed"])

    def test_overwrite_replaces_results_and_nothing_else(self):
        thesis = self.write("thesis.txt", "ten years of work")
        self.assert_refused("sweep", self.sweep_file, "-o", thesis, "--overwrite", says=["thesis.txt", "--overwrite"])
        self.assert_refused("sweep", self.sweep_file, "-o", self.sweep_file, "--overwrite", says=["s.toml is read", "a file of their own"])

    def test_an_output_that_would_block(self):
        os.mkfifo(self.path("pipe"))
        done = self.run_varprop("sweep", self.sweep_file, "-o", self.path("pipe"))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertFalse(os.path.exists(self.path("pipe.lock")))

    def test_results_above_the_size_limit(self):
        sentence = self.assert_refused("sweep", self.sweep_file, "-o", self.results, "--max-file-size", "1kB")
        self.assertIn("--max-file-size", sentence)

    def test_a_merge_short_of_room(self):
        """Its parts settled layers and batches. Seen red: with these as advice."""
        self.sweep(self.sweep_file, self.results)
        sentence = self.assert_refused("merge", self.path("m.h5"), self.results, "--max-file-size", "1kB")
        allowed = re.search(r"settled its layers and batches: allow it with (--max-file-size) (\d+)\.$", sentence)
        self.assertTrue(allowed, sentence)
        self.assertEqual(self.run_varprop("merge", self.path("m.h5"), self.results, *allowed.groups()).returncode, 0)

    def test_a_second_writer(self):
        first = self.start_varprop("sweep", self.sweep_file, "-o", self.results, "--threads", 1, "--fault", "hang@0")
        self.wait_for_lock(first)
        done = self.run_varprop("sweep", self.sweep_file, "-o", self.results, "--patience", "writer=0.5s")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(str(first.pid), done.stderr)
        self.assertIsNone(first.poll(), "the first writer goes on")
        self.kill(first)

    def wait_for_lock(self, process):
        """Waits until `process` holds the writer's lock and has created the results."""
        self.wait_until(lambda: os.path.exists(self.results) and self.locked(), "it writes its results", process)

    def locked(self):
        with open(self.results + ".lock", "r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False


class EndlessResults(BadInput):
    """Zeros in a heap of HDF5's, where texts stand, let the library go round for ever; a text longer than its heap lets it crash.

    Seen red: status, verify, analyze, merge and sweep ran until this test's own time was over, or ended with signal 11."""

    SECONDS = "0.1"  # of the processor, for one call of HDF5's
    ENDLESS, CRASH = "HDF5 does not come to an end with it.", "HDF5 breaks down on it."

    def setUp(self):
        super().setUp()
        self.sweep_file = self.write("s.toml", SWEEP + "# " + 5000 * "x")  # so long that it has a heap of its own
        self.results = self.path("r.h5")
        self.sweep(self.sweep_file, self.results)
        self.environment["VARPROP_HDF5_SECONDS"] = self.SECONDS
        self.whole = pathlib.Path(self.results).read_bytes()
        self.heaps = [match.start() for match in re.finditer(b"GCOL", self.whole)]

    def damage(self, heap, what=ENDLESS, length=1 << 30):
        """Zeros over the head of the heap's first object, behind the heap's own; or a second object of so many bytes."""
        content = bytearray(self.whole)
        first = int.from_bytes(content[heap + 24 : heap + 32], "little")
        second = heap + 32 + (first + 7) // 8 * 8
        if what == self.ENDLESS:
            content[heap + 16 : heap + 32] = bytes(16)
        else:
            content[second + 8 : second + 16] = length.to_bytes(8, "little")
        pathlib.Path(self.results).write_bytes(content)

    def assert_ends(self, *words, what=ENDLESS, ranks=0):
        """The sentence, the code, and every file as it was, without one more: a lock file stayed beside --overwrite."""
        before = self.content()
        done = self.run_varprop(*words, ranks=ranks)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(f"varprop: {self.results} is damaged: {what}", done.stderr)
        self.assertEqual(self.content(), before)

    def content(self):
        return {str(path): hashlib.sha256(content).hexdigest() for path, content in self.snapshot().items()}

    def endless(self, command, what=ENDLESS):
        """The heaps whose damage HDF5 does not come to an end with, or crashes on, in this command."""
        found = []
        for heap in self.heaps:
            self.damage(heap, what)
            if what in self.run_varprop(*command).stderr:
                found.append(heap)
        return found

    def assert_every_command_ends(self, heap, what):
        out, analysis, other = self.path("out.h5"), self.path("analysis"), self.path("other.h5")
        self.damage(heap, what)
        for words in (("status", self.results), ("verify", self.results), ("analyze", self.results, "-o", analysis),
                      ("merge", out, self.results), ("sweep", self.sweep_file, "-o", self.results),
                      ("sweep", self.sweep_file, "-o", self.results, "--overwrite"),
                      ("sweep", self.sweep_file, "-o", other, "--reuse", self.results)):
            self.assert_ends(*words, what=what)
        self.assert_ends("sweep", self.sweep_file, "-o", self.results, what=what, ranks=2)
        pathlib.Path(self.results).write_bytes(self.whole)
        self.sweep(self.sweep_file, self.results, "--overwrite")  # no lock is in the way

    def test_every_command_ends(self):
        heaps = self.endless(("status", self.results))
        self.assertGreaterEqual(len(heaps), 2, "attributes and coordinates have each a heap")
        for heap in heaps[:2]:
            with self.subTest(heap=heap):
                self.assert_every_command_ends(heap, self.ENDLESS)

    def test_every_command_ends_where_hdf5_crashes(self):
        heaps = self.endless(("status", self.results), self.CRASH)
        self.assertTrue(heaps, "a text that is read reaches far beyond its heap")
        self.assert_every_command_ends(heaps[0], self.CRASH)

    def test_a_text_that_reaches_a_little_beyond_its_heap(self):
        """What that does to HDF5's memory shows now or when the file is closed. Seen red: signal 6 for 8 KiB."""
        for length in (1 << power for power in range(8, 24)):
            self.damage(self.heaps[0], self.CRASH, length)
            with self.subTest(length=length):
                self.assertIn(self.run_varprop("status", self.results).returncode, (0, 2))

    def test_damage_that_only_some_commands_meet(self):
        heaps = set(self.endless(("merge", self.path("out.h5"), self.results))) - set(self.endless(("status", self.results)))
        self.assertTrue(heaps, "the sweep file's text has a heap of its own")
        self.damage(heaps.pop())
        self.assert_ends("analyze", self.results, "-o", self.path("analysis"))


@unittest.skipUnless(os.geteuid() == 0, ONLY_ROOT_MOUNTS)
class BadDisk(BadInput):
    def setUp(self):
        super().setUp()
        self.sweep_file = self.write("s.toml", SWEEP)
        self.disk = self.path("disk")
        os.mkdir(self.disk)

    def mount(self, options):
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.disk], capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest(ONLY_ROOT_MOUNTS)
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)

    def test_a_read_only_directory(self):
        self.mount("ro,size=1m")
        self.assert_refused("sweep", self.sweep_file, "-o", self.disk + "/r.h5", code=1, says=[self.disk])

    def test_a_full_directory(self):
        self.mount("size=1m")
        with open(self.disk + "/filler", "wb") as filler:
            filler.write(bytes(1_000_000))
        done = self.run_varprop("sweep", self.sweep_file, "-o", self.disk + "/r.h5")
        self.assertIn(done.returncode, (1, 2), done.stderr)  # 2: refused beforehand, 1: the disk refused
        self.assertRegex(done.stderr, r"space|free|size")
        self.assertEqual(os.listdir(self.disk), ["filler"])
