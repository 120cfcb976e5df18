"""Mounts of our own, in which crun and runc find cgroups they accept.

crun 1.8.1 refuses a machine that mounts the version 1 hierarchies and the version 2 one beside them, and
runc leaves plain folders where it takes a folder for a hierarchy. So version 1 is shown alone, on a tmpfs
that ends with us.
"""

import os
import subprocess
import sys

TOP = "/sys/fs/cgroup"


def run(*command):
    subprocess.run(command, check=True)


def mounted():
    """The hierarchies mounted below TOP: name and type."""
    with open("/proc/self/mounts") as file:
        fields = [line.split() for line in file]
    return [(os.path.basename(path), kind) for _, path, kind, *_ in fields
            if os.path.dirname(path) == TOP and kind in ("cgroup", "cgroup2")]


def writable():
    """Can groups be made here at all? In a sandbox the file system may be read-only, for root too."""
    places = [os.path.join(TOP, name) for name, _ in mounted()] or [TOP]
    return all(os.access(place, os.W_OK) for place in places)


def show_version_1():
    found = mounted()
    if ("unified", "cgroup2") not in found:
        return
    run("mount", "--rbind", TOP, "/mnt")
    run("mount", "-t", "tmpfs", "-o", "mode=755", "cgroup", TOP)
    for name in (name for name, kind in found if kind == "cgroup"):
        os.mkdir(os.path.join(TOP, name))
        run("mount", "--bind", os.path.join("/mnt", name), os.path.join(TOP, name))
    run("umount", "-l", "/mnt")


def hide_crun():
    """Its state, and with it the filters that it keeps (crun 1.28), is ours alone."""
    os.makedirs("/run/crun", exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", "mode=700", "crun", "/run/crun")


def own_mounts():
    """Start this program anew where mounts are ours alone. Needs root."""
    if os.environ.get("WINNOW_MOUNTS") != "own":
        os.environ["WINNOW_MOUNTS"] = "own"
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable] + sys.argv)
    show_version_1()
    hide_crun()
