"""The page of reports is built by npm where npm works; where it is missing or fails, the build goes on without the page and
says so.

Seen red: with the exit codes of npm not looked at, with the packages fetched each time, with the source built in its place.
"""

import pathlib
import shutil
import subprocess

from script_test import PATIENCE, ScriptTest

SOURCE = ScriptTest.source()


class ReportBuild(ScriptTest):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.folder)
        self.tree = self.folder / "tree"
        (self.tree / "report").mkdir(parents=True)
        (self.tree / "report/package-lock.json").write_text("{}")
        (self.tree / "report/main.js").write_text("first")

    def npm(self, script):
        """A program in the place of npm, which notes what it was asked for."""
        path = self.folder / "npm"
        path.write_text(f'#!{shutil.which("bash")}\necho "$1" >>{self.folder}/asked\n{script}\n')
        path.chmod(0o755)
        return path

    def build(self, npm):
        done = subprocess.run(
            ["cmake", f"-DNPM={npm}", f"-DNODE={npm}", f"-DSOURCE={self.tree}/report", f"-DBUILD={self.folder}/build",
             f"-DPAGE={self.folder}/page.html", f"-DFIGURES={self.folder}/figures.mjs", "-DTESTS=OFF",
             "-P", SOURCE / "cmake/BuildReport.cmake"],
            text=True, capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout + done.stderr

    def made(self):
        return [(self.folder / name).read_text() for name in ("page.html", "figures.mjs")]

    WORKS = ('if [ "$1" = ci ]; then mkdir -p node_modules; else mkdir -p dist; cp main.js dist/page.html; '
             "echo figures >dist/figures.mjs; fi")

    def test_npm_builds_the_page(self):
        self.assertNotIn("WITHOUT", self.build(self.npm(self.WORKS)))
        self.assertEqual(self.made(), ["first", "figures\n"])

    def test_packages_are_fetched_once(self):
        self.build(self.npm(self.WORKS))
        (self.tree / "report/main.js").write_text("second")
        self.build(self.folder / "npm")
        self.assertEqual(self.made()[0], "second")
        self.assertEqual((self.folder / "asked").read_text().split(), ["ci", "run", "run"])
        (self.tree / "report/package-lock.json").write_text("{ }")
        self.build(self.folder / "npm")
        self.assertEqual((self.folder / "asked").read_text().split()[3:], ["ci", "run"])

    def test_without_npm_the_build_goes_on(self):
        said = self.build("NPM-NOTFOUND")
        self.assertIn("built WITHOUT report.html", said)
        self.assertIn("Install nodejs and npm", said)
        self.assertEqual(self.made(), ["", ""])

    def test_a_network_that_fails_does_not_fail_the_build(self):
        said = self.build(self.npm("echo no network >&2; exit 1"))
        self.assertIn("no network", said)
        self.assertIn("`npm ci` failed", said)
        self.assertIn("built WITHOUT report.html", said)
        self.assertEqual(self.made(), ["", ""])
        self.build(self.npm(self.WORKS))
        self.assertEqual(self.made()[0], "first", "the next build tries again")

    def test_a_bundler_that_fails_does_not_fail_the_build(self):
        said = self.build(self.npm('[ "$1" = ci ] && mkdir -p node_modules'))
        self.assertIn("`npm run build` failed", said)
        self.assertEqual(self.made(), ["", ""])

    def test_a_page_of_before_is_not_taken_for_a_new_one(self):
        self.build(self.npm(self.WORKS))
        self.assertIn("`npm run build` failed", self.build(self.npm("exit 1")))
        self.assertEqual(self.made(), ["", ""])

    def test_nothing_is_written_into_the_source(self):
        self.build(self.npm(self.WORKS))
        self.assertEqual(sorted(path.name for path in (self.tree / "report").iterdir()), ["main.js", "package-lock.json"])
