"""Does a container start under a filter? Its program makes no call at all, so whatever fails is the runtime's."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import containers

STARTED = {"/bin/probe": 132, "/bin/ending": 0}  # 128 + SIGILL: the program's one instruction is none
TIMEOUT = 15   # seconds; a runtime whose threads are refused futex(2) waits for ever

PROBE = ".globl _start\n_start: .byte 0x0f, 0x0b\n"
ENDING = ".globl _start\n_start: mov $231, %eax\nsyscall\n"  # for a tracer, under whom process 1 survives SIGILL
CAPS = """CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL
AUDIT_WRITE""".split()


def last_words(text):
    """What a runtime said, without its log's frame, times and names of ours."""
    said = []
    for line in text.strip().splitlines():
        found = re.search(r'msg="((?:[^"\\]|\\.)*)"', line)
        line = found[1].replace('\\"', '"') if found else line
        line = re.sub(r"^\S+: (?=level=)|^\d{4}-\d\d-\d\dT\S+ ", "", line.strip())
        said.append(line)
    said = [line for line in said if line] or [""]
    panic = [line for line in said if line.startswith(("panic: ", "fatal error: ", "runtime: "))]
    line = (panic or said[-1:])[0]
    for frame in ("unable to start container process: ", "error during container init: ", "error closing exec fds: "):
        line = line.rpartition(frame)[2]
    line = re.sub(r"^(?:runc )?(?:run|create) failed: |^Error: |^OCI runtime error: ", "", line)
    return line.replace("/tmp/probe", "PROGRAM").replace("/bin/probe", "PROGRAM")


class Starter:
    """Bundles below a folder of ours, for one runtime after the other. Wants own mounts (cgroups.py)."""

    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="winnow-start."))
        self.top.chmod(0o755)
        self.root = self.top / "rootfs"
        for name in containers.ROOT_FOLDERS:
            (self.root / name).mkdir(parents=True)
        for name, text in (("probe", PROBE), ("ending", ENDING)):
            source = self.top / f"{name}.s"
            source.write_text(text)
            subprocess.run(["cc", "-nostdlib", "-static", "-o", self.root / "bin" / name, source], check=True)
        self.count = 0

    def close(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def command(self, runtime, no_new_privs, seccomp, program):
        """A command that starts the program under that seccomp section of a config.json."""
        self.count += 1
        name = f"start-{os.getpid()}-{self.count}"
        bundle = self.top / name
        bundle.mkdir()
        config = containers.spec(runtime, bundle, str(self.root), program)
        config["process"]["noNewPrivileges"] = no_new_privs
        for kind in ("bounding", "effective", "permitted"):
            config["process"]["capabilities"][kind] = ["CAP_" + cap for cap in CAPS]
        config["linux"]["seccomp"] = seccomp
        (bundle / "config.json").write_text(json.dumps(config))
        return containers.oci_run(runtime, str(bundle), name), name, bundle

    def start(self, runtime, no_new_privs, seccomp, before=(), program="/bin/probe"):
        """(did it start, the runtime's last words)"""
        command, name, bundle = self.command(runtime, no_new_privs, seccomp, program)
        try:
            done = subprocess.run([*before, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, errors="replace", timeout=TIMEOUT, check=False)
            status, said = done.returncode, last_words(done.stdout)
        except subprocess.TimeoutExpired:
            status, said = None, "waits for ever"
        started = status == STARTED[program]
        if not started:
            subprocess.run([runtime, "delete", "-f", name], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=TIMEOUT, check=False)
        shutil.rmtree(bundle, ignore_errors=True)
        return started, said
