"""Container images made here, each a tar that `ctr images import` takes. No registry is asked."""

import hashlib
import io
import json
import os
import shlex
import shutil
import subprocess
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
DEPLOY = os.path.join(os.path.dirname(TESTS), "deploy")
BUSYBOX, PAUSE = "docker.io/library/busybox:1.36", "registry.k8s.io/pause:3.9"
WINNOW = "localhost/winnow:latest"
APPLETS = ("sh", "httpd", "wget", "mkdir", "touch", "unshare", "true")
ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "ppc64le": "ppc64le", "riscv64": "riscv64", "s390x": "s390x"}


def add(tar, name, content=None, mode=0o755, link=None):
    """A file, a link or, without either, a folder."""
    entry = tarfile.TarInfo(name)
    entry.mode = mode
    entry.type = tarfile.SYMTYPE if link else tarfile.DIRTYPE if content is None else tarfile.REGTYPE
    entry.linkname, entry.size = link or "", len(content or b"")
    tar.addfile(entry, io.BytesIO(content or b""))


def layer(files, folders, links):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in folders:
            add(tar, name)
        for name, path in files.items():
            with open(path, "rb") as file:
                add(tar, name, file.read())
        for name, target in links.items():
            add(tar, name, link=target)
    return out.getvalue()


def write(path, reference, command, files, folders=(), links={}):
    """An image called `reference`: files maps names in it to files here."""
    blobs = {}

    def keep(kind, content):
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        digest = hashlib.sha256(content).hexdigest()
        blobs[digest] = content
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(content)}

    data = keep("layer.v1.tar", layer(files, folders, links))
    machine = os.uname().machine
    config = keep("config.v1+json", {
        "os": "linux", "architecture": ARCHES.get(machine, machine), "config": {"Entrypoint": command},
        "rootfs": {"type": "layers", "diff_ids": [data["digest"]]}})
    manifest = keep("manifest.v1+json", {"schemaVersion": 2, "config": config, "layers": [data]})
    manifest["annotations"] = {"io.containerd.image.name": reference}
    with tarfile.open(path, "w") as tar:
        add(tar, "oci-layout", b'{"imageLayoutVersion": "1.0.0"}', 0o644)
        add(tar, "index.json", json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode(), 0o644)
        for digest, content in blobs.items():
            add(tar, f"blobs/sha256/{digest}", content, 0o644)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


def static(source, program):
    run(*shlex.split(os.environ.get("CC", "cc")), "-static", "-O2", "-o", program, source)


def of_pods(top):
    """TOP/pause.tar, which holds a pod's namespaces, and TOP/busybox.tar, with the probe that makes calls."""
    pause, probe, group = (os.path.join(top, name) for name in ("pause", "probe", "group"))
    static(os.path.join(HERE, "pause.c"), pause)
    static(os.path.join(TESTS, "data", "runtimes", "probe.c"), probe)
    with open(group, "w") as file:
        file.write("root:x:0:\n")
    made = [os.path.join(top, name) for name in ("pause.tar", "busybox.tar")]
    write(made[0], PAUSE, ["/pause"], {"pause": pause})
    write(made[1], BUSYBOX, [], {"bin/busybox": shutil.which("busybox"), "bin/probe": probe, "etc/group": group},
          ("bin", "proc", "dev", "sys", "tmp", "etc"), {f"bin/{name}": "busybox" for name in APPLETS})
    return made


def of_winnow(top, build):
    """TOP/winnow.tar of deploy/Containerfile, by buildah."""
    context, storage = os.path.join(top, "context"), os.path.join(top, "buildah")
    os.makedirs(os.path.join(context, "build"))
    shutil.copy(os.path.join(build, "winnow-static"), os.path.join(context, "build"))
    buildah = ["buildah", f"--root={storage}/root", f"--runroot={storage}/run", "--storage-driver=vfs"]
    run(*buildah, "build", "--isolation=chroot", "-t", WINNOW, "-f", os.path.join(DEPLOY, "Containerfile"), context)
    path = os.path.join(top, "winnow.tar")
    run(*buildah, "push", "-q", WINNOW, f"docker-archive:{path}:{WINNOW}")
    return path
