"""The tree that a test of sources reads: what `--source` says."""

import argparse
import pathlib


def source_of_arguments():
    """The folder of `--source`; `--varprop`, which all script tests are given, is not needed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--varprop")
    parser.add_argument("--source", type=pathlib.Path, required=True)
    return parser.parse_args().source.resolve()
