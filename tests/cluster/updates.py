"""What becomes of a change: of a ConfigMap, of files on the node, of the daemons below."""

import json
import os

from asked import (PROFILES, SECCOMP, apply, came, daemonset_pod, events, installed, log, make, mkdir, pod, poke, ready, remove,
                   rollout_status, running, told, winnow)
from tally import verdict

WEB = os.path.join(PROFILES, "web.json")
KUSTOMIZATION = "deploy/base/kustomization.yaml"


def edit(node, path, old, new):
    """As with sed -i; back by calling it the other way round."""
    text = node.read(path)
    if old not in text:
        raise AssertionError(f"{path} has no {old}")
    node.write(text.replace(old, new), path)


def changed(node, before):
    return lambda: installed(node) not in (before, None)


def check_update(node):
    """Timed from what brings it on; new pods have it, pods that run keep what they have."""
    before = installed(node)
    edit(node, WEB, '"shutdown"', '"shutdown", "mkdir"')
    apply(node, "deploy/base")
    told(rollout_status(node), 'daemon set "winnow" successfully rolled out',
         "rollout status, at once")
    verdict(installed(node) == before, "while nothing has come to the node yet")
    poke(node)
    came(changed(node, before), "an update with an annotation to hasten it is in force")
    came(lambda: "web: installed: generation 2" in log(node, "watch", quiet=True).out, "and the log says so")
    log(node, "watch")
    make(node, pod("new"))
    came(running(node, "new"), "a new pod runs", lambda: events(node, "new"))
    done = mkdir(node, "new")
    verdict(done.status == 0, "it has the new profile", done)
    done = mkdir(node, "web-localhost")
    verdict("Operation not permitted" in done.said, "the pod from before keeps what it had", done)
    remove(node, "new")
    before = installed(node)
    edit(node, WEB, '"shutdown", "mkdir"', '"shutdown"')
    apply(node, "deploy/base")
    came(changed(node, before), "an update that waits for the kubelet is in force")
    came(ready(node), "the DaemonSet is ready")


def check_bad_update(node):
    """What is broken stays outside, and is told where one looks."""
    before = installed(node)
    edit(node, WEB, '"SCMP_ACT_ERRNO"', '"SCMP_ACT_ERNO"')
    apply(node, "deploy/base")
    poke(node)
    came(ready(node, "0/1"), "a broken update: the DaemonSet is not ready", lambda: log(node, "watch"))
    name = daemonset_pod(node)[0]
    node.kubectl("get", "pods", "-n", "winnow")
    words = "/profiles/web.json:2:20: error: unknown action 'SCMP_ACT_ERNO' [E016 unknown-action]"
    came(lambda: words in events(node, name, "-n", "winnow"), f"describe says: {words}")
    events(node, name, "-n", "winnow", quiet=False)
    told(log(node, "watch"), "winnow: web: not installed; generation 3 stays in force", "logs")
    told(rollout_status(node, "--timeout=5s"),
         'Waiting for daemon set "winnow" rollout to finish: 0 of 1 updated pods are available...', "rollout status, then")
    verdict(installed(node) == before, "what was in force is")
    make(node, pod("meanwhile"))
    came(running(node, "meanwhile"), "and pods start under it", lambda: events(node, "meanwhile"))
    remove(node, "meanwhile")
    remove(node, "-n", "winnow", name)
    came(lambda: daemonset_pod(node)[0] not in ("", name) and ready(node, "0/1")(),
         "the DaemonSet's pod made anew runs, not ready", lambda: log(node, "install"))
    told(winnow(node, "status", "--check"), words, "winnow status")
    edit(node, WEB, '"SCMP_ACT_ERNO"', '"SCMP_ACT_ERRNO"')
    apply(node, "deploy/base")
    poke(node)
    came(ready(node), "put right: ready", lambda: log(node, "watch"))


