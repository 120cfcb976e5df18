"""deploy/ as a cluster would run it on one node, and what an update does to pods that run."""

import json
import os
import re
import shutil
import signal
import socket
import time

import yaml

import images
from node import NOTHING, output, pod_of
from tally import plain, verdict

DEPLOY = images.DEPLOY


def manifest(*path):
    with open(os.path.join(DEPLOY, *path)) as file:
        return yaml.safe_load(file)


def build_image(node):
    """deploy/Containerfile, by buildah."""
    node.containerd.load(images.of_winnow(node.top, node.build))


def until(true, patience=60):
    """Whether it came true in so many seconds."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def daemonset():
    """The pod's spec with what base specs need, as kubectl makes it."""
    made = yaml.safe_load_all(output("kubectl", "kustomize", os.path.join(DEPLOY, "base-specs")))
    return next(one for one in made if one["kind"] == "DaemonSet")["spec"]["template"]["spec"]


def check_daemonset(node):
    """On a node that has nothing: the init container installs, with the rights the manifest gives it."""
    pod = node.watcher = node.kubelet.pod(daemonset(), "runc")
    failed = pod.start()
    verdict(not failed, f"DaemonSet, install: {' / '.join(pod.lines('install'))}", failed)
    done = node.status()
    verdict(done.returncode == 0, f"winnow status: exit {done.returncode}", done)
    verdict(until(lambda: ready(node)), "DaemonSet, watch: ready")


def ready(node):
    """The readiness probe, as the kubelet makes it."""
    watch = node.watcher.spec["containers"][0]
    return node.watcher.execute("watch", *watch["readinessProbe"]["exec"]["command"]).status == 0


def check_config(node):
    """What winnow prints for containerd and the cluster is what deploy/ has."""
    source = os.path.join(DEPLOY, "base", "profiles")
    printed = output(node.winnow, "install", "--source", source, "--print-config=runtimeclass")
    made = manifest("base-specs", "runtimeclass.yaml")
    verdict(list(yaml.safe_load_all(printed)) == [made], "runtimeclass.yaml is what --print-config prints", printed)
    printed = output(node.winnow, "install", "--source", source, "--print-config=containerd")
    with open(os.path.join(DEPLOY, "README.md")) as file:
        text = "".join(line.removeprefix("    ") for line in file)
    verdict(printed in text, "and so is the handler in deploy/README.md", printed)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def meaning(node, name, *options):
    """The first digits of what a profile means for this machine, as status has them."""
    source, blob = os.path.join(node.configmap.folder, name), os.path.join(node.top, "meaning.bpf")
    output(node.winnow, "compile", "-q", *options, "-o", blob, source)
    return re.search(r"^meaning +(\w{12})", output(node.winnow, "info", blob), re.M)[1]


def check_pid(node, title, pid, handler):
    """A process's filter by what it does, whoever compiled it. runc adds rules for newer syscalls to its own, which is known."""
    done = node.status("--pid", str(pid))
    wanted = "as web, generation 1, in force" + (", as runc makes it of the JSON" if handler == "runc" else "")
    own = meaning(node, "web.json", "--enosys=runc") if handler == "runc" else ""
    verdict(wanted in done.stdout and own in done.stdout and done.returncode == 0,
            f"{title}: status --pid: {' '.join(done.stdout.split())}", done, wanted)


def check_examples(node):
    """The pods of deploy/examples serve, and are refused what their profile does not have."""
    made = manifest("base-specs", "runtimeclass.yaml")
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
            check_pid(node, title, pid, handler)
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
    ways = (("runc", node.localhost("mkdir.json")), ("crun", node.localhost("mkdir.json")), ("crun-mkdir", NOTHING))
    old = {}
    for handler, profile in ways:
        old[handler] = node.kubelet.pod(pod_of(WAITING, profile), handler)
        old[handler].start()
    before = node.installed("mkdir.json")
    node.update("mkdir.json", AFTER)
    verdict(until(lambda: node.installed("mkdir.json") != before) and until(lambda: ready(node)),
            f"a changed ConfigMap: {node.watcher.lines('watch')[-1]}")
    for handler, profile in ways:
        done = node.run(handler, profile, "mkdir", "/tmp/x")
        fresh = BEFORE_TEXT if handler == "crun-mkdir" else AFTER_TEXT
        verdict(fresh in " ".join(done.lines), f"{handler}, a new pod: {' '.join(done.lines)}", done)
        old[handler].execute("main", "touch", "/tmp/go")
        done = old[handler].finish("main")
        verdict(BEFORE_TEXT in " ".join(done.lines), f"{handler}, the pod from before: {' '.join(done.lines)}", done)
        old[handler].remove()
    node.restart()
    done = node.run("crun-mkdir", NOTHING, "mkdir", "/tmp/x")
    verdict(AFTER_TEXT in " ".join(done.lines),
            f"crun-mkdir, a new pod after containerd's restart: {' '.join(done.lines)}", done)


