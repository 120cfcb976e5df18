"""deploy/ as a cluster would run it on one node, and what an update does to pods that run."""

import json
import os
import shutil
import socket

import yaml

from node import NOTHING, ROOT, output, pod_of
from tally import plain, verdict

WINNOW = "localhost/winnow:latest"
DEPLOY = os.path.join(ROOT, "deploy")


def manifest(*path):
    with open(os.path.join(DEPLOY, *path)) as file:
        return yaml.safe_load(file)


def build_image(node):
    """deploy/Containerfile, by buildah."""
    context, storage = os.path.join(node.top, "context"), os.path.join(node.top, "buildah")
    os.makedirs(os.path.join(context, "build"))
    shutil.copy(os.path.join(node.build, "winnow-static"), os.path.join(context, "build"))
    buildah = ["buildah", f"--root={storage}/root", f"--runroot={storage}/run", "--storage-driver=vfs"]
    output(*buildah, "build", "--isolation=chroot", "-t", WINNOW, "-f", os.path.join(DEPLOY, "Containerfile"), context)
    path = os.path.join(node.top, "winnow.tar")
    output(*buildah, "push", "-q", WINNOW, f"docker-archive:{path}:{WINNOW}")
    node.containerd.load(path)


def check_daemonset(node):
    """On a node that has nothing: its init container installs, with the rights the manifest gives it."""
    spec = manifest("base", "daemonset.yaml")["spec"]["template"]["spec"]
    pod = node.kubelet.pod(spec, "runc")
    failed = pod.start()
    told = [plain(line, node.top) for line in pod.lines("install")]
    verdict(not failed, f"DaemonSet, install: {' / '.join(told)}", failed)
    done = node.status()
    verdict(done.returncode == 0, f"winnow status: exit {done.returncode}", done)
    return pod


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def check_examples(node):
    """The pods of deploy/examples serve, and are refused what their profile does not have."""
    made = manifest("base", "runtimeclass.yaml")
    node.kubelet.classes[made["metadata"]["name"]] = made["handler"]
    for name in ("localhost.yaml", "runtimeclass.yaml"):
        spec, port = manifest("examples", name)["spec"], free_port()
        web = spec["containers"][0]
        # no network plugin here, so the port is one of the host's
        web["command"] = [port if word == "8080" else word for word in web["command"]]
        for handler in [None] if "runtimeClassName" in spec else ["runc", "crun"]:
            pod = node.kubelet.pod(spec, handler)
            pod.start()
            title = f"examples/{name}" + (f", {handler}" if handler else "")
            done = pod.execute("web", "wget", "-qO-", f"http://127.0.0.1:{port}/group")
            verdict(done.lines == ("root:x:0:",), f"{title}: serves", done)
            pid = pod.pid("web")
            with open(f"/proc/{pid}/status") as file:
                fields = dict(line.split(":", 1) for line in file.read().splitlines())
            verdict(fields["Seccomp"].strip() == "2", f"{title}: has {fields['Seccomp_filters'].strip()} filter", fields)
            for command in (["mkdir", "/dev/shm/x"], ["unshare", "-U", "true"]):
                done = pod.execute("web", *command)
                verdict(done.status == 1 and "Operation not permitted" in " ".join(done.lines),
                        f"{title}: {' '.join(done.lines)}", done)
            pod.remove()


def denies_mkdir(errno):
    return json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": errno}]})


BEFORE, BEFORE_TEXT = denies_mkdir(122), "Disk quota exceeded"
AFTER, AFTER_TEXT = denies_mkdir(28), "No space left on device"
WAITING = ("sh", "-c", "while [ ! -e /tmp/go ]; do busybox sleep 0.1; done; mkdir /tmp/x")


def check_update(node):
    """New pods get the new profile, pods that run keep theirs; a base spec waits for containerd's restart."""
    ways = (("runc", node.localhost("mkdir.json")), ("crun", node.localhost("mkdir.json")), ("winnow-mkdir", NOTHING))
    old = {}
    for handler, profile in ways:
        old[handler] = node.kubelet.pod(pod_of(WAITING, profile), handler)
        old[handler].start()
    node.update("mkdir.json", AFTER)
    done = node.install()
    verdict(done.returncode == 0, "a changed ConfigMap is installed", done)
    for handler, profile in ways:
        done = node.run(handler, profile, "mkdir", "/tmp/x")
        fresh = BEFORE_TEXT if handler == "winnow-mkdir" else AFTER_TEXT
        verdict(fresh in " ".join(done.lines), f"{handler}, a new pod: {' '.join(done.lines)}", done)
        old[handler].execute("main", "touch", "/tmp/go")
        done = old[handler].finish("main")
        verdict(BEFORE_TEXT in " ".join(done.lines), f"{handler}, the pod from before: {' '.join(done.lines)}", done)
        old[handler].remove()
    node.restart()
    done = node.run("winnow-mkdir", NOTHING, "mkdir", "/tmp/x")
    verdict(AFTER_TEXT in " ".join(done.lines),
            f"winnow-mkdir, a new pod after containerd's restart: {' '.join(done.lines)}", done)


def check_bad_update(node):
    """A profile that cannot be had leaves the old one in force, and is named."""
    for title, text, word in (("not JSON", '{"defaultAction":', "the text ends inside"),
                              ("misspelt", AFTER.replace("ERRNO", "ERNO"), "unknown action")):
        node.update("mkdir.json", text)
        done = node.install()
        verdict(done.returncode == 3 and word in done.stderr, f"winnow install, {title}: exit {done.returncode}", done)
        state = node.status("--check")
        verdict(state.returncode == 1 and "broken" in state.stdout, f"winnow status: {state.stdout.strip()}", state)
        done = node.run("runc", node.localhost("mkdir.json"), "mkdir", "/tmp/x")
        verdict(AFTER_TEXT in " ".join(done.lines), f"runc, a pod all the same: {' '.join(done.lines)}", done)
    node.update("mkdir.json", AFTER)
    verdict(node.install().returncode == 0, "put right, it is installed")
