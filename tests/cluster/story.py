"""From nothing to pods under profiles, and what is seen when it does not work."""

import os

from asked import (SECCOMP, came, log, make, on_node, pid, pod, ready, reason, remove, rollout_status, running, told,
                   winnow)
from tally import verdict


def check_before(node):
    """A pod whose profile nobody has installed yet."""
    done = node.kubectl("apply", "-f", "deploy/examples/localhost.yaml")
    verdict(done.status == 0, "examples/localhost.yaml, before anything is installed", done)
    reason(node, "web-localhost", "a profile that is missing", "CreateContainerError",
           'Error: failed to create containerd container: cannot load seccomp profile '
           '"/var/lib/kubelet/seccomp/web.json": open /var/lib/kubelet/seccomp/web.json: no such file or directory')


def check_base(node):
    """`kubectl apply -k deploy/base`, and the pod from before runs."""
    done = node.kubectl("apply", "--server-side", "-k", "deploy/base")
    verdict(done.status == 0 and "daemonset.apps/winnow serverside-applied" in done.out,
            f"apply -k deploy/base: {' / '.join(done.out.splitlines())}", done)
    told(rollout_status(node), 'daemon set "winnow" successfully rolled out', "rollout status")
    came(ready(node), "the DaemonSet is ready", lambda: node.kubectl("get", "pods", "-n", "winnow"),
         lambda: node.kubectl("describe", "pods", "-n", "winnow"))
    told(log(node, "install"), "winnow: web: installed: generation 1, 75 instructions, worst path 16, for x86_64", "logs -c install")
    told(log(node, "watch"), "winnow: watching /profiles", "logs -c watch")
    node.kubectl("get", "pods", "-n", "winnow")
    told(winnow(node, "status"), "web ok generation 1", "winnow status")
    came(running(node, "web-localhost"), "the pod from before runs by itself", lambda: node.kubectl("describe", "pod", "web-localhost"))


def check_serves(node):
    """What its profile has and what it has not."""
    done = node.kubectl("exec", "web-localhost", "--", "wget", "-qO-", "http://127.0.0.1:8080/group")
    verdict(done.out == "root:x:0:\n", "the pod serves", done)
    told(node.kubectl("exec", "web-localhost", "--", "mkdir", "/dev/shm/x"),
         "mkdir: can't create directory '/dev/shm/x': Operation not permitted", "mkdir")
    told(node.kubectl("exec", "web-localhost", "--", "unshare", "-U", "true"),
         "unshare: unshare(0x10000000): Operation not permitted", "unshare")
    told(on_node(node, "winnow", "status", "--pid", pid(node, "web-localhost")),
         "as web, generation 1, in force, as runc makes it of the JSON", "winnow status --pid")


BROKEN = (  # title, file, its text, STATUS, what describe says under runc
    ("a name that is misspelt", "wbe.json", None, "CreateContainerError",
     'cannot load seccomp profile "/var/lib/kubelet/seccomp/wbe.json"'),
    ("a file that is not JSON", "text.json", '{"defaultAction": "SCMP_ACT_ALLOW",\n', "CreateContainerError",
     'decoding seccomp profile failed "/var/lib/kubelet/seccomp/text.json": unexpected end of JSON input'),
    ("an action that is misspelt", "action.json", '{"defaultAction": "SCMP_ACT_ALOW"}\n', "RunContainerError",
     "string SCMP_ACT_ALOW is not a valid action for seccomp"),
)


def check_broken(node):
    """Put into the folder by hand, as copies are."""
    for title, name, text, status, words in BROKEN:
        if text:
            node.write(text, SECCOMP, name)
        named = name.removesuffix(".json")
        make(node, pod(named, profile=name))
        reason(node, named, title, status, words)
    names = [name.removesuffix(".json") for _, name, _, _, _ in BROKEN]
    came(lambda: "RunContainerError" in node.kubectl("get", "pods").out, "get says it of all at once")  # or, later, CrashLoopBackOff
    told(node.kubectl("logs", "wbe"), 'container "main" in pod "wbe" is waiting to start: CreateContainerError', "logs")
    node.kubectl("get", "events", "--field-selector=type=Warning")
    remove(node, *names)
    for _, name, text, _, _ in BROKEN:
        if text:
            os.unlink(node.path(SECCOMP, name))
