"""The kubelet's half of the runtime interface (CRI), as far as our pods need it.

The bindings are made of Kubernetes' own api.proto when the test runs; tools/maintain/fetch-kubernetes has it.
"""

import dataclasses
import importlib
import itertools
import json
import os
import subprocess
import sys
import time

import grpc
from grpc_tools import protoc

PATIENCE = 60  # seconds to wait for a container before calling it stuck
EXITED = 2  # ContainerState


def bindings(top, fetch):
    """The message and service modules of api.proto, made in a folder below top."""
    source = subprocess.run([fetch], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    made = os.path.join(top, "proto")
    gogo = os.path.join(made, "github.com/gogo/protobuf/gogoproto")
    os.makedirs(gogo)
    for name, folder in (("api.proto", made), ("gogo.proto", gogo)):
        os.symlink(os.path.join(source, name), os.path.join(folder, name))
    files = ["api.proto", "github.com/gogo/protobuf/gogoproto/gogo.proto"]
    include = os.path.join(os.path.dirname(protoc.__file__), "_proto")
    arguments = [f"-I{made}", f"-I{include}", "-I/usr/include", f"--python_out={made}", f"--grpc_python_out={made}"]
    if protoc.main(["protoc", *arguments, *files]):
        sys.exit("run-nodes: no bindings of api.proto")
    sys.path.insert(0, made)
    return importlib.import_module("api_pb2"), importlib.import_module("api_pb2_grpc")


@dataclasses.dataclass
class Outcome:
    """What became of a pod: where it stuck and what was said, or its container's output and status."""
    said: str = ""
    where: str = ""
    lines: tuple = ()
    status: int = -1


class Stuck(Exception):
    """The runtime refused; the kubelet would put the text into the Pod's events."""

    def __init__(self, where, error):
        super().__init__(error.details())
        self.where = where


class Pod:
    """A sandbox and the containers of a manifest in it, init containers first."""

    def __init__(self, kubelet, handler, spec):
        self.kubelet, self.api, self.spec = kubelet, kubelet.api, spec
        self.name = f"pod-{next(kubelet.numbers)}"
        self.log = os.path.join(kubelet.logs, self.name)
        os.makedirs(self.log)
        self.config = kubelet.translation.sandbox(self.name, self.log)
        self.containers = {}
        self.sandbox = self.ask("RunPodSandbox", config=self.config, runtime_handler=handler).pod_sandbox_id

    def ask(self, verb, **fields):
        """One call; `verb` is how the service spells it, the request's name follows from it."""
        try:
            return getattr(self.kubelet.service, verb)(getattr(self.api, verb + "Request")(**fields), timeout=PATIENCE)
        except grpc.RpcError as error:
            raise Stuck(verb, error) from error

    def create(self, container):
        config = self.kubelet.translation.container(self.spec, container)
        made = self.ask("CreateContainer", pod_sandbox_id=self.sandbox, config=config, sandbox_config=self.config)
        self.containers[container["name"]] = made.container_id
        self.ask("StartContainer", container_id=made.container_id)

    def start(self):
        """All of it. Ends early where an init container fails, with its outcome."""
        for container in self.spec.get("initContainers", ()):
            self.create(container)
            done = self.finish(container["name"])
            if done.status:
                return done
        for container in self.spec["containers"]:
            self.create(container)
        return None

    def status(self, name):
        return self.ask("ContainerStatus", container_id=self.containers[name], verbose=True)

    def pid(self, name):
        return json.loads(self.status(name).info["info"])["pid"]

    def execute(self, name, *command):
        done = self.ask("ExecSync", container_id=self.containers[name], cmd=command, timeout=PATIENCE)
        lines = (done.stdout + done.stderr).decode().splitlines()
        return Outcome(lines=tuple(lines), status=done.exit_code)

    def lines(self, name):
        with open(os.path.join(self.log, name + ".log")) as file:
            return tuple(line.rstrip("\n").split(" ", 3)[3] for line in file)

    def finish(self, name):
        """Wait for a container's end; its output and exit status."""
        end = time.monotonic() + PATIENCE
        while (status := self.status(name).status).state != EXITED:
            if time.monotonic() > end:
                return Outcome(said=f"still running after {PATIENCE} s", where="ContainerStatus")
            time.sleep(0.05)
        return Outcome(lines=self.lines(name), status=status.exit_code)

    def stop(self, name, patience):
        """SIGTERM, and SIGKILL after so many seconds; the exit status."""
        self.ask("StopContainer", container_id=self.containers[name], timeout=patience)
        return self.finish(name)

    def remove(self):
        self.ask("StopPodSandbox", pod_sandbox_id=self.sandbox)
        self.ask("RemovePodSandbox", pod_sandbox_id=self.sandbox)


class Kubelet:
    """Asks one runtime for pods. `classes` maps a RuntimeClass to its handler."""

    def __init__(self, modules, socket, translation, logs):
        self.api, service = modules
        self.service = service.RuntimeServiceStub(grpc.insecure_channel(f"unix://{socket}"))
        self.translation, self.logs = translation, logs
        self.numbers = itertools.count(1)
        self.classes = {}

    def ready(self):
        """Whether the runtime answers yet."""
        try:
            self.service.Version(self.api.VersionRequest(), timeout=PATIENCE)
            return True
        except grpc.RpcError:
            return False

    def pod(self, spec, handler=None):
        """A pod whose containers are not started yet."""
        return Pod(self, handler or self.classes[spec["runtimeClassName"]], spec)

    def run(self, spec, handler=None):
        """A pod of one container from its start to its removal; never raises for what the runtime refuses."""
        pod = None
        try:
            pod = self.pod(spec, handler)
            return pod.start() or pod.finish(spec["containers"][0]["name"])
        except Stuck as stuck:
            return Outcome(said=str(stuck), where=stuck.where)
        finally:
            if pod:
                pod.remove()

    def clear(self):
        """Remove what is left of pods, so that no shim outlives the test."""
        listed = self.service.ListPodSandbox(self.api.ListPodSandboxRequest(), timeout=PATIENCE)
        for item in listed.items:
            self.service.StopPodSandbox(self.api.StopPodSandboxRequest(pod_sandbox_id=item.id), timeout=PATIENCE)
            self.service.RemovePodSandbox(self.api.RemovePodSandboxRequest(pod_sandbox_id=item.id), timeout=PATIENCE)
