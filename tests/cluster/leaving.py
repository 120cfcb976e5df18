"""Overlays in the base's place: base specs with a class of pods, a profile of one's own, many; and off the node again."""

import json
import os

from asked import (PROFILES, SECCOMP, apply, came, daemonset_pod, events, installed, log, make, mkdir, on_node, pid, pod, poke, ready,
                   reason, remove, rollout_status, running, told, winnow)
from cluster import until
from tally import verdict

BASE_SPEC = "etc/containerd/seccomp/web.json"
DOCKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "profiles", "docker-default-2018.json")


def restart_containerd(node):
    node.stop("containerd")
    node.start("containerd")
    until(node.has_containerd)


def check_runtimeclass(node):
    """Install, configure, restart; each pod is under what the node compiled."""
    apply(node, "deploy/base-specs")
    came(lambda: node.read(BASE_SPEC), "base-specs: the base spec is there", lambda: log(node, "install"))
    came(ready(node), "the DaemonSet is ready", lambda: log(node, "watch"))
    verdict(node.kubectl("apply", "-f", "deploy/examples/runtimeclass.yaml").status == 0, "examples/runtimeclass.yaml")
    words = 'no runtime for "crun-web" is configured'
    came(lambda: words in events(node, "web-runtimeclass"), f"before containerd knows the handler: {words}")
    events(node, "web-runtimeclass", quiet=False)
    node.kubectl("get", "pod", "web-runtimeclass")
    printed = on_node(node, "winnow", "install", "--source", "deploy/base/profiles", "--print-config=containerd").out
    node.write(node.read("etc/containerd/config.toml") + printed, "etc/containerd/config.toml")
    restart_containerd(node)
    came(running(node, "web-runtimeclass"), "then the pod runs by itself", lambda: events(node, "web-runtimeclass"))
    verdict("Operation not permitted" in mkdir(node, "web-runtimeclass").said, "and its filter holds")
    told(on_node(node, "winnow", "status", "--pid", pid(node, "web-runtimeclass")), "as web, generation 2, in force", "winnow status --pid")
    remove(node, "web-runtimeclass")
    # the other way round, the node would have no pods
    apply(node, "deploy/base")
    rollout_status(node)
    came(ready(node), "back to the base: ready", lambda: log(node, "install"))
    verdict(node.read(BASE_SPEC) is not None, "the base spec stays, which containerd's configuration names")
    restart_containerd(node)
    make(node, pod("after", profile=None, runtime="crun-web"))
    came(running(node, "after"), "and containerd starts with it", lambda: events(node, "after"))
    remove(node, "after")


def check_own_profile(node):
    """An overlay with a profile beside the base's."""
    apply(node, "deploy/examples/own-profile")
    poke(node)
    came(lambda: installed(node, "no-io-uring.json"), "examples/own-profile: it is installed", lambda: log(node, "watch"))
    verdict(installed(node) is not None, "beside the base's")
    make(node, pod("own", profile="no-io-uring.json"))
    came(running(node, "own"), "a pod under it runs", lambda: events(node, "own"))
    remove(node, "own")
    came(ready(node), "the DaemonSet is ready")


