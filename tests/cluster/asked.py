"""What is asked of the cluster in words of kubectl, and held against what it has to say."""

import time

from cluster import until
from page import plain
from tally import verdict

SECCOMP = "var/lib/kubelet/seccomp"
PROFILES = "deploy/base/profiles"


def told(said, words, title):
    """These words are in what the cluster said."""
    verdict(words in plain(str(said)), f"{title}: {words}", said)


def came(true, title, *more):
    """In the end; how long it took is printed, and judges nothing."""
    seconds = until(true)
    late = [one() if callable(one) else one for one in more] if seconds is None else []
    verdict(seconds is not None, title + (f", {seconds:.1f} s" if seconds is not None else ""), *late)


def pod(name, command=("httpd", "-f", "-p", "8080", "-h", "/etc"), profile="web.json", runtime=None):
    """A Pod under a Localhost profile, or under whatever its class has."""
    kind = f"      type: Localhost\n      localhostProfile: {profile}\n" if profile else "      type: RuntimeDefault\n"
    return (f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n" +
            (f"  runtimeClassName: {runtime}\n" if runtime else "") +
            "  terminationGracePeriodSeconds: 0\n  securityContext:\n    seccompProfile:\n" + kind +
            "  containers:\n    - name: main\n      image: docker.io/library/busybox:1.36\n      command: [" +
            ", ".join(f'"{word}"' for word in command) + "]\n")


def make(node, text):
    done = node.kubectl("apply", "-f", "-", given=text)
    if done.status:
        verdict(False, "a manifest is taken", done)


def remove(node, *pods):
    node.kubectl("delete", "pod", "--now", *pods, quiet=True)


def state(node, name):
    """The STATUS of `kubectl get pod`."""
    words = node.kubectl("get", "pod", name, "--no-headers", quiet=True).out.split()
    return words[2] if len(words) > 2 else "none"


def running(node, name):
    return lambda: state(node, name) == "Running"


def daemonset_pod(node):
    """Its name, READY and STATUS."""
    lines = node.kubectl("get", "pods", "-n", "winnow", "--no-headers", quiet=True).out.splitlines()
    return lines[0].split()[:3] if len(lines) == 1 else ("", "", "")


def ready(node, wanted="1/1"):
    return lambda: daemonset_pod(node)[1:] == [wanted, "Running"]


def log(node, container, quiet=False):
    return node.kubectl("logs", "-n", "winnow", "daemonset/winnow", "-c", container, quiet=quiet)


def installed(node, name="web.json"):
    return node.read(SECCOMP, name)


def events(node, name, *namespace, quiet=True):
    """What `kubectl describe` ends with."""
    return node.kubectl("describe", "pod", *namespace, name, quiet=quiet).out.partition("Events:")[2]


def reason(node, name, title, status, words):
    """A pod that does not start: what get and describe say."""
    came(lambda: state(node, name) == status, f"{title}: get says {status}", lambda: node.kubectl("get", "pod", name))
    node.kubectl("get", "pod", name)
    came(lambda: words in plain(events(node, name)), f"{title}: describe says: {words}")
    events(node, name, quiet=False)


def apply(node, folder, *more):
    done = node.kubectl("apply", "--server-side", "-k", folder, *more)
    verdict(done.status == 0, f"apply -k {folder}", done)
    return done


def rollout_status(node, *more):
    return node.kubectl("rollout", "status", "-n", "winnow", "daemonset/winnow", *more)


def poke(node):
    """So that the kubelet looks at the Pod, and with it at the ConfigMap, at once."""
    node.kubectl("annotate", "pods", "-n", "winnow", "--all", "--overwrite", f"winnow/poke={time.time():.0f}",
                 title='annotate pods -n winnow --all --overwrite winnow/poke="$(date +%s)"')


def mkdir(node, name):
    """What web.json refuses; the status is the program's."""
    return node.kubectl("exec", name, "--", "mkdir", "-p", "/dev/shm/x", quiet=True)


def winnow(node, *words):
    """In the DaemonSet's pod, which sees the node's folders."""
    return node.kubectl("exec", "-n", "winnow", "daemonset/winnow", "--", "/winnow", words[0], "--root=/host", *words[1:])


def on_node(node, *command):
    """What root types there."""
    done = node.on_node(*command)
    node.note("node1# " + " ".join(command), done)
    return done


def pid(node, name):
    """Of its one container's process on the node."""
    told_id = node.kubectl("get", "pod", name, "-o", "jsonpath={.status.containerStatuses[0].containerID}", quiet=True).out
    tasks = node.on_node("ctr", "-n", "k8s.io", "tasks", "list").out.split()
    at = tasks.index(told_id.rpartition("/")[2])
    return tasks[at + 1]
