"""A containerd of our own, with one handler for each way a pod gets its filter."""

import os
import shutil
import subprocess
import time

HANDLER = """
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.{name}]
    runtime_type = "io.containerd.runc.v2"
    {base}
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.{name}.options]
      BinaryName = "{binary}"
"""

CONFIG = """version = 2
root = "{top}/root"
state = "{top}/state"
[grpc]
  address = "{top}/socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "{top}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
    default_runtime_name = "runc"
"""


class Containerd:
    """Stopped by its process id; what it knows of pods outlives it."""

    def __init__(self, top, pause):
        self.top, self.pause, self.socket = top, pause, os.path.join(top, "socket")
        os.makedirs(top)
        self.config = os.path.join(top, "config.toml")
        self.log = os.path.join(top, "log")
        self.process = None

    def configure(self, handlers):
        """A handler's name to its runtime's program and a base spec or None."""
        with open(self.config, "w") as file:
            file.write(CONFIG.format(top=self.top, pause=self.pause))
            for name, (program, spec) in handlers.items():
                base = f'base_runtime_spec = "{spec}"' if spec else ""
                file.write(HANDLER.format(name=name, base=base, binary=shutil.which(program)))

    def start(self, handlers, ready):
        self.configure(handlers)
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(["containerd", "--config", self.config], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        for _ in range(150):
            if not self.running():
                break
            if ready():
                return
            time.sleep(0.2)
        raise RuntimeError(f"containerd did not come up: {self.last()}")

    def running(self):
        return self.process and self.process.poll() is None

    def last(self):
        with open(self.log) as file:
            return (file.read().splitlines() or ["no word"])[-1]

    def load(self, image):
        """Take an image from a tar."""
        subprocess.run(["ctr", "-a", self.socket, "-n", "k8s.io", "images", "import", image],
                       stdout=subprocess.DEVNULL, check=True)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None