def check_forty(node):
    """More than an annotation holds: 40 profiles of the size of Docker's."""
    folder = "deploy/forty"
    os.mkdir(node.path(folder))
    with open(DOCKER) as file:
        text = file.read()
    names = [f"p{i:02}.json" for i in range(40)]
    for i, name in enumerate(names): # each has a meaning of its own
        node.write(text.replace('"SCMP_ACT_ERRNO"', f'"SCMP_ACT_ERRNO",\n  "defaultErrnoRet": {i + 1}', 1), folder, name)
    node.write("bases: [../base]\nconfigMapGenerator:\n  - name: winnow-profiles\n    namespace: winnow\n    behavior: merge\n"
               "    files: [" + ", ".join(names) + "]\ngeneratorOptions:\n  disableNameSuffixHash: true\n", folder, "kustomization.yaml")
    done = node.kubectl("apply", "-k", folder)
    told(done, "metadata.annotations: Too long: must have at most 262144 bytes", "40 profiles without --server-side")
    apply(node, folder)
    poke(node)
    came(lambda: all(installed(node, name) for name in names), "40 profiles are installed", lambda: log(node, "watch"))
    came(ready(node), "the DaemonSet is ready", lambda: winnow(node, "status", "--check"))
    size = node.on_node("sh", "-c", "cat /sys/fs/cgroup/memory/kubepods/burstable/pod*/memory.max_usage_in_bytes").out.split()
    print(f"  most memory of a pod of the class, of 64 MiB: {max(map(int, size)) / 2**20:.1f} MiB", flush=True)
    apply(node, "deploy/base")
    poke(node)
    came(lambda: log(node, "watch", quiet=True).out.count("not in /profiles any more") >= 40, "and the base again: told of each")
    came(ready(node), "the DaemonSet is ready")


def check_uninstall(node):
    """All that winnow wrote goes, base specs excepted, and pods that name a profile do not start."""
    # check_forty applied without --server-side once, as people do: what that owns stays if the overlay is applied over it
    done = node.kubectl("replace", "-k", "deploy/uninstall")
    verdict(done.status == 0, "replace -k deploy/uninstall", done)
    told(rollout_status(node), 'daemon set "winnow" successfully rolled out', "rollout status")
    told(log(node, "remove"), "winnow: web: profile removed", "logs -c remove")
    left = [name for folder in (SECCOMP, "var/lib/winnow") for name in os.listdir(node.path(folder))]
    verdict(not left, "nothing of it is on the node", left)
    done = node.kubectl("delete", "-k", "deploy/base")
    verdict('namespace "winnow" deleted' in done.out, "delete -k deploy/base", done)
    came(lambda: daemonset_pod(node)[0] == "", "the DaemonSet's pod is gone")
    verdict("Operation not permitted" in mkdir(node, "web-localhost").said, "a pod that runs keeps its filter")
    remove(node, "web-localhost")
    make(node, pod("late"))
    reason(node, "late", "after it is uninstalled", "CreateContainerError", "web.json: no such file or directory")
    remove(node, "late")


def check_migration(node):
    """From a DaemonSet that copies: its files are somebody else's until they are taken over."""
    copy = node.read(PROFILES, "web.json")
    node.write(copy, SECCOMP, "web.json")
    apply(node, "deploy/base")
    came(ready(node, "0/1"), "over copies: the DaemonSet runs and is not ready", lambda: log(node, "install"))
    told(log(node, "install"), "var/lib/kubelet/seccomp/web.json: not written by winnow: left alone; --force takes it", "logs -c install")
    verdict(installed(node) == copy, "and the copy is as it was")
    words = [{"op": "add", "path": "/spec/template/spec/initContainers/0/args/-", "value": "--force"}]
    done = node.kubectl("patch", "-n", "winnow", "daemonset", "winnow", "--type=json", f"-p={json.dumps(words)}",
                        title=f"patch -n winnow daemonset winnow --type=json -p='{json.dumps(words)}'")
    verdict(done.status == 0, "taken over: the patch", done)
    rollout_status(node)
    came(ready(node), "taken over: ready", lambda: log(node, "install"))
    verdict(installed(node) != copy, "and what is in force is winnow's")
    done = node.kubectl("apply", "--server-side", "-k", "deploy/base")
    told(done, 'conflict with "kubectl-patch"', "the patch is in the way of the next apply")
    apply(node, "deploy/base", "--force-conflicts")
    rollout_status(node)
    came(lambda: ready(node)() and "--force" not in node.kubectl(
        "get", "daemonset", "-n", "winnow", "winnow", "-o", "jsonpath={..args}", quiet=True).out, "and without the patch")
