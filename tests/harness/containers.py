"""A root file system, specs and options with which runc, crun and podman start a container here."""

import json
import os
import shutil
import subprocess

ROOT_FOLDERS = ("bin", "proc", "dev", "sys", "tmp", "etc")

# a machine without cgroups of its own to give, and without limits to raise
PODMAN_RUN = ("run", "--rm", "--runtime", "crun", "--cgroups=disabled", "--network=none", "--ulimit",
              "nofile=1024:1024", "--ulimit", "nproc=1024:1024")


def make_root(top, busybox):
    """A root below the folder, with busybox under that name in /bin."""
    root = os.path.join(top, "rootfs")
    for name in ROOT_FOLDERS:
        os.makedirs(os.path.join(root, name))
    shutil.copy(shutil.which("busybox"), os.path.join(root, "bin", busybox))
    return root


def spec(runtime, folder, root, program):
    """The runtime's own spec for this root and program, without a filter; config.json is the caller's to write."""
    subprocess.run([runtime, "spec"], cwd=folder, check=True, stdin=subprocess.DEVNULL)
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    config["root"] = {"path": root, "readonly": True}
    config["process"].update(args=[program], terminal=False)
    config["linux"].pop("seccomp", None)
    return config


def oci_run(runtime, bundle, name):
    """The command that runs a bundle."""
    return [runtime, *(["--cgroup-manager=disabled"] if runtime == "crun" else []), "run", "-b", bundle, name]


def podman(top):
    """podman with a storage of its own below the folder."""
    storage = os.path.join(top, "podman")
    return ["podman", "--storage-driver=vfs", f"--root={storage}/root", f"--runroot={storage}/run",
            f"--tmpdir={storage}/tmp"]
