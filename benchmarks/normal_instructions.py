#!/usr/bin/python3
"""Counts the AVX-512 instructions that a normal takes: normal_instructions.py [LIBRARY].

The two loops of fill_normals as the compiler made them: random bits, and their quantile function. What computes on 512
bits needs one of the processor's vector pipes; loads, stores and the rest only a place in the queue. Left out: the
replacement of tail draws (1 in 256) and the remainders of a block.
"""

import re
import subprocess
import sys
from dataclasses import dataclass

from markdown import table

LIBRARY = "build/release/benchmarks/libvarprop_normal_blocks.a"
FUNCTION = re.compile(r"^[0-9a-f]+ <varprop::N_AVX3::\(anonymous namespace\)::fill\(.*>:$")
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$")


@dataclass(frozen=True)
class Part:
    """A loop of fill_normals, told by an instruction that stands there so many times for so many draws."""
    name: str
    instruction: str
    times: int
    draws: int


PARTS = [Part("random bits", "vpmuludq", 18, 16),  # Philox: one multiplication in the first two rounds, two in the other eight
         Part("quantile", "vpermt2pd", 12, 8)]  # one look-up a coefficient


@dataclass(frozen=True)
class Instruction:
    address: int
    name: str
    operands: str

    @property
    def computes(self):
        """On a vector pipe; moves between memory and registers do not."""
        return "zmm" in self.operands and not self.name.startswith("vmov")


def function_body(library):
    text = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", library], capture_output=True, text=True,
                          check=True).stdout
    lines = iter(text.splitlines())
    if not any(FUNCTION.match(line) for line in lines):
        sys.exit(f"{library} has no AVX-512 fill_normals.")
    for line in lines:
        match = INSTRUCTION.match(line)
        if not match:
            return
        yield Instruction(int(match[1], 16), match[2], match[3])


def inner_loops(body):
    """Bodies of backward jumps that hold no other backward jump."""
    loops = []
    for i, jump in enumerate(body):
        target = re.match(r"([0-9a-f]+) <", jump.operands)
        if not jump.name.startswith("j") or jump.name == "jmp" or not target or int(target[1], 16) > jump.address:
            continue
        first = next(k for k, instruction in enumerate(body) if instruction.address == int(target[1], 16))
        if not any(first <= earlier_first for earlier_first, _ in loops):
            loops.append((first, i))
    return [body[first:last + 1] for first, last in loops]


def densest_loop(loops, part):
    """The loop in which most of the part's work is done, and the draws of one iteration."""
    loop = max(loops, key=lambda body: count(body, part))
    draws = count(loop, part) / part.times * part.draws
    if draws < part.draws or draws % part.draws:
        sys.exit(f"fill_normals has no loop of {part.name} with {part.times} {part.instruction}: look at it again.")
    return loop, draws


def count(body, part):
    return sum(instruction.name in (part.instruction, part.instruction.replace("t2", "i2")) for instruction in body)


def main():
    loops = inner_loops(list(function_body(sys.argv[1] if len(sys.argv) > 1 else LIBRARY)))
    rows = []
    for part in PARTS:
        loop, draws = densest_loop(loops, part)
        rows.append([part.name, len(loop) / draws, sum(i.computes for i in loop) / draws])
    rows.append(["a normal", *(sum(column) for column in list(zip(*rows))[1:])])
    table(["", "instructions a draw", "of them on vector pipes"], rows)


if __name__ == "__main__":
    main()
