"""The kubelet's half of the runtime interface (CRI), as far as pods with a seccomp profile need it.

The bindings are made of Kubernetes' own api.proto when the test runs; tools/fetch-kubernetes has it.
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
NODE, CONTAINER, POD = 2, 1, 0  # NamespaceMode
RUNTIME_DEFAULT, UNCONFINED, LOCALHOST = 0, 1, 2  # SecurityProfile.ProfileType
RUNNING, EXITED = 1, 2  # ContainerState


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
    """A sandbox with one container in it."""

    def __init__(self, kubelet, handler):
        self.kubelet, self.api = kubelet, kubelet.api
        self.name = f"pod-{next(kubelet.numbers)}"
        self.log = os.path.join(kubelet.logs, self.name)
        os.makedirs(self.log)
        self.namespaces = self.api.NamespaceOption(network=NODE, pid=CONTAINER, ipc=POD)
        security = self.api.LinuxSandboxSecurityContext(
            namespace_options=self.namespaces, seccomp=self.api.SecurityProfile(profile_type=RUNTIME_DEFAULT))
        self.config = self.api.PodSandboxConfig(
            metadata=self.api.PodSandboxMetadata(name=self.name, uid=self.name, namespace="default"),
            log_directory=self.log,
            linux=self.api.LinuxPodSandboxConfig(cgroup_parent=kubelet.cgroup, security_context=security))
        self.sandbox = self.ask("RunPodSandbox", config=self.config, runtime_handler=handler).pod_sandbox_id
        self.container = None

    def ask(self, verb, **fields):
        """One call; `verb` is how the service spells it, the request's name follows from it."""
        try:
            return getattr(self.kubelet.service, verb)(getattr(self.api, verb + "Request")(**fields), timeout=PATIENCE)
        except grpc.RpcError as error:
            raise Stuck(verb, error) from error

    def start(self, profile, command):
        """Profile: a securityContext.seccompProfile as the Pod has it, a dict."""
        context = self.api.LinuxContainerSecurityContext(namespace_options=self.namespaces,
                                                         seccomp=self.kubelet.security(profile))
        config = self.api.ContainerConfig(
            metadata=self.api.ContainerMetadata(name="main"), image=self.api.ImageSpec(image=self.kubelet.image),
            command=command, log_path="main.log",
            linux=self.api.LinuxContainerConfig(security_context=context))
        self.container = self.ask("CreateContainer", pod_sandbox_id=self.sandbox, config=config,
                                  sandbox_config=self.config).container_id
        self.ask("StartContainer", container_id=self.container)
        return self

    def status(self):
        return self.ask("ContainerStatus", container_id=self.container, verbose=True)

    def pid(self):
        return json.loads(self.status().info["info"])["pid"]

    def execute(self, *command):
        done = self.ask("ExecSync", container_id=self.container, cmd=command, timeout=PATIENCE)
        return Outcome(lines=tuple(done.stdout.decode().splitlines()), status=done.exit_code)

    def finish(self):
        """Wait for the container's end; its output and exit status."""
        end = time.monotonic() + PATIENCE
        while (status := self.status().status).state != EXITED:
            if time.monotonic() > end:
                return Outcome(said=f"still running after {PATIENCE} s", where="ContainerStatus")
            time.sleep(0.05)
        with open(os.path.join(self.log, "main.log")) as file:
            lines = tuple(line.rstrip("\n").split(" ", 3)[3] for line in file)
        return Outcome(lines=lines, status=status.exit_code)

    def remove(self):
        self.ask("StopPodSandbox", pod_sandbox_id=self.sandbox)
        self.ask("RemovePodSandbox", pod_sandbox_id=self.sandbox)


class Kubelet:
    """Asks one runtime for pods. `root` is its --root-dir, below which seccomp/ is looked up."""

    def __init__(self, modules, socket, root, logs, image, cgroup):
        self.api, service = modules
        self.service = service.RuntimeServiceStub(grpc.insecure_channel(f"unix://{socket}"))
        self.root, self.logs, self.image, self.cgroup = root, logs, image, cgroup
        self.numbers = itertools.count(1)

    def security(self, profile):
        """As the kubelet turns the Pod's field into the interface's: Localhost names a file of the node."""
        kind = profile["type"]
        if kind == "Localhost":
            path = os.path.join(self.root, "seccomp", profile["localhostProfile"])
            return self.api.SecurityProfile(profile_type=LOCALHOST, localhost_ref=path)
        return self.api.SecurityProfile(profile_type=UNCONFINED if kind == "Unconfined" else RUNTIME_DEFAULT)

    def ready(self):
        """Whether the runtime answers yet."""
        try:
            self.service.Version(self.api.VersionRequest(), timeout=PATIENCE)
            return True
        except grpc.RpcError:
            return False

    def run(self, handler, profile, *command):
        """A pod from its start to its removal; never raises for what the runtime refuses."""
        pod = None
        try:
            pod = Pod(self, handler)
            return pod.start(profile, command).finish()
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
