"""What stands in front of a program: nothing, a tracer, winnow-exec, or the runtime whose container it is in."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import containers
import starting

WAIT = 120  # seconds, on a busy machine


class Front:
    """As it is; `words` in front of the command, if any."""

    def __init__(self, words=(), user=0):
        self.words = [*words, *(["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else [])]

    def command(self, command):
        return [str(word) for word in [*self.words, *command]]

    def end(self, child):
        """Of a server, with whatever stands in front of it."""
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(WAIT)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


class Container(Front):
    """This machine's own files, read-only but for the folder of the work, under a filter by the runtime."""

    count = 0

    def __init__(self, runtime, top, work, seccomp, no_new_privs=False, user=0):
        super().__init__()
        self.runtime, self.top, self.work = runtime, top, work
        self.seccomp, self.no_new_privs, self.user = seccomp, no_new_privs, user

    def command(self, command):
        Container.count += 1
        self.name = f"record-{os.getpid()}-{Container.count}"
        bundle = self.top / self.name
        bundle.mkdir()
        config = containers.spec(self.runtime, bundle, str(self.top / "root"), "")
        config["process"].update(args=[str(word) for word in command], cwd=str(self.work), noNewPrivileges=self.no_new_privs,
                                 env=[f"{name}={value}" for name, value in os.environ.items()])
        config["process"]["user"] = {"uid": self.user, "gid": self.user}
        for kind in ("bounding", "effective", "permitted"):
            config["process"]["capabilities"][kind] = ["CAP_" + cap for cap in starting.CAPS
                                                       if kind == "bounding" or not self.user]
        config["linux"]["namespaces"] = [one for one in config["linux"]["namespaces"] if one["type"] != "network"]
        config["linux"]["seccomp"] = self.seccomp
        config["mounts"] += [{"destination": where, "type": "tmpfs", "source": "tmpfs", "options": ["mode=" + mode]}
                             for where, mode in (("/run", "755"), ("/run/sshd", "755"), ("/tmp", "1777"))]
        config["mounts"].append({"destination": str(self.work), "type": "bind", "source": str(self.work),
                                 "options": ["bind", "rw"]})
        (bundle / "config.json").write_text(json.dumps(config))
        return containers.oci_run(self.runtime, str(bundle), self.name)

    def end(self, child):
        """Process 1 has a way of its own with signals."""
        subprocess.run([self.runtime, "delete", "-f", self.name], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=WAIT, check=False)
        if child.poll() is None:
            super().end(child)


def containers_top():
    """A folder for bundles, with this machine's files as root. Mounts have to be ours alone (cgroups.py)."""
    top = pathlib.Path(tempfile.mkdtemp(prefix="winnow-record."))
    (top / "root").mkdir()
    subprocess.run(["mount", "--bind", "/", top / "root"], check=True)
    return top


def containers_gone(top):
    subprocess.run(["umount", "-l", top / "root"], check=True)
    os.rmdir(top / "root")  # and not what is in it: it has to be empty, or this machine's files are there still
    shutil.rmtree(top, ignore_errors=True)
