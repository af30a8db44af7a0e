#!/usr/bin/python3
"""Prints what machine this is, as a table, or with --name as one word: machine.py [--name] [--varprop EXE]."""

import argparse
import os
import pathlib
import platform
import re
import subprocess

from markdown import table


def cpu_facts():
    """The first processor's lines of /proc/cpuinfo."""
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
    return dict(re.split(r"\s*:\s*", line, maxsplit=1) for line in text.splitlines() if ":" in line)


def cpu_name(facts):
    return f"{facts['model name']}, family {facts['cpu family']}, model {facts['model']}"


def file_word(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def caches():
    """Sizes of the first core's caches, "L1d 48K, L2 1024K"; virtual machines may hide them."""
    found = []
    for folder in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((folder / name).read_text().strip() for name in ("level", "type", "size"))
        if kind != "Instruction":
            found.append(f"L{level} {size}")
    return ", ".join(found) or "unknown"


def rows(varprop):
    facts = cpu_facts()
    sets = [flag for flag in ("fma", "avx2", "avx512f", "avx512dq") if flag in facts["flags"].split()]
    version = subprocess.run([varprop, "--version"], capture_output=True, text=True, check=True).stdout
    return [["processor", cpu_name(facts)], ["instruction sets", ", ".join(sets)],
            ["cores given to us", str(len(os.sched_getaffinity(0)))], ["caches", caches()],
            ["system", platform.freedesktop_os_release()["PRETTY_NAME"] + ", Linux " + platform.release()],
            ["varprop", " · ".join(" ".join(line.split()) for line in version.splitlines())]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", action="store_true")
    parser.add_argument("--varprop", default="build/release/driver/varprop")
    arguments = parser.parse_args()
    if arguments.name:
        print(file_word(cpu_name(cpu_facts())))
    else:
        table(["machine", ""], rows(arguments.varprop))


if __name__ == "__main__":
    main()
