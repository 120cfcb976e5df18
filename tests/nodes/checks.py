"""Pods under what is installed on a node: does it hold, and what is said where it cannot."""

import os
import re
import subprocess

from node import NOTHING, ROOT, TESTS, output
from tally import plain, verdict

OURS = range(200, 220)  # errnos of tests/data/runtimes/profile.json, which no call gives of its own
UNSHARE = ("unshare", "-U", "true")
RUNS = object()


def expected(node):
    """The errno `winnow sim` gives each call under the installed filter, None for one that is let through."""
    blob = os.path.join(node.root, "var/lib/winnow/calls.bpf")
    with open(os.path.join(TESTS, "data", "runtimes", "calls.tbl")) as file:
        calls = [re.findall(r"[\w-]+", line) for line in re.findall(r"^CALL\((.*)\)$", file.read(), re.M)]
    said = [output(node.winnow, "sim", "-a", os.uname().machine, blob, *call) for call in calls]
    return [int(m[1]) if m else None for m in (re.match(r"ERRNO\((\d+)\)", text) for text in said)]


def check_calls(node):
    """20 calls from inside, each way a filter gets to a pod."""
    wanted = expected(node)
    for title, handler, profile in (("runc, Localhost", "runc", node.localhost("calls.json")),
                                    ("crun, Localhost", "crun", node.localhost("calls.json")),
                                    ("crun, base spec", "crun-calls", NOTHING)):
        done = node.run(handler, profile, "/bin/probe")
        got = [int(line) for line in done.lines if line.isdigit()]
        right = [g == w if w else g not in OURS for g, w in zip(got, wanted)]
        verdict(len(got) == 20 and all(right), f"{title}: {sum(right)} of {len(wanted)} verdicts are winnow sim's",
                done, f"expected {wanted}")
    done = node.run("runc", {"type": "Unconfined"}, "/bin/probe")
    verdict(len(done.lines) == 20 and not any(int(line) in OURS for line in done.lines),
            "runc, Unconfined: none of 20 calls is denied by a filter", done)


def check_unshare(node):
    """containerd knows nothing of Docker's conditions, and takes the rules below them for unconditional."""
    as_it_is = node.place("docker-as-it-is.json", node.profiles["docker.json"])
    for handler in ("runc", "crun"):
        done = node.run(handler, as_it_is, *UNSHARE)
        verdict(done.status == 0, f"{handler}, Docker's file as it is: unshare -U works", done)
    for title, handler, profile in (("runc, the same installed", "runc", node.localhost("docker.json")),
                                    ("crun, the same installed", "crun", node.localhost("docker.json")),
                                    ("crun, base spec of it", "crun-docker", NOTHING)):
        done = node.run(handler, profile, *UNSHARE)
        verdict(done.status == 1 and "Operation not permitted" in " ".join(done.lines),
                f"{title}: {' '.join(done.lines)}", done)


MKDIR = ("mkdir", "/tmp/x")  # calls mkdir, which each of these is there to refuse
BROKEN = (
    # title, the file's text; by handler what the kubelet or, of a pod that runs, mkdir says; winnow lint
    ("missing", None,
     {"runc": "no such file or directory", "crun": "no such file or directory"}, "No such file or directory"),
    ("not JSON", '{"defaultAction": "SCMP_ACT_ALLOW",\n',
     {"runc": "unexpected end of JSON input", "crun": "unexpected end of JSON input"}, "the text ends inside an object"),
    ("misspelt action", '{"defaultAction": "SCMP_ACT_ALOW"}\n',
     {"runc": "string SCMP_ACT_ALOW is not a valid action", "crun": "invalid seccomp action `SCMP_ACT_ALOW`"},
     "did you mean 'SCMP_ACT_ALLOW'"),
    ("misspelt syscall",
     '{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": [{"names": ["mkdri"], "action": "SCMP_ACT_ERRNO"}]}\n',
     {"runc": RUNS, "crun": RUNS}, "did you mean 'mkdir'"),
    ("Docker's legacy key",
     '{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": [{"name": "mkdir", "action": "SCMP_ACT_ERRNO"}]}\n',
     {"runc": RUNS, "crun": "error loading config.json"}, "containerd does not read 'name': the rule is gone"),
    ("no listener",
     '{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}\n',
     {"runc": "listenerPath is not set", "crun": "Function not implemented"}, "containerd refuses the profile"),
    ("a flag",
     '{"defaultAction": "SCMP_ACT_ALLOW", "flags": ["SECCOMP_FILTER_FLAG_LOG"],\n'
     ' "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}\n',
     {"runc": "seccomp flags are not yet supported by runc", "crun": "Operation not permitted"}, None),
)


def check_broken(node):
    """What the kubelet is told of each, and winnow on its command line; doc/kubernetes.md has both."""
    with open(os.path.join(ROOT, "doc", "kubernetes.md")) as file:
        page = " ".join(file.read().split())
    for title, _, words, finding in BROKEN:
        told = [word for word in [*words.values(), finding] if isinstance(word, str)]
        verdict(all(word in page for word in told), f"doc/kubernetes.md has what is said of: {title}", told)
    for title, text, words, finding in BROKEN:
        name = re.sub("[^a-z]+", "-", title.lower()) + ".json"
        profile = node.place(name, text) if text else node.localhost(name)
        for handler, word in words.items():
            done = node.run(handler, profile, *MKDIR)
            if word is RUNS:
                verdict(done.status == 0, f"{handler}, {title}: the pod runs and mkdir is let through", done)
            else:
                told = f"{done.where}: {plain(done.said, node.top)}" if done.said else (
                    f"the pod runs: {' '.join(done.lines)}")
                verdict(done.status != 0 and word in told, f"{handler}, {title}: {told}", done)
        if finding:
            path = os.path.join(node.seccomp, name)
            done = subprocess.run([node.winnow, "lint", "--runtime=containerd", path], capture_output=True, text=True,
                                  check=False)
            verdict(finding in done.stdout + done.stderr, f"winnow lint, {title}: {finding}", done)
