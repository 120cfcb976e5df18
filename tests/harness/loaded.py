"""The filter that a runtime gives to the kernel for a profile, as strace shows it."""

import collections
import contextlib
import functools
import glob
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

import containers

PATIENCE = 20  # seconds until a runtime has shown its filter or given up
STRACE = ("strace", "-ff", "-X", "raw", "-v", "-e", "signal=none", "-e", "trace=seccomp,prctl")
CRUN_CACHE = "/run/crun/.cache"  # of filters, by a key that does not see all of a profile (crun issue 2237)
LISTENER = "/run/agent.sock"
INSTRUCTION = re.compile(r"BPF_(?:STMT|JUMP)\(([^()]*)\)")

Filter = collections.namedtuple("Filter", "path flags refused said")


@functools.lru_cache
def version_of(program):
    """What it says of itself: "1.3.6"."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return re.search(r"\b\d+(?:\.\d+)+", said)[0]


def number(text):
    """"0x5|0|0x10": without names strace writes an or."""
    value = 0
    for word in text.split("|"):
        value |= int(word, 0)
    return value


def filters_in(trace):
    """The programs that a traced process got loaded, or was about to, with seccomp(2)'s flags; prctl(2) has none."""
    with open(trace, errors="replace") as file:
        for line in file:
            if "filter=[" not in line or re.search(r"= -1 E", line):
                continue
            program = b""
            for words in INSTRUCTION.findall(line):
                code, k, jt, jf = [number(word) for word in words.split(", ")] + [0, 0] * (words.count(",") < 2)
                program += struct.pack("=HBBI", code, jt, jf, k)
            length = int(re.search(r"len=(\d+)", line)[1])
            flags = re.match(r"seccomp\(0x1, (\w+),", line)
            if len(program) == 8 * length:
                yield program, number(flags[1]) if flags else 0


def progress(text):
    """What is at work, on a terminal; what is printed next takes its place."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="\r", file=sys.stderr, flush=True)


def quiet(*command):
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                       timeout=60, check=False)
    except subprocess.TimeoutExpired:
        pass


def is_heard(path):
    """Is somebody there already? What nobody hears any more is removed."""
    if not os.path.exists(path):
        return False
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(path)
            return True
        except ConnectionRefusedError:
            os.unlink(path)
            return False


@contextlib.contextmanager
def listener(path=LISTENER):
    """Somebody at the listenerPath of a profile; the default is that of tests/data/conformance."""
    if is_heard(path):
        yield
        return
    heard = socket.socket(socket.AF_UNIX)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        heard.bind(path)
        heard.listen(64)
        yield
    finally:
        heard.close()
        os.unlink(path)


class Box:
    """Where containers are started, one after another, by a runtime that strace can start: runc, crun, podman."""

    def __init__(self, top, root=None):
        self.top, self.count = top, 0
        self.root = root or containers.make_root(top, "true")

    def stop(self):
        """Nothing of it runs but during a start; podman leaves mounts of containers that were ended."""
        with open("/proc/self/mounts") as file:
            mounted = [line.split()[1] for line in file]
        for path in reversed(mounted):
            if path.startswith(self.top + "/"):
                quiet("umount", "-l", path)

    def command(self, runtime, folder, text, caps, name):
        if runtime == "podman":
            profile = keep(folder, "profile.json", text)
            given = [f"--cap-add={cap}" for cap in caps.split(",") if cap]
            if caps != "all":
                given.insert(0, "--cap-drop=all")
            return [*containers.podman(self.top), *containers.PODMAN_RUN, "--name", name, *given,
                    "--security-opt", f"seccomp={profile}", "--rootfs", self.root, "/bin/true"]
        config = containers.spec(runtime, folder, self.root, "/bin/true")
        config["linux"]["seccomp"] = "HERE"
        # not parsed: what Python makes of a key given twice is no test
        keep(folder, "config.json", json.dumps(config).replace('"HERE"', text))
        return containers.oci_run(runtime, folder, name)

    def trace(self, folder, command):
        """The command that leaves traces, and where: TRACE.PID."""
        trace = os.path.join(folder, "trace")
        return [*STRACE, "-o", trace, *command], trace

    def start(self, runtime, text, caps):
        """The filter that the runtime loads for the profile."""
        self.count += 1
        name = f"winnow-{os.getpid()}-{self.count}"
        folder = tempfile.mkdtemp(dir=self.top)
        shutil.rmtree(CRUN_CACHE, ignore_errors=True)
        command, trace = self.trace(folder, self.command(runtime, folder, text, caps, name))
        with open(os.path.join(folder, "said"), "w+") as said:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
            found, waiting = self.watch(child, trace)
            self.remove(runtime, name)
            said.seek(0)
            last = self.last_words(said.read())
        # a program that its filter ends says nothing, and the runtime that it is dead already
        refused = not waiting and child.returncode != 0 and last != "nothing" and "already dead" not in last
        path = flags = None
        if len(found) == 1:
            program, flags = found.pop()
            path = os.path.join(folder, "filter.bpf")
            with open(path, "wb") as file:
                file.write(program)
        return Filter(path, flags, refused, last.replace(folder, "DIR"))

    def last_words(self, said):
        return (said.strip().splitlines() or ["nothing"])[-1]

    def watch(self, child, trace):
        """The filters found, and whether the command had to be ended."""
        found, end = set(), time.monotonic() + PATIENCE
        while not found and time.monotonic() < end:
            over = child.poll() is not None and self.settled(trace)
            for path in glob.glob(trace + ".*"):
                found.update(filters_in(path))
            if over:
                break
            time.sleep(0.02)
        waiting = child.poll() is None
        if waiting:
            try:
                child.wait(timeout=1)
                waiting = False
            except subprocess.TimeoutExpired:
                self.end(child, trace)
        return found, waiting

    def settled(self, trace):
        """Is nothing more to come of a command that has ended?"""
        if not glob.glob(trace + ".*"):
            sys.exit("strace started nothing")
        return True

    def end(self, child, trace):
        child.kill()
        child.wait()
        for path in glob.glob(trace + ".*"):
            quiet("kill", "-9", path.rpartition(".")[2])

    def remove(self, runtime, name):
        if runtime == "podman":
            quiet(*containers.podman(self.top), "rm", "--force", "--time", "0", name)
        quiet("crun" if runtime == "podman" else runtime, "delete", "--force", name)


def keep(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    return path
