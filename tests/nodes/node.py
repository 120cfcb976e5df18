"""What a node has: a root directory with profiles in it, images, a containerd, and who asks it."""

import os
import subprocess

import configmap
import containerd
import cri
import images
import manifest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
ROOT = os.path.dirname(TESTS)
LAYOUTS = "json,bpf,base-spec"
NOTHING = {"type": "RuntimeDefault"}


def output(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def pod_of(command, profile):
    """The least a Pod's spec can be."""
    return {"securityContext": {"seccompProfile": profile},
            "containers": [{"name": "main", "image": images.BUSYBOX, "command": list(command)}]}


class Node:
    def __init__(self, build, top, modules, cgroup, profiles):
        """`profiles` maps the ConfigMap's keys to files."""
        self.build, self.top = os.path.abspath(build), top
        self.winnow = os.path.join(self.build, "winnow")
        self.root = os.path.join(top, "root")
        self.seccomp = os.path.join(self.root, "var/lib/kubelet/seccomp")
        os.makedirs(self.seccomp)
        self.profiles = {key: open(path).read() for key, path in profiles.items()}
        self.configmap = configmap.ConfigMap(os.path.join(top, "configmap"), self.profiles)
        self.images = images.of_pods(top)
        translation = manifest.Translation(modules[0], self.root, cgroup, {"winnow-profiles": self.configmap})
        self.containerd = containerd.Containerd(os.path.join(top, "containerd"), images.PAUSE)
        self.kubelet = cri.Kubelet(modules, self.containerd.socket, translation, os.path.join(top, "logs"))

    def start(self):
        self.containerd.start({"runc": ("runc", None), "crun": ("crun", None)}, self.kubelet.ready)
        for image in self.images:
            self.containerd.load(image)

    def restart(self):
        """With a handler for each base spec that is installed; pods live on."""
        handlers = {"runc": ("runc", None), "crun": ("crun", None)}
        for key in self.profiles:
            path = os.path.join(self.root, "etc/containerd/seccomp", key)
            handlers["crun-" + key.removesuffix(".json")] = ("crun", path)
        self.containerd.stop()
        self.containerd.start(handlers, self.kubelet.ready)

    def stop(self):
        try:
            if self.containerd.running():
                self.kubelet.clear()
        finally:
            self.containerd.stop()

    # --- profiles ---

    def update(self, key, text):
        """What `kubectl apply` of another profile comes to on this node."""
        self.configmap.update({**self.profiles, key: text})

    def install(self, *options, **more):
        return subprocess.run([self.winnow, "install", "--source", self.configmap.folder, "--root", self.root,
                               "--layout", LAYOUTS, *options], capture_output=True, text=True, check=False, **more)

    def installed(self, name):
        """What the kubelet would find."""
        try:
            with open(os.path.join(self.seccomp, name)) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def status(self, *options):
        return subprocess.run([self.winnow, "status", "--root", self.root, *options], capture_output=True, text=True,
                              check=False)

    def place(self, name, text):
        """A file where the kubelet looks, put there by hand; the Pod's field that names it."""
        with open(os.path.join(self.seccomp, name), "w") as file:
            file.write(text)
        return self.localhost(name)

    def localhost(self, name):
        return {"type": "Localhost", "localhostProfile": name}

    def run(self, handler, profile, *command):
        return self.kubelet.run(pod_of(command, profile), handler)
