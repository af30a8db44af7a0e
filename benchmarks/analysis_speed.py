#!/usr/bin/env python3
"""How long `varprop analyze` takes, how much memory, and how large its report is, for 100 000 points of 64 layers.

    benchmarks/analysis_speed.py --varprop build/release/driver/varprop [--batches 4] [--keep DIR]

Makes the results by a sweep of the radial engine in a folder of its own: 2.2 GB and a minute for 4 batches.
"""

import argparse
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time

SWEEP = """
[grid]
activation = ["relu", "leaky_relu(0.2)", "linear", "abs"]
weight_variance = {{ from = 0.5, to = 3, count = 125 }}
bias_variance = [0, 0.05]
width = [64, 96, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048, 2560, 3072,
         4096, 5120, 6144, 8192]
depth = [40, 50, 60, 64]
[simulation]
replicas = {replicas}
batches = {batches}
[output]
layers = 64
"""
REPLICAS_PER_BATCH = 4


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--varprop", required=True)
    parser.add_argument("--batches", type=int, default=4)
    parser.add_argument("--keep", metavar="DIR", help="where to copy the analysis, to look at its report")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="varprop-analysis-") as name:
        folder = pathlib.Path(name)
        text = SWEEP.format(replicas=REPLICAS_PER_BATCH * options.batches, batches=options.batches)
        (folder / "sweep.toml").write_text(text, encoding="utf-8")
        subprocess.run([options.varprop, "sweep", folder / "sweep.toml", "-o", folder / "r.h5", "--progress", "none"],
                       check=True, stdout=subprocess.DEVNULL)
        begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([options.varprop, "analyze", folder / "r.h5", "-o", folder / "out"], check=True,
                       stdout=subprocess.DEVNULL)
        seconds, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        size = (folder / "r.h5").stat().st_size
        page = folder / "out/report.html"
        report = f"{page.stat().st_size / 1e6:.1f} MB" if page.exists() else "none"
        charts = sum(path.stat().st_size for path in (folder / "out/charts").iterdir())
        if options.keep:
            shutil.copytree(folder / "out", options.keep)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"100000 points, {options.batches} batches, {size / 1e9:.1f} GB: {seconds:.0f} s, {processor:.0f} s of processor "
          f"time, at most {after.ru_maxrss / 1e6:.2f} GB of memory (the sweep's included)")
    print(f"report.html {report}, charts/ {charts / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
