"""Makes the benchmarks' modules importable: import this first; main() runs the tests of the calling file."""

import argparse
import sys
import unittest

parser = argparse.ArgumentParser()
parser.add_argument("--varprop")
parser.add_argument("--source", required=True)
sys.path.insert(0, parser.parse_args().source + "/benchmarks")


def main():
    unittest.main(argv=sys.argv[:1])