def check_drift(node):
    """What is changed or deleted by hand comes back."""
    wanted = node.installed("mkdir.json")
    node.place("mkdir.json", wanted.replace("mkdir", "rmdir"))
    verdict(until(lambda: node.installed("mkdir.json") == wanted), "a profile changed by hand is put right")
    os.unlink(os.path.join(node.seccomp, "mkdir.json"))
    verdict(until(lambda: node.installed("mkdir.json") == wanted), "a profile deleted by hand comes back")
    verdict(until(lambda: ready(node)), f"DaemonSet, watch: ready: {node.watcher.lines('watch')[-1]}")


def check_reboot(node):
    """The DaemonSet's pod, started while a profile is broken: its watcher starts."""
    pod = node.kubelet.pod(daemonset(), "runc")
    failed = pod.start()
    said = plain(" / ".join(pod.lines("install")), node.top)
    verdict(not failed and "mkdir: not installed" in said, f"DaemonSet, started anew: {said}", failed)
    if not failed:
        pod.stop("watch", 20)
    pod.remove()


def check_bad_update(node):
    """A profile that cannot be had leaves the old one in force, and is named."""
    wanted = node.installed("mkdir.json")
    for title, text, word in (("not JSON", '{"defaultAction":', "the text ends inside"),
                              ("misspelt", AFTER.replace("ERRNO", "ERNO"), "unknown action")):
        node.update("mkdir.json", text)
        until(lambda: word in node.status("--check").stdout) # the one before leaves it unready, too
        verdict(until(lambda: not ready(node)), f"{title}: the DaemonSet is not ready")
        state = node.status("--check")
        verdict(state.returncode == 1 and "broken" in state.stdout and word in state.stdout,
                f"winnow status --check: {plain(' '.join(state.stdout.split()), node.top)}", state)
        done = node.run("runc", node.localhost("mkdir.json"), "mkdir", "/tmp/x")
        verdict(node.installed("mkdir.json") == wanted and AFTER_TEXT in " ".join(done.lines),
                f"runc, a pod all the same: {' '.join(done.lines)}", done)
    check_reboot(node)
    node.update("mkdir.json", AFTER)
    verdict(until(lambda: ready(node)), "put right: the DaemonSet is ready")


def check_stop(node):
    """The watcher ends when it is told to. Its memory is reported, and judges nothing."""
    with open(f"/proc/{node.watcher.pid('watch')}/status") as file:
        size = next(line.split(":")[1].strip() for line in file if line.startswith("VmRSS"))
    done = node.watcher.stop("watch", 20)
    verdict(done.status == 0, f"DaemonSet, watch: {size} resident, exit {done.status} on SIGTERM", done)
    node.watcher.remove()


def check_killed(node):
    """`winnow install` killed at each change of the file system: pods start under the old profile or the new."""
    kept, seen = os.path.join(node.top, "kept"), {}
    node.update("mkdir.json", AFTER)
    node.install()
    shutil.copytree(node.root, kept)
    node.update("mkdir.json", BEFORE)
    for at in range(1, 200):
        shutil.rmtree(node.root)
        shutil.copytree(kept, node.root)
        sabotage = {"LD_PRELOAD": os.path.join(node.build, "tests", "tools", "saboteur.so"), "SABOTEUR_DIE": str(at)}
        if node.install(env={**os.environ, **sabotage}).returncode != -signal.SIGKILL:
            break
        text = node.installed("mkdir.json")
        if text not in seen:
            seen[text] = " ".join(node.run("runc", node.localhost("mkdir.json"), "mkdir", "/tmp/x").lines)
    told = list(seen.values())
    verdict(at > 5 and len(told) == 2 and AFTER_TEXT in told[0] and BEFORE_TEXT in told[1],
            f"install killed at each of {at - 1} changes: pods start under the old profile or the new one", at, told)
    done = node.install()
    verdict(done.returncode == 0 and node.status().returncode == 0, "and it ends well when it is let", done)
