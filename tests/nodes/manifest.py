"""A Pod's manifest as the kubelet hands it to the runtime: the fields our pods use, and no others."""

import os

NODE, CONTAINER, POD = 2, 1, 0  # NamespaceMode
RUNTIME_DEFAULT, UNCONFINED, LOCALHOST = 0, 1, 2  # SecurityProfile.ProfileType
PROFILES = {"RuntimeDefault": RUNTIME_DEFAULT, "Unconfined": UNCONFINED, "Localhost": LOCALHOST}


class Translation:
    """`root` stands for the node's own /; configmaps maps names to configmap.ConfigMap."""

    def __init__(self, api, root, cgroup, configmaps):
        self.api, self.root, self.cgroup, self.configmaps = api, root, cgroup, configmaps

    def path(self, path):
        return os.path.join(self.root, path.lstrip("/"))

    def namespaces(self):
        """The host's network: there is no network plugin here."""
        return self.api.NamespaceOption(network=NODE, pid=CONTAINER, ipc=POD)

    def seccomp(self, *contexts):
        """Of the first context that has a profile; the kubelet looks for Localhost files below its own root."""
        profile = next((c["seccompProfile"] for c in contexts if "seccompProfile" in c), {"type": "Unconfined"})
        made = self.api.SecurityProfile(profile_type=PROFILES[profile["type"]])
        if profile["type"] == "Localhost":
            made.localhost_ref = self.path(os.path.join("/var/lib/kubelet/seccomp", profile["localhostProfile"]))
        return made

    def sandbox(self, name, logs):
        security = self.api.LinuxSandboxSecurityContext(
            namespace_options=self.namespaces(), seccomp=self.api.SecurityProfile(profile_type=RUNTIME_DEFAULT))
        return self.api.PodSandboxConfig(
            metadata=self.api.PodSandboxMetadata(name=name, uid=name, namespace="default"), log_directory=logs,
            linux=self.api.LinuxPodSandboxConfig(cgroup_parent=self.cgroup, security_context=security))

    def container(self, spec, container):
        security = self.security(container.get("securityContext", {}), spec.get("securityContext", {}))
        return self.api.ContainerConfig(
            metadata=self.api.ContainerMetadata(name=container["name"]),
            image=self.api.ImageSpec(image=container["image"]), command=container.get("command", ()),
            args=container.get("args", ()), log_path=container["name"] + ".log",
            mounts=[self.mount(spec, mount) for mount in container.get("volumeMounts", ())],
            linux=self.api.LinuxContainerConfig(security_context=security))

    def security(self, own, pod):
        made = self.api.LinuxContainerSecurityContext(
            namespace_options=self.namespaces(), seccomp=self.seccomp(own, pod),
            readonly_rootfs=own.get("readOnlyRootFilesystem", False),
            no_new_privs=not own.get("allowPrivilegeEscalation", True),
            capabilities=self.api.Capability(drop_capabilities=own.get("capabilities", {}).get("drop", ())))
        for field, into in (("runAsUser", made.run_as_user), ("runAsGroup", made.run_as_group)):
            if field in own:
                into.value = own[field]
        return made

    def mount(self, spec, mount):
        volume = next(volume for volume in spec["volumes"] if volume["name"] == mount["name"])
        if "hostPath" in volume:
            path = self.path(volume["hostPath"]["path"])
            os.makedirs(path, exist_ok=True)
        elif "emptyDir" in volume:
            path = self.path("/run/emptydir/" + volume["name"])
            os.makedirs(path, exist_ok=True)
            os.chmod(path, 0o777)  # as a kubelet does
        else:
            path = self.configmaps[volume["configMap"]["name"]].folder
        return self.api.Mount(container_path=mount["mountPath"], host_path=path,
                              readonly=mount.get("readOnly", False))