def check_rename(node):
    """The old name stays until gc: pods that have it go on, and can be made anew."""
    os.rename(node.path(WEB), node.path(PROFILES, "site.json"))
    edit(node, KUSTOMIZATION, "web.json", "site.json")
    apply(node, "deploy/base")
    poke(node)
    came(lambda: installed(node, "site.json"), "a renamed profile is there by its new name", lambda: log(node, "watch"))
    told(log(node, "watch"), "winnow: web: not in /profiles any more: what is installed stays in force; winnow gc removes it", "logs")
    verdict(installed(node) is not None, "and by its old one")
    told(winnow(node, "status"), "web orphan generation", "winnow status")
    came(ready(node), "the DaemonSet is ready")
    make(node, pod("old-name") + "---\n" + pod("new-name", profile="site.json"))
    for name in ("old-name", "new-name"):
        came(running(node, name), f"a pod by its {name.replace('-', ' ')} runs", lambda name=name: events(node, name))
    remove(node, "old-name", "new-name")
    told(winnow(node, "gc"), "winnow: web: orphan removed", "winnow gc")
    verdict(installed(node) is None and installed(node, "site.json") is not None, "now the old one is gone")
    came(ready(node), "the DaemonSet is ready")
    os.rename(node.path(PROFILES, "site.json"), node.path(WEB))
    edit(node, KUSTOMIZATION, "site.json", "web.json")
    apply(node, "deploy/base")
    poke(node)
    came(lambda: installed(node), "the name before that: installed anew")
    winnow(node, "gc")
    came(ready(node), "the DaemonSet is ready")


def check_removal(node):
    """An emptied ConfigMap takes nothing off the node, and the DaemonSet lives with it."""
    node.kubectl("patch", "configmap", "-n", "winnow", "winnow-profiles", "--type=json",
                 "-p=" + json.dumps([{"op": "remove", "path": "/data"}]))
    poke(node)
    words = "winnow: web: not in /profiles any more: what is installed stays in force; winnow gc removes it"
    came(lambda: log(node, "watch", quiet=True).out.count(words) > 1, f"an emptied ConfigMap is told: {words}")
    log(node, "watch")
    name = daemonset_pod(node)[0]
    remove(node, "-n", "winnow", name)
    came(lambda: daemonset_pod(node)[0] not in ("", name) and ready(node)(), "the DaemonSet's pod made anew is ready",
         lambda: log(node, "install"), lambda: log(node, "watch"))
    verdict(installed(node) is not None, "and the profile is in force")
    apply(node, "deploy/base", "--force-conflicts")
    poke(node)
    came(ready(node), "filled again: ready")


def check_drift(node):
    """What is changed by hand comes back, though the kubelet be down."""
    wanted = installed(node)
    for kubelet in ("up", "down"):
        if kubelet == "down":
            node.stop("kubelet")
        node.write('{"defaultAction": "SCMP_ACT_ALLOW"}\n', SECCOMP, "web.json")
        came(lambda: installed(node) == wanted, f"kubelet {kubelet}: a profile changed by hand is put right")
        os.unlink(node.path(SECCOMP, "web.json"))
        came(lambda: installed(node) == wanted, f"kubelet {kubelet}: a profile deleted by hand comes back")
    node.start("kubelet")
    came(lambda: log(node, "watch", quiet=True).status == 0 and ready(node)(), "the DaemonSet is ready")
    told(log(node, "watch"), "winnow: web: repaired generation", "logs")


def check_restart(node):
    """Of containerd and kubelet: pods run through it, and new ones are made."""
    before = node.kubectl("get", "pods", "-A", "-o", "jsonpath={.items[*].status.containerStatuses[*].containerID}").out
    for daemon in ("kubelet", "containerd"):
        node.stop(daemon)
    for daemon in ("containerd", "kubelet"):
        node.start(daemon)
    make(node, pod("after"))
    came(running(node, "after"), "containerd and kubelet started anew: a new pod runs", lambda: events(node, "after"))
    remove(node, "after")
    came(ready(node), "the DaemonSet is ready")
    after = node.kubectl("get", "pods", "-A", "-o", "jsonpath={.items[*].status.containerStatuses[*].containerID}").out
    verdict(before == after and len(before.split()) >= 2, "and the pods from before run on", before, after)
