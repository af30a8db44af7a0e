"""What commands tell programs (--json), what they keep to themselves (--quiet), colours on terminals, and readers that leave.

Seen red with the program before: commands that knew neither option, no colours, an error where `head` had left, no schema.
"""

import json
import os
import pathlib
import pty
import subprocess
import tomllib

import jsonschema

from script_test import PATIENCE
from sweep_runs import SMALL_SWEEP, SweepTest


class AnswersForPrograms(SweepTest):
    def setUp(self):
        super().setUp()
        self.sweep_file, self.results = self.write("sweep.toml", SMALL_SWEEP), self.path("r.h5")

    def commands(self):
        """Each with a file that the ones before have made."""
        return [("sweep", self.sweep_file, "-o", self.results), ("merge", self.path("m.h5"), self.results),
                ("verify", self.results, "--sample", "3"), ("analyze", self.results, "-o", self.path("analysis"))]

    def test_every_command_answers_programs(self):
        answers = {}
        for words in self.commands():
            done = self.run_varprop(*words, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            answers[words[0]] = json.loads(done.stdout)
        self.assertEqual(answers["sweep"], json.loads(self.run_varprop("status", self.results, "--json").stdout))
        self.assertEqual((answers["merge"]["done"], answers["merge"]["results"]), (32, self.path("m.h5")))
        self.assertEqual((answers["verify"]["compared"], answers["verify"]["equal"]), (3, True))
        self.assertEqual(sum(answers["analyze"]["regimes"].values()), 2)
        self.assertEqual(answers["analyze"]["batches"], {"total": 32, "done": 32, "failed": 0, "elsewhere": 0})

    def test_quiet_commands_say_nothing(self):
        for words in self.commands():
            done = self.run_varprop(*words, "-q")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""), words)
        done = self.run_varprop("sweep", self.sweep_file, "-o", self.results, "-q", "--set", "simulation.seed=2")
        self.assertEqual(done.returncode, 2)
        self.assertIn("seed", done.stderr)

    def on_a_terminal(self, *words, **variables):
        ours, theirs = pty.openpty()
        with open(ours, "rb", buffering=0) as screen:
            process = subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL,
                                       env={**self.environment, "TERM": "xterm", **variables})
            os.close(theirs)
            shown = b""
            while True:
                try:
                    shown += screen.read(65536)
                except OSError:  # the other end is closed
                    break
        self.assertEqual(process.wait(timeout=PATIENCE), 0)
        return shown

    def test_maps_have_colours_on_terminals_alone(self):
        self.sweep(self.sweep_file, self.results)
        words = ("analyze", self.results, "-o", self.path("analysis"))
        self.environment.pop("NO_COLOR", None)
        self.assertIn(b"\x1b[32m=\x1b[0m stable", self.on_a_terminal(*words))
        self.assertNotIn(b"\x1b", self.on_a_terminal(*words, NO_COLOR="1"))
        self.assertNotIn(b"\x1b", self.on_a_terminal(*words, TERM="dumb"))
        self.assertNotIn("\x1b", self.run_varprop(*words).stdout)

    def test_a_reader_may_leave(self):
        reads, writes = os.pipe()
        os.close(reads)
        done = subprocess.run(self.command("help"), stdin=subprocess.DEVNULL, stdout=writes, stderr=subprocess.PIPE,
                              env=self.environment, check=False)
        os.close(writes)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_the_schema_knows_sweep_files(self):
        schema = json.loads(self.run_varprop("help", "--schema").stdout)
        validator = jsonschema.Draft7Validator(schema)
        validator.check_schema(schema)
        files = sorted(pathlib.Path(self.source("examples")).glob("*.toml"))
        self.assertGreater(len(files), 3)
        for file in files:
            validator.validate(tomllib.loads(file.read_text(encoding="utf-8")))
        good = tomllib.loads(SMALL_SWEEP)
        for section, key, value in (("grid", "width", 0), ("grid", "weight_variance", {"from": 1, "to": 2}), ("grid", "wdith", 3),
                                    ("simulation", "engine", "fast"), ("output", "layers", "some")):
            bad = {**good, section: {**good.get(section, {}), key: value}}
            with self.subTest(key=key, value=value):
                self.assertFalse(validator.is_valid(bad))

    def test_sweep_files_may_name_their_schema(self):
        with_schema = self.write("s.toml", '"$schema" = "sweep.schema.json"\n' + SMALL_SWEEP)
        self.sweep(self.sweep_file, self.results)
        self.assertIn("complete", self.sweep(with_schema, self.results).stderr)
