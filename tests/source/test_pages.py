"""Every file of the tree that a page names is there.

Seen red: with a header that docs/theory.md named where there is a .cpp alone.
"""

import re

from script_test import ScriptTest

SOURCE = ScriptTest.source()
FOLDERS = ("benchmarks", "cmake", "core", "docs", "driver", "examples", "report", "slurm", "tests", "theory", "workers")
NAMED = re.compile(rf"(?<![\w/.])((?:{'|'.join(FOLDERS)})/[\w./-]*\w)(?!\w)")
PAGES = [page for pattern in ("*.md", "docs/*.md", "examples/*.md", "slurm/*.md") for page in SOURCE.glob(pattern) if page.name != "CHANGELOG.md"]
FORMS = {"report/page/charts/NAME.vl.json"}  # a form of names


class Pages(ScriptTest):
    def test_name_files_that_are_there(self):
        named = {(page.name, name) for page in PAGES for name in NAMED.findall(page.read_text(encoding="utf-8")) if name not in FORMS}
        self.assertGreater(len(named), 100)
        for page, name in sorted(named):
            with self.subTest(page=page, name=name):
                path = SOURCE / name
                self.assertTrue(path.exists() or any(path.parent.glob(path.name + ".*")))
