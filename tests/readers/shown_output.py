"""What our pages show of commands' output, where a line with … alone stands for any lines."""

import re


def pattern(lines):
    """What an output must look like, from its start to its end, that is shown as these lines."""
    return r"\A" + "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + r"\n" for line in lines) + r"\Z"
