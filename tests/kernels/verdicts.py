"""What a filter returned, as seen from user space: answers of plan.c held against init.c's lines.

An answer is the 32-bit value the filter is to return, and the call as the kernel is to show it. A
line is what became of the call. Of each action something else is seen:

    ALLOW         the call returned what no other return of this filter could have made it return;
                  where it must have been made, or cannot be, that is seen as well
    LOG           the same, and the kernel logged it
    ERRNO(n)      it returned -n
    TRACE(n)      a tracer was told, with n as message
    NOTIFY        a supervisor was told, with the call as it was to be shown; its answer came back
    TRAP(n)       SIGSYS with n in si_errno, the number and the audit arch
    KILL_THREAD   the thread died of SIGSYS, the process lives
    KILL_PROCESS  the process died of SIGSYS
"""

import re
from dataclasses import dataclass, field

KILL_THREAD, TRAP, ERRNO, NOTIFY = 0x00000000, 0x00030000, 0x00050000, 0x7fc00000
TRACE, LOG, ALLOW, KILL_PROCESS = 0x7ff00000, 0x7ffc0000, 0x7fff0000, 0x80000000
NAMES = {KILL_THREAD: "KILL_THREAD", TRAP: "TRAP", ERRNO: "ERRNO", NOTIFY: "NOTIFY",
         TRACE: "TRACE", LOG: "LOG", ALLOW: "ALLOW", KILL_PROCESS: "KILL_PROCESS"}
NOSYS = (-38 % 2**64, -89 % 2**64)  # MIPS has a number of its own
NOTIFIED = 0x5eed  # init.c's answer to a notification


def name_of(ret):
    action, data = ret & 0xffff0000, ret & 0xffff
    return NAMES.get(action, hex(action)) + (f"({data})" if data else "")


@dataclass
class Answer:
    ret: int
    nr: int
    arch: int
    args: tuple
    made: str  # of a call that is allowed: y, n or -

    def __str__(self):
        args = ", ".join(hex(arg) for arg in self.args)
        return f"call {self.nr:#x}({args}) of arch {self.arch:#x}: {name_of(self.ret)}"


@dataclass
class Group:
    """A blob, the answers to its calls, and what of the kernel's matches them."""
    blob: str
    taken: int
    paths: int
    returns: set
    answers: list = field(default_factory=list)
    error: str = "not run"
    seen: dict = field(default_factory=dict)
    logged: list = field(default_factory=list)
    records: list = field(default_factory=list)  # of these and of calls that were refused, as they were written


def read_answers(path):
    groups = []
    for line in path.read_text().splitlines():
        words = line.split()
        if words[0] == "blob":
            groups.append(Group(words[1], int(words[3]), int(words[4]),
                                {int(word, 16) for word in words[5:]}))
        else:
            ret, nr, arch, *args = (int(word, 16) for word in words[:-1])
            groups[-1].answers.append(Answer(ret, nr, arch, tuple(args), words[-1]))
    return groups


class Listener:
    """Takes the lines of a console and gives them to the groups they belong to."""

    def __init__(self, groups):
        self.groups = groups  # of each ABI, in the order they are run in
        self.abi = -1
        self.group = None
        self.times = []  # when each ABI began; last, when all ended
        self.noise = []
        self.programs = {}  # (ABI, kind of kernel): lines of random programs
        self.kind = ""

    def hear(self, time, line):
        if line.endswith("@end"):
            self.times.append(time)
        elif found := re.search(r"@abi ([0-9a-f]+)$", line):
            self.abi = int(found[1], 16)
            self.times.append(time)
        elif found := re.match(r"@blob /blobs/(\S+) ([0-9a-f]+)$", line):
            self.group = next(g for g in self.groups[self.abi] if g.blob == found[1])
            error = int(found[2], 16)
            self.group.error = f"error {2**64 - error}" if error else ""
        elif found := re.match(r"= ([0-9a-f]+) ([-rtp]) ([.TENS]) ([0-9a-f ]+)$", line):
            self.group.seen[int(found[1], 16)] = (
                found[2], found[3], [int(word, 16) for word in found[4].split()])
        elif found := re.search(r"@jit (\w+) (\w+)$", line):
            on, error = found[1] == "1", int(found[2], 16)
            missing = "no JIT" if error == 2**64 - 2 else "JIT not switched"
            self.kind = (missing if error else "JIT on") if on else "JIT off"
            if on or not error:
                self.programs[self.abi, self.kind] = []
            else:
                self.kind = ""
        elif found := re.match(r"~ [0-9a-f]+ ", line):
            self.programs.setdefault((self.abi, self.kind), []).append(line)
        elif found := re.match(r"# arch=(\w+) syscall=(-?\d+) ", line):
            self.group.records.append(line[2:])
            if line.endswith("code=0x7ffc0000"):
                self.group.logged.append((int(found[1], 16), int(found[2]) % 2**32))
        else:
            self.noise.append(line)


def describe(seen):
    end, event, (ret, *rest) = seen
    ret -= (ret >> 63) << 64
    words = {"r": f"returned {ret}", "t": f"thread killed by signal {ret}",
             "p": f"process killed by signal {ret}", "-": "not made"}[end]
    if event != ".":
        what = {"T": "trapped", "E": "traced", "N": "notified", "S": "signalled"}[event]
        words += f", {what} with {' '.join(hex(value) for value in rest)}"
    return words


def fits(group, answer, seen, sigsys):
    """Whether one call came out as answered; LOG is ALLOW here."""
    end, event, (ret, *rest) = seen
    action, data = answer.ret & 0xffff0000, answer.ret & 0xffff
    if action in (KILL_THREAD, KILL_PROCESS):
        return event == "." and ret == sigsys and end == ("t" if action == KILL_THREAD else "p")
    if end != "r":
        return False
    if action == TRAP:
        return event == "T" and rest == [data, answer.nr, answer.arch]
    if action == TRACE:
        return event == "E" and rest[0] == data
    if action == NOTIFY:
        return (event == "N" and ret == NOTIFIED and
                rest[1:] == [answer.nr, answer.arch, *answer.args])
    if action == ERRNO:
        return event == "." and ret == -data % 2**64
    if answer.made == "y" and not 0 < ret < 2**63:
        return False
    if answer.made == "n" and ret not in NOSYS:
        return False
    others = {-(value & 0xffff) % 2**64 for value in group.returns if value & 0xffff0000 == ERRNO}
    if NOTIFY in group.returns:
        others.add(NOTIFIED)
    return event == "S" or event == "." and ret not in others


def judge(group, sigsys, logs):
    """The answers that were not as they should be, each with what was seen; all of a group's LOG
    answers if its log is not as it should be."""
    wrong = []
    for i, answer in enumerate(group.answers):
        if group.error or i not in group.seen:
            wrong.append((answer, group.error or "no result"))
        elif not fits(group, answer, group.seen[i], sigsys):
            wrong.append((answer, describe(group.seen[i])))
    to_log = [answer for answer in group.answers if answer.ret & 0xffff0000 == LOG]
    if logs and not wrong and [(answer.arch, answer.nr) for answer in to_log] != group.logged:
        what = f"{len(group.logged)} calls logged instead of {len(to_log)}, or others"
        wrong += [(answer, what) for answer in to_log] or [("ALLOW", what)]
    return wrong
