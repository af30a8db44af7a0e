"""What stands beside results (lock, event log, other names of theirs) and what stands where they should be: none of it may
hang a command, cost an old file or let two writers in.

Each seen red on the program before: results gone after a refusal, hangs at pipes, "there is none" of a file that is there,
two writers to the end, a lock file of another user called missing. Two are guards of what was right: a sweep file may come
through a pipe, and a stopped creation leaves nothing.
"""

import contextlib
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import unittest

from script_test import PATIENCE
from sweep_runs import SMALL_SWEEP as SWEEP, SOON, SweepTest

# Minutes: it outlasts whoever disturbs it, and commits every second.
LONG = """\
[grid]
activation = "tanh"
weight_variance = 1
width = 256
depth = 200
[simulation]
replicas = 400000
batches = 4000
"""
# 340 MB of pending units: their file takes a while to be created and to be read.
LARGE = """\
[grid]
activation = "linear"
weight_variance = { from = 1, to = 2, count = 1000 }
width = 1
depth = 256
[simulation]
replicas = 16
"""
NOBODY = 65534
as_somebody_else = unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"),
                                       "becoming somebody else takes root and setpriv")


def sleeps(process):
    """Whether it was stopped."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii", errors="replace") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] == "T"


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def opened_by(process, path):
    """Whether the process has the file open."""
    folder = f"/proc/{process.pid}/fd"
    with contextlib.suppress(FileNotFoundError):
        for name in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):
                if os.readlink(os.path.join(folder, name)) == path:
                    return True
    return False


class CompanionTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("s.toml", SWEEP), self.path("r.h5")

    def expect_unharmed(self, code, *words, says=()):
        """A command that must leave the results and the folder as they were."""
        before, names = digest(self.results), sorted(os.listdir(self.folder))
        self.expect(code, *words, says=says)
        self.assertEqual(digest(self.results), before, "the old results are gone")
        self.assertEqual(sorted(os.listdir(self.folder)), names)

    def caught(self, condition, *words):
        """A command that was put to sleep (SIGSTOP) when the condition of the process held, and still does. Tried from the same
        files until it is so, so that nothing depends on who is faster.
        """
        names = os.listdir(self.folder)
        kept = {path: path.read_bytes() for path in map(pathlib.Path, (self.results, self.results + ".log.jsonl")) if path.exists()}
        for _ in range(100):
            process = self.start_varprop(*words)
            while process.poll() is None and not condition(process):
                time.sleep(0.0005)
            if process.poll() is None:
                process.send_signal(signal.SIGSTOP)
                self.wait_until(lambda: process.poll() is not None or sleeps(process), "it sleeps")
                if condition(process):
                    return process
                self.kill(process)
            for name in set(os.listdir(self.folder)) - set(names):
                os.remove(self.path(name))
            for path, content in kept.items():
                path.write_bytes(content)
        return self.fail("the command was always faster")

    def run_as_nobody(self, *words):
        command = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", *self.command(*words)]
        done = self.run_tool(*command, code=None)
        if "setpriv" in done.stderr or done.returncode in (126, 127):
            self.skipTest("somebody else may not run this build: " + done.stderr)
        return done


class UnwritableLogTest(CompanionTest):
    """The log is opened before an old file goes."""

    def setUp(self):
        super().setUp()
        self.sweep(self.sweep_file, self.results)
        self.part = self.path("part.h5")
        self.sweep(self.sweep_file, self.part)
        self.log = self.results + ".log.jsonl"
        self.overwriting = (("sweep", self.sweep_file, "-o", self.results, "--overwrite", "--set", "simulation.seed=2"),
                            ("merge", self.results, self.part, "--overwrite"))


class UnwritableLog(UnwritableLogTest):
    def test_a_log_that_leads_nowhere_costs_no_results(self):
        os.remove(self.log)
        os.symlink(self.path("missing/log"), self.log)
        for words in self.overwriting:
            with self.subTest(words[0]):
                self.expect_unharmed(1, *words, says=[self.log, "a link that leads nowhere", "Move it away"])

    def test_a_refused_creation_leaves_no_log(self):
        new = self.path("new.h5")
        self.expect(2, "sweep", self.sweep_file, "-o", new, "--max-file-size", "1kB")
        self.assertFalse(os.path.exists(new + ".log.jsonl"))


@as_somebody_else
class OthersLogs(UnwritableLogTest):
    def test_a_log_of_another_user_costs_no_results(self):
        os.chmod(self.folder, 0o777)
        os.chown(self.results, NOBODY, NOBODY)
        os.chmod(self.log, 0o644)
        for words in self.overwriting:
            with self.subTest(words[0]):
                before, names = digest(self.results), sorted(os.listdir(self.folder))
                done = self.run_as_nobody(*words)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(digest(self.results), before)
                self.assertEqual(sorted(os.listdir(self.folder)), names)
                for part in (self.log, "root (uid 0)", "Permission denied", "Move it away"):
                    self.assertIn(part, done.stderr)


class PipesAndTheLike(CompanionTest):
    """What is no regular file is refused or passed over; nothing waits for it."""

    def test_logs(self):
        self.sweep(self.sweep_file, self.results)
        log = self.results + ".log.jsonl"
        for kind, make in {"a pipe": os.mkfifo, "a directory": os.mkdir}.items():
            with self.subTest(kind):
                os.remove(log)
                make(log)
                self.assertIn(f"{kind}, not a file", self.expect(0, "status", self.results).stdout)
                self.expect(0, "merge", self.path("out.h5"), self.results, "--overwrite",
                            says=[f"{log} is {kind}, not a file", "no result depends on it", "32 of 32 units"])
                self.expect_unharmed(2, "sweep", self.sweep_file, "-o", self.results, "--overwrite", says=["is no file"])
                if kind == "a directory":
                    os.rmdir(log)

    def test_locks(self):
        self.sweep(self.sweep_file, self.results)
        os.mkfifo(self.results + ".lock")
        self.assertIn("nobody is writing", self.expect(0, "status", self.results).stdout)
        self.expect_unharmed(2, "sweep", self.sweep_file, "-o", self.results, "--overwrite", says=["is no file"])

    def test_results(self):
        self.sweep(self.sweep_file, self.results)
        odd = {"pipe": self.path("pipe"), "folder": self.path("folder"), "socket": self.path("socket"), "zero": self.path("zero")}
        os.mkfifo(odd["pipe"])
        os.mkdir(odd["folder"])
        os.symlink("/dev/zero", odd["zero"])
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(odd["socket"])
        for kind, path in odd.items():
            for words in (("status", path), ("analyze", path, "-o", self.path("analysis")), ("verify", path),
                          ("merge", self.path("out.h5"), path), ("merge", path, self.results),
                          ("merge", path, self.results, "--overwrite"), ("sweep", self.sweep_file, "-o", path),
                          ("sweep", self.sweep_file, "-o", path, "--overwrite"),
                          ("sweep", self.sweep_file, "-o", self.path("new.h5"), "--reuse", path)):
                with self.subTest(kind=kind, words=words):
                    self.expect_unharmed(2, *words, says=[path])

    def test_sweep_files(self):
        os.mkfifo(self.path("pipe"))
        for path, says in ((self.path("pipe"), "nothing came out of it"), (self.folder, "directory"),
                           ("/dev/zero", "no sweep file"), ("/dev/null", "empty")):
            with self.subTest(path):
                self.expect(2, "plan", path, says=[path, says])

    def test_a_sweep_file_may_come_through_a_pipe(self):
        os.mkfifo(self.path("pipe"))
        process = subprocess.Popen(self.command("plan", self.path("pipe")), env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with open(self.path("pipe"), "w", encoding="utf-8") as pipe:
            pipe.write(SWEEP)
        told, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn("32 units", told)


class Stopped(CompanionTest):
    """A stop says what is true of the old file, and comes through while a part is read."""

    def setUp(self):
        super().setUp()
        self.large = self.write("large.toml", LARGE)
        self.sweep(self.sweep_file, self.results)

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(timeout=PATIENCE), 75)
        return process.stderr.read()

    def stop_creation(self, results):
        return self.stop(self.caught(lambda _: os.path.exists(results + ".creating"), "sweep", self.large, "-o", results, "--overwrite",
                                     "--threads", 1))

    def test_while_an_old_file_is_to_be_replaced(self):
        before, names = digest(self.results), sorted(os.listdir(self.folder))
        said = self.stop_creation(self.results)
        self.assertIn(f"{self.results} is as it was", said)
        self.assertNotIn("there is none", said)
        self.assertEqual(digest(self.results), before)
        self.assertEqual(sorted(os.listdir(self.folder)), names)

    def test_while_a_new_file_is_created(self):
        self.assertIn("there is none", self.stop_creation(self.path("new.h5")))
        self.assertEqual(sorted(os.listdir(self.folder)), ["large.toml", "r.h5", "r.h5.log.jsonl", "s.toml"])

    def test_while_a_part_is_copied(self):
        part = self.path("part.h5")
        process = self.start_varprop("sweep", self.large, "-o", part, "--threads", 1, "--fault", "hang@0")
        self.wait_until(lambda: os.path.exists(part), "the part is created", process)
        self.stop(process)
        before, names = digest(self.results), sorted(os.listdir(self.folder))
        for signalled in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            with self.subTest(signalled):
                unfinished = self.results + ".creating"
                process = self.caught(lambda process: os.path.exists(unfinished) and opened_by(process, part), "merge", self.results,
                                      part, "--overwrite")
                process.send_signal(signalled)
                process.send_signal(signal.SIGCONT)
                self.assertEqual(process.wait(timeout=PATIENCE), 75)
                self.assertIn("the old one is as it was", process.stderr.read())
                self.assertEqual(digest(self.results), before)
                self.assertEqual(sorted(os.listdir(self.folder)), names)

    def test_while_a_log_is_copied(self):
        """The merged file is whole by then, and said to be; the rest of the log is left out."""
        out, log = self.path("out.h5"), self.results + ".log.jsonl"
        with open(log, "a", encoding="utf-8") as file:
            file.writelines('{"time": "t", "event": "filler", "text": "' + 1000 * "x" + '"}\n' for _ in range(100_000))
        process = self.caught(lambda process: os.path.exists(out) and opened_by(process, log), "merge", out, self.results)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(timeout=PATIENCE), 0)
        said = process.stderr.read()
        self.assertIn(f"stopped when {out} was whole", said)
        self.assertIn("32 of 32 units", said)
        self.assertLess(os.path.getsize(out + ".log.jsonl"), os.path.getsize(log))
        self.assertEqual(self.done_units(out), 32)
        self.assertFalse(os.path.exists(out + ".lock"))


class SecondWriters(CompanionTest):
    """However a second writer comes, one of the two is told."""

    def setUp(self):
        super().setUp()
        self.long = self.write("long.toml", LONG)
        self.first = self.start_varprop("sweep", self.long, "-o", self.results, "--threads", 1, *SOON)
        self.wait_for_units(self.first, self.results, 1)
        self.lock = self.results + ".lock"

    def expect_refused(self, *words):
        """A second writer, which would else run for a few seconds, is refused; the first goes on."""
        self.expect(2, *words, says=["is being written by another process", "one writer at a time"])
        done = self.done_units(self.results)
        self.wait_for_units(self.first, self.results, done + 1)

    def test_a_lock_that_was_removed_by_hand(self):
        os.remove(self.lock)
        again = ("sweep", self.long, "-o", self.results, "--threads", 1)
        self.expect_refused(*again, "--time-limit", "4s")
        self.expect_refused(*again, "--overwrite", "--time-limit", "4s")
        self.assertIn("being written by another process", self.expect(0, "status", self.results).stdout)
        self.first.send_signal(signal.SIGTERM)
        self.assertEqual(self.first.wait(timeout=PATIENCE), 75)

    def test_a_hard_link(self):
        other = self.path("other.h5")
        os.link(self.results, other)
        self.expect_refused("sweep", self.long, "-o", other, "--threads", 1, "--time-limit", "4s")
        self.assertFalse(os.path.exists(other + ".lock"))

    def test_a_lock_that_somebody_else_took(self):
        os.remove(self.lock)
        with open(self.lock, "w", encoding="utf-8") as lock:
            lock.write("process 1 on elsewhere\n")
        self.assertEqual(self.first.wait(timeout=PATIENCE), 1)
        said = self.first.stderr.read()
        self.assertIn("was taken over by process 1 on elsewhere", said)
        self.assertTrue(os.path.exists(self.lock), "it is another's")
        self.assertGreater(self.done_units(self.results), 0)


@as_somebody_else
class ForeignLocks(CompanionTest):
    def test_the_owner_is_named(self):
        os.chmod(self.folder, 0o777)
        lock = pathlib.Path(self.results + ".lock")
        lock.write_text("process 4 on node4\n", encoding="utf-8")
        for mode in (0o600, 0o644):
            with self.subTest(oct(mode)):
                lock.chmod(mode)
                done = self.run_as_nobody("sweep", self.sweep_file, "-o", self.results)
                self.assertEqual(done.returncode, 1, done.stderr)
                for part in (str(lock), "belongs to root (uid 0)", "Permission denied", "remove it"):
                    self.assertIn(part, done.stderr)
                self.assertNotIn("cannot create", done.stderr)
                self.assertEqual(lock.read_text(encoding="utf-8"), "process 4 on node4\n")

    def test_a_file_that_another_user_left_unfinished(self):
        """Removed where that may be done; else its owner is named."""
        unfinished = pathlib.Path(self.results + ".creating")
        for folder_mode, code in ((0o777, 0), (0o1777, 1)):
            with self.subTest(oct(folder_mode)):
                os.chmod(self.folder, folder_mode)
                unfinished.write_bytes(b"half a file")
                unfinished.chmod(0o644)
                done = self.run_as_nobody("sweep", self.sweep_file, "-o", self.results, "--overwrite")
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertTrue(os.path.exists(self.results))
        self.assertIn(f"{unfinished}, which belongs to root (uid 0)", done.stderr)
