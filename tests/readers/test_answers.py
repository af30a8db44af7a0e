"""docs/answers.md, initialization-gains.md and related-work.md tell the truth: every command works as it stands and prints what is
shown, what was tried for other people's questions works, and the table of gains has the numbers of its sweep.

Usually the table's rows of three activations are simulated again, and every third of other people's questions is asked; with --full all
of them. Seeds are fixed, so every number is the same at each run.

Seen red: one digit of an output, of a total and of a gain; a weight variance that is not in the sweep file; an option misspelt.
"""

import csv
import json
import pathlib
import re
import tomllib

import shown_output
from sweep_runs import SweepTest

PAGES = ("answers.md", "initialization-gains.md", "related-work.md")
USUALLY = {"tanh", "gelu", "selu"}


class AnswersTest(SweepTest):
    def setUp(self):
        super().setUp()
        self.pages = {name: self.source("docs", name).read_text(encoding="utf-8") for name in PAGES}

    def theory(self, *words):
        done = self.run_varprop("theory", "--json", *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)


class Pages(AnswersTest):
    def test_every_link_leads_somewhere(self):
        for name, page in self.pages.items():
            for link in re.findall(r"\]\(([^)#]+)", page):
                with self.subTest(page=name, link=link):
                    self.assertTrue(self.source("docs", link).exists())


class Answers(AnswersTest):
    def test_commands_print_what_is_shown(self):
        bin = pathlib.Path(self.path("bin"))
        bin.mkdir()
        (bin / "varprop").symlink_to(self.arguments.varprop)
        (bin / "python3").symlink_to("/usr/bin/python3")
        pathlib.Path(self.path("examples")).symlink_to(self.source("examples").resolve())
        self.environment["PATH"] = f"{bin}:{self.environment['PATH']}"
        for command, shown in shown_output.console(self.pages["answers.md"]):
            with self.subTest(command=command):
                done = self.run_tool("bash", "-c", command, cwd=self.folder)
                if shown:
                    self.assertRegex(done.stdout, shown_output.pattern(shown))

    def test_other_questions_can_be_asked(self):
        asked = re.findall(r"`(--activation [^`]*)` \|$", self.pages["answers.md"], flags=re.MULTILINE)
        self.assertGreater(len(asked), 20)
        for words in asked if self.arguments.full else asked[::3]:
            with self.subTest(words=words):
                self.run_tool(*self.command("theory", *words.split()))


class Gains(AnswersTest):
    def setUp(self):
        super().setUp()
        page = self.pages["initialization-gains.md"]
        (self.sweep_file,) = re.findall(r"^```toml\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")]
        self.rows = [(row[0].strip("`"), *row[1:]) for row in cells]
        self.assertGreater(len(self.rows), 30)

    def points(self, activation, bias_variance, weight_variances):
        """The rows of points.csv by their weight variance."""
        self.write("gains.toml", self.sweep_file)
        values = {"activation": f'"{activation}"', "bias_variance": bias_variance, "weight_variance": f"[{', '.join(weight_variances)}]"}
        settings = [word for key, value in values.items() for word in ("--set", f"grid.{key}={value}")]
        self.run_tool(*self.command("sweep", self.path("gains.toml"), "-o", self.path("gains.h5"), "--overwrite", *settings))
        self.run_tool(*self.command("analyze", self.path("gains.h5"), "-o", self.path("gains")))
        with open(self.path("gains/points.csv"), encoding="utf-8", newline="") as file:
            return {row["weight_variance"]: row for row in csv.DictReader(file)}

    def test_every_point_is_in_the_sweep_file(self):
        grid = tomllib.loads(self.sweep_file)["grid"]
        for activation, _, gain, weight_variance, bias_variance, *_ in self.rows:
            with self.subTest(activation=activation, gain=gain):
                self.assertIn(activation, grid["activation"])
                self.assertIn(float(weight_variance), grid["weight_variance"])
                self.assertIn(float(bias_variance), grid["bias_variance"])
                numerator, _, denominator = gain.partition("/")
                square = (float(numerator) / float(denominator or 1)) ** 2
                self.assertAlmostEqual(square / float(weight_variance), 1, delta=2e-4)

    def test_ours_are_what_theory_says(self):
        ours = [row for row in self.rows if row[1] in ("critical", "50 layers")]
        self.assertGreater(len(ours), 8)
        for activation, whose, _, weight_variance, *_ in ours:
            start = next(row[3] for row in ours if row[:2] == (activation, "critical"))
            depth, key = ((), "critical_weight_variance_n") if whose == "critical" else (("--depth", 50), "nearest_stable_weight_variance")
            theory = self.theory("--activation", activation, "--weight-variance", start, "--width", 1024, *depth)
            with self.subTest(activation=activation, whose=whose):
                self.assertEqual(f"{theory[key]:.5g}", weight_variance)

    def test_table_has_the_numbers_of_the_sweep(self):
        groups = {}
        for activation, _, _, weight_variance, bias_variance, *shown in self.rows:
            groups.setdefault((activation, bias_variance), {})[weight_variance] = shown
        for (activation, bias_variance), shown in groups.items():
            if self.arguments.full or activation in USUALLY:
                points = self.points(activation, bias_variance, shown)
                for weight_variance, cells in shown.items():
                    with self.subTest(activation=activation, weight_variance=weight_variance):
                        self.assertEqual(cells, list(cells_of(points[weight_variance])))


def number(field, digits):
    text = f"{float(field):.{digits}f}" if field else "–"
    return text.replace("-", "−") if float(text.replace("–", "0")) else text.replace("-", "")


def cells_of(point):
    """What the table shows of a row of points.csv."""
    yield number(point["theory_backward_rate_n"], 4)
    error = f" ± {number(point['backward_rate_error'], 4)}" if point["backward_rate"] else ""
    yield number(point["backward_rate"], 4) + error
    for column in ("forward_total", "backward_total", "forward_share_in_range", "backward_share_in_range"):
        yield number(point[column], 2)
    yield point["regime"]
