"""The README tells the truth: its sweep file runs, its commands work, its Python reads the results, and ./quickstart's sweep says
what it shows.

Seen red: one digit of a critical variance shown; a row of the map left out; one digit of what a command prints.
"""

import os
import pathlib
import re

import shown_output
from sweep_runs import SweepTest

FEW_NETWORKS = ["--set", "simulation.replicas=16", "--set", "simulation.batches=4"]


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)


class ReadmeTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.page = self.source("README.md").read_text(encoding="utf-8")
        self.bin = pathlib.Path(self.path("bin"))
        self.bin.mkdir()
        (self.bin / "varprop").symlink_to(self.arguments.varprop)

    def run_here(self, *words):
        environment = dict(self.environment, PATH=f"{self.bin}:{os.environ['PATH']}")
        return self.run_tool(*words, cwd=self.folder, env=environment).stdout


class Readme(ReadmeTest):
    def test_sweep_commands_and_python(self):
        (sweep,) = blocks(self.page, "toml")
        commands = "".join(blocks(self.page, "sh"))
        programs = blocks(self.page, "python")
        self.assertTrue(programs)
        self.write("wide.toml", sweep)
        for command in commands.splitlines():
            self.run_here("sh", "-c", command.replace("sweep wide.toml", "sweep wide.toml " + " ".join(FEW_NETWORKS)))
        for program in programs:
            output = self.run_here("/usr/bin/python3", "-c", program)
            self.assertIn("relu", output)
        self.assertTrue(os.path.exists(self.path("wide/points.csv")))

    def test_commands_print_what_is_shown(self):
        shown = list(shown_output.console(self.page))
        self.assertTrue(shown)
        for command, lines in shown:
            with self.subTest(command=command):
                self.assertRegex(self.run_here("sh", "-c", command), shown_output.pattern(lines))

    def test_every_link_leads_somewhere(self):
        for link in re.findall(r"\]\(([^)#]+)\)", self.page):
            with self.subTest(link=link):
                self.assertTrue(self.source(link).exists())

    def test_no_placeholder_is_left(self):
        self.assertNotIn("TO BE REPLACED", self.page)


class Quickstart(ReadmeTest):
    def test_quickstart_prints_what_is_shown(self):
        (shown,) = blocks(self.page, "text")
        results = shown.split(":", 1)[0]
        pathlib.Path(self.path(results)).parent.mkdir()
        sweep = self.source("examples/edge-of-chaos.toml")
        self.run_here("varprop", "sweep", sweep, "-o", results)
        output = self.run_here("varprop", "analyze", results, "-o", "quickstart-results")
        self.assertRegex(output, shown_output.pattern(shown.splitlines()))
