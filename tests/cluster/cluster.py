"""A Kubernetes of one node: namespaces, a cgroup and a root directory of its own, and nothing left of it afterwards.

Whatever becomes of this process, the node's processes end with it, and its mounts and its network with them; its cgroup
and folder are removed by `down`, or, after a kill, by the next `up` of anybody.
"""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

import cgroups

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX = "winnow-cluster-"
PATIENCE = 180  # seconds until something is given up
PR_SET_PDEATHSIG = 1


def until(true, patience=PATIENCE, every=0.3):
    """Seconds until it came true, None if it did not."""
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > patience:
            return None
        time.sleep(every)
    return time.monotonic() - start


class Done:
    """What a command said and came to."""

    def __init__(self, command, process):
        self.command, self.status = command, process.returncode
        self.out, self.said = process.stdout, process.stdout + process.stderr

    def __str__(self):
        return f"{' '.join(self.command)}: exit {self.status}: {self.said.strip()}"


class Failed(Exception):
    """The cluster itself is not as it has to be."""


def groups(name):
    found = [os.path.join(cgroups.TOP, hierarchy, name) for hierarchy, kind in cgroups.mounted() if kind == "cgroup"]
    return sorted(set(found))  # what is mounted over is listed, too


def remove_group(path):
    """With all below it; those of a process that ends take a moment to be empty."""
    def gone():
        for folder, _, _ in os.walk(path, topdown=False):
            try:
                os.rmdir(folder)
            except OSError:
                pass
        return not os.path.exists(path)
    if until(gone, 30) is None:
        raise Failed(f"{path} stays")


def ended(name):
    """Whether it is of a process that is no more."""
    match = re.fullmatch(PREFIX + r"(\d+)(\..*)?", name)
    return match and not os.path.exists(f"/proc/{match[1]}")


def remove_stale():
    """What those left that were killed."""
    for hierarchy in groups(""):
        for name in filter(ended, os.listdir(hierarchy)):
            remove_group(os.path.join(hierarchy, name))
    for name in filter(ended, os.listdir(tempfile.gettempdir())):
        shutil.rmtree(os.path.join(tempfile.gettempdir(), name))


def make_groups(wanted):
    for group in wanted:
        os.mkdir(group)
        for setting in ("cpuset.cpus", "cpuset.mems"):  # of a new one they are empty, and nobody may enter it
            above = os.path.join(os.path.dirname(group), setting)
            if os.path.exists(above):
                with open(above) as old, open(os.path.join(group, setting), "w") as new:
                    new.write(old.read())


class Cluster:
    def __init__(self, root, kubernetes, transcript):
        """`transcript` is a file for what kubectl was asked and said."""
        self.root, self.kubernetes, self.transcript = str(root), str(kubernetes), transcript
        self.name = PREFIX + str(os.getpid())
        self.top = tempfile.mkdtemp(prefix=self.name + ".")
        self.process = self.pid = None
        self.asked = []  # (command, what was said)
        self.groups = []

    # --- the node ---

    def enter(self):
        for group in self.groups:
            with open(os.path.join(group, "cgroup.procs"), "w") as file:
                file.write("0")
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def up(self):
        """Its first process, and then its daemons, each once that is there which it asks."""
        remove_stale()
        self.groups = groups(self.name)
        if not self.groups:
            raise Failed("no cgroups of version 1 are mounted: that a node runs with those of version 2 alone was not seen")
        make_groups(self.groups)
        with open(os.path.join(self.top, "init.log"), "w") as log:
            self.process = subprocess.Popen(
                ["unshare", "-m", "-n", "-u", "-i", "-p", "-C", "--fork", "--kill-child", "--propagation", "private",
                 os.path.join(HERE, "node", "init"), self.root, self.top, self.kubernetes, os.path.join(HERE, "node")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self.enter, start_new_session=True)
        if until(self.is_up, 60) is None:
            with open(os.path.join(self.top, "init.log")) as log:
                raise Failed(f"the node does not come up: {log.read().strip()}")
        for daemon, ready in (("etcd", None), ("kube-apiserver", self.answers), ("kube-controller-manager", None),
                              ("kube-scheduler", None), ("containerd", self.has_containerd), ("kubelet", self.has_node)):
            self.start(daemon)
            if ready and until(ready) is None:
                raise Failed(f"{daemon} does not come up: {self.log(daemon)}")

    def is_up(self):
        if self.process.poll() is not None:
            return False
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            children = file.read().split()
        if not children or not os.path.exists(f"/proc/{children[0]}/root/run/up"):
            return False
        self.pid = children[0]
        return True

    def answers(self):
        return self.kubectl("get", "--raw", "/readyz", quiet=True).out == "ok"

    def has_containerd(self):
        return self.on_node("ctr", "version").status == 0

    def has_node(self):
        """Ready, and with what the pods of a namespace need."""
        nodes = self.kubectl("get", "nodes", "--no-headers", quiet=True).out
        return " Ready " in nodes and self.kubectl("get", "serviceaccount", "default", quiet=True).status == 0

    def log(self, daemon):
        return self.on_node("tail", "-n", "20", f"/var/log/cluster/{daemon}").out

    def start(self, daemon):
        return self.on_node("/cluster/daemon", "start", daemon)

    def stop(self, daemon):
        return self.on_node("/cluster/daemon", "stop", daemon)

    def down(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        for group in self.groups:
            remove_group(group)
        shutil.rmtree(self.top)

    # --- what is asked of it ---

    def on_node(self, *command, given=None, seconds=PATIENCE):
        inside = ["nsenter", "-t", self.pid, "-m", "-n", "-u", "-i", "-p", "-C", "-r", "-w", "--",
                  "env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                  "KUBECONFIG=/etc/kubernetes/admin.conf", *command]
        try:
            return Done(command, subprocess.run(
                inside, capture_output=True, text=True, errors="replace", timeout=seconds, check=False, preexec_fn=self.enter,
                **({"input": given} if given is not None else {"stdin": subprocess.DEVNULL})))
        except subprocess.TimeoutExpired:
            raise Failed(f"{' '.join(command)}: no end after {seconds} s") from None

    def kubectl(self, *words, given=None, quiet=False, title=None):
        """`title` is what somebody types; by itself, the words."""
        done = self.on_node("kubectl", *words, given=given)
        if not quiet:
            self.note("$ kubectl " + (title or " ".join(words)), done)
        return done

    def note(self, command, done):
        self.asked.append((command, done.said))
        with open(self.transcript, "a") as file:
            file.write(f"{command}\n{done.said}\n")

    def path(self, *parts):
        """A file of the node, seen from outside."""
        return os.path.join(f"/proc/{self.pid}/root", *parts)

    def read(self, *parts):
        try:
            with open(self.path(*parts)) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def write(self, text, *parts):
        with open(self.path(*parts), "w") as file:
            file.write(text)

    def load(self, image):
        """Take an image from a tar."""
        shutil.copy(image, self.path("image.tar"))
        done = self.on_node("ctr", "-n", "k8s.io", "images", "import", "/image.tar")
        os.unlink(self.path("image.tar"))
        if done.status:
            raise Failed(done)
