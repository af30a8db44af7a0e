"""Makes the benchmarks' modules importable: import this first."""

import sys

from script_test import ScriptTest

sys.path.insert(0, str(ScriptTest.source("benchmarks")))
