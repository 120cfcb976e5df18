"""Docker and containerd's ctr: daemons of our own, and containers started by them whose runtime strace sees.

Their runtime is no child of ours. So each is given a script for its runtime, which leaves the trace of every container
that it makes in one folder, emptied before each start.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import time

import loaded

WRAPPER = """#!/bin/sh
# A runtime that is seen by strace while it makes a container. -DD: strace is nobody's parent, so that who waits for the
# runtime does not wait for the container.
for word; do
	case $word in create|run) exec {strace} -DD -o {trace} {real} "$@" ;; esac
done
exec {real} "$@"
"""
CTR_RUN = ("run", "--rm", "--rootfs", "--runc-binary")
DOCKER_RUN = ("run", "--rm", "--network=none")
DEADLINE = 60  # seconds until a daemon answers


class Daemon(loaded.Box):
    """A daemon of our own, ended by its process id. Containers see the root, which make_root() makes unless there is one."""

    def __init__(self, top, root=None):
        super().__init__(top, root)
        self.traces = os.path.join(top, "traces")
        os.mkdir(self.traces)
        self.wrapper = loaded.keep(top, "wrapper", WRAPPER.format(
            strace=" ".join(loaded.STRACE), trace=self.traces + "/trace", real="/usr/bin/runc"))
        os.chmod(self.wrapper, 0o755)
        with open(os.path.join(top, "log"), "w") as log:
            self.process = subprocess.Popen(self.serve(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + DEADLINE
        while subprocess.run([*self.client(), "version"], stdin=subprocess.DEVNULL, capture_output=True,
                             check=False).returncode:
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                with open(os.path.join(top, "log")) as log:
                    sys.exit(f"today: {self.serve()[0]} does not answer: {log.read()[-2000:]}")
            time.sleep(0.2)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        super().stop()

    def trace(self, folder, command):
        for path in glob.glob(self.traces + "/*"):
            os.unlink(path)
        return command, self.traces + "/trace"

    def settled(self, trace):
        """strace may still write when the client is done."""
        for path in glob.glob(trace + ".*"):
            with open(path, errors="replace") as file:
                if not (file.read().splitlines() or [""])[-1].startswith("+++"):
                    return False
        return True

    def end(self, child, trace):
        """The container first: the client waits for it."""
        for path in glob.glob(trace + ".*"):
            loaded.quiet("kill", "-9", path.rpartition(".")[2])
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Docker(Daemon):
    def serve(self):
        top = os.path.join(self.top, "docker")
        os.makedirs(top, exist_ok=True)
        self.host = f"unix://{top}/socket"
        config = loaded.keep(top, "daemon.json", json.dumps({"runtimes": {
            "traced": {"path": self.wrapper}, "crun": {"path": "/usr/bin/crun"}}}))
        return ["dockerd", "--config-file", config, "--data-root", top + "/data", "--exec-root", "/run/winnow-docker",
                "--pidfile", top + "/pid", "--host", self.host, "--storage-driver=vfs", "--bridge=none",
                "--iptables=false", "--ip6tables=false", "--ip-masq=false"]

    def client(self):
        return ["docker", "--host", self.host]

    def image(self):
        """One of our root, made when first asked for."""
        if not getattr(self, "made", None):
            tar = subprocess.run(["tar", "-C", self.root, "-c", "."], stdout=subprocess.PIPE, check=True).stdout
            subprocess.run([*self.client(), "import", "-", "winnow:root"], input=tar, stdout=subprocess.DEVNULL, check=True)
            self.made = "winnow:root"
        return self.made

    def command(self, runtime, folder, text, caps, name):
        profile = loaded.keep(folder, "profile.json", text)
        given = [f"--cap-add={cap}" for cap in caps.split(",") if cap]
        return [*self.client(), *DOCKER_RUN, "--name", name, "--cap-drop=ALL", *given, "--runtime=traced",
                "--security-opt", f"seccomp={profile}", self.image(), "/bin/true"]

    def last_words(self, said):
        return super().last_words(said.replace("Run 'docker run --help' for more information", ""))

    def remove(self, runtime, name):
        loaded.quiet(*self.client(), "rm", "--force", name)


class Ctr(Daemon):
    def serve(self):
        top = os.path.join(self.top, "containerd")
        os.makedirs(top, exist_ok=True)
        self.socket = top + "/socket"
        config = loaded.keep(top, "config.toml", f"""version = 2
root = "{top}/root"
state = "{top}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "{self.socket}"
""")
        return ["containerd", "--config", config]

    def client(self):
        return ["ctr", "--address", self.socket]

    def command(self, runtime, folder, text, caps, name):
        profile = loaded.keep(folder, "profile.json", text)
        return [*self.client(), *CTR_RUN, self.wrapper, "--seccomp", "--seccomp-profile", profile, self.root, name, "/bin/true"]

    def remove(self, runtime, name):
        loaded.quiet(*self.client(), "task", "rm", "--force", name)
        loaded.quiet(*self.client(), "container", "rm", name)


BOXES = {"docker": Docker, "containerd": Ctr}
PROGRAMS = {"docker": ("docker", "dockerd", "runc"), "containerd": ("containerd", "ctr", "runc"), "podman": ("podman", "crun")}


def missing(runtime):
    """What its box takes and is not there."""
    return [name for name in (*PROGRAMS.get(runtime, (runtime,)), "busybox", "strace") if not shutil.which(name)]


def box_of(runtime, top):
    """Where its containers are started."""
    return BOXES.get(runtime, loaded.Box)(top)
