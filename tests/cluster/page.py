"""doc/kubernetes.md shows what people type and what the cluster says: all of that was said on this one.

A command of the page starts a line with `$ kubectl` or `node1# `; the lines up to a blank one are its answer, `...` for some
that are left out. Names of pods, times, restarts and numbers of processes are their own each time.
"""

import os
import re

from tally import verdict

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "kubernetes.md")
OWN = (
    (r"\bwinnow-[a-z0-9]{5}\b", "winnow-XXXXX"),
    (r"\b[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h)(?:[0-9]+s)?\b", "T"),
    (r"T \(x[0-9]+ over T\)", "T"),
    (r"(?<=RunContainerError )[0-9]+", "N"),  # it is tried again and again
    (r"\b[0-9a-f]{64}\b", "ID"),
    (r"(?<=--pid )[0-9]+|(?<=^process )[0-9]+", "PID"),
)


def plain(line):
    """Without what is its own each time, a space where there are several."""
    line = " ".join(line.split())
    for pattern, word in OWN:
        line = re.sub(pattern, word, line)
    return line


def lines_of(text):
    return [line for line in map(plain, text.splitlines()) if line]


def commands():
    """(command, lines of its answer), in the page's order."""
    with open(PAGE) as file:
        blocks = re.findall(r"(?:^    .*\n)+", file.read(), re.M)
    for block in blocks:
        for part in re.split(r"^    (?=\$ |node1# )", block, flags=re.M)[1:]:
            while "\\\n" in part:
                part = re.sub(r" *\\\n +", " ", part)
            command, _, answer = part.partition("\n")
            if command.startswith(("$ kubectl", "node1# ")):
                yield command, lines_of(answer)


def says(answer, wanted):
    """Each wanted line in its place, with others between where there is `...`."""
    at, free = 0, False
    for line in wanted:
        if line == "...":
            free = True
            continue
        while free and at < len(answer) and answer[at] != line:
            at += 1
        if at == len(answer) or answer[at] != line:
            return False
        at, free = at + 1, False
    return free or at == len(answer)


def check_page(node):
    """After all others: `node.asked` has what they asked."""
    shown = list(commands())
    verdict(len(shown) > 20, f"doc/kubernetes.md shows {len(shown)} commands on the cluster")
    for command, wanted in shown:
        answers = [lines_of(text) for asked, text in node.asked if plain(asked) == plain(command)]
        verdict(any(says(answer, wanted) or not wanted for answer in answers), f"doc/kubernetes.md: {command}",
                *("\n        ".join(["said:", *answer]) for answer in answers[:3]))
