"""Container images made here, as OCI layouts in a tar that `ctr images import` takes. One layer each."""

import hashlib
import io
import json
import os
import tarfile

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
