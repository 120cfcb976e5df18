"""What the node is made of, kept in a cache: Kubernetes, built from Debian's source package, and a Debian with a runtime.

    CACHE/kubernetes-VERSION-DIGEST   one program, by the digest of what is ours of it
    CACHE/root-DIGEST                 the node's root directory, by the digest of its packages' names; never written to again
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "kernels"))

from packages import Archive, Missing, host_mirror

SUITE = "bookworm"  # the last that has all of Kubernetes and not kubectl alone
PACKAGES = ("containerd", "runc", "crun", "etcd-server", "containernetworking-plugins", "kubernetes-client",
            "busybox-static", "iproute2", "iptables", "mount", "openssl", "procps")
PROGRAM = HERE / "kubernetes.go"
MODULE = "k8s.io/kubernetes"


def default_directory():
    top = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(top) / "winnow-cluster"


def digest(*texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def run(log, *command, **options):
    """Into the log, whose end is what is said if it fails."""
    with open(log, "a", encoding="utf-8") as out:
        done = subprocess.run(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, check=False, **options)
    if done.returncode:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise Missing(f"{' '.join(map(str, command[:4]))} ...: exit {done.returncode}\n{last}")


def said(text):
    print(f"cluster: {text}", flush=True)


# --- Kubernetes ---

def openapi_packages(tree):
    """The packages whose types the API server has to describe, as `go` names them."""
    tops = [tree / "pkg", tree / "cmd", tree / "plugin"] + sorted(
        path for path in (tree / "vendor/k8s.io").iterdir()
        if path.name not in ("code-generator", "sample-apiserver", "kube-openapi", "gengo"))
    found = set()
    for top in tops:
        for folder, _, files in os.walk(f"{top}/"):  # the slash: staging is linked to
            for name in files:
                if name.endswith(".go") and not name.endswith("_test.go") and \
                        "+k8s:openapi-gen=" in pathlib.Path(folder, name).read_text(errors="replace"):
                    found.add(f"{MODULE}/{pathlib.Path(folder).relative_to(tree)}")
                    break
    return sorted(found)


def version_flags(version):
    major, minor, _ = version.split(".")
    told = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    packages = (f"{MODULE}/vendor/k8s.io/{name}" for name in ("component-base/version", "client-go/pkg/version"))
    return " ".join(["-s", "-w"] + [f"-X {package}.{key}={value}" for package in packages for key, value in told.items()])


def build(work, log, archive, version):
    """The program, in a scratch directory. The source has all it depends on; what it generates of itself it lacks."""
    tree = work / "gopath/src" / MODULE
    tree.mkdir(parents=True)
    archive_file, = archive.glob("*.orig.tar.*")
    run(log, "tar", "-xf", archive_file, "-C", tree, "--strip-components=1")
    ours = tree / "cmd/winnow-cluster"
    ours.mkdir()
    shutil.copy(PROGRAM, ours / "main.go")
    # as Debian builds it: its go.mod is older than what the Go of this suite takes
    go = dict(os.environ, GOPATH=str(work / "gopath"), GO111MODULE="off", GOFLAGS="", GOPROXY="off", CGO_ENABLED="0",
              GOCACHE=str(work / "objects"))
    # not trimmed: it has to find Go's own packages
    run(log, "go", "build", "-o", work / "openapi-gen", "./vendor/k8s.io/kube-openapi/cmd/openapi-gen", cwd=tree, env=go)
    run(log, work / "openapi-gen", "-i", ",".join(openapi_packages(tree)), "-p", f"{MODULE}/pkg/generated/openapi",
        "-O", "zz_generated.openapi", "-h", "vendor/k8s.io/code-generator/hack/boilerplate.go.txt",
        "-r", work / "violations", cwd=tree, env=go)
    run(log, "go", "build", "-p", str(os.cpu_count()), "-trimpath", "-ldflags", version_flags(version),
        "-o", work / "kubernetes", f"./{ours.relative_to(tree)}", cwd=tree, env=go)
    return work / "kubernetes"


def fetch(work, cache):
    """Debian's source package; its version."""
    apt = Archive(cache)
    try:
        run(work / "log", "apt-get", "-q", "source", "--download-only", "kubernetes", cwd=work,
            env=apt.environment(SUITE, "source"))
    finally:
        apt.remove()
    control, = work.glob("*.dsc")
    told = re.search(r"^Version: (?:.*really)?(\d+\.\d+\.\d+)", control.read_text(), re.M)
    return told[1]


def program(cache):
    """Built once: 10 to 25 minutes of processor time, and 3 GB of disk meanwhile."""
    ours = digest(PROGRAM.read_text())
    if found := sorted(cache.glob(f"kubernetes-*-{ours}")):
        return found[-1]
    for tool, package in (("go", "golang-go"), ("dpkg-source", "dpkg-dev")):
        if not shutil.which(tool):
            raise Missing(f"no {tool} here: apt-get install {package}")
    cache.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="build-", dir=cache) as name:
        work = pathlib.Path(name)
        version = fetch(work, cache)
        said(f"building Kubernetes {version} of {SUITE}'s source package, once: 10 to 25 minutes of processor time")
        made = build(work, work / "log", work, version)
        kept = cache / f"kubernetes-{version}-{ours}"
        os.replace(made, kept)
    said(f"built in {time.monotonic() - start:.0f} s")
    return kept


# --- the node's root directory ---

def root(cache):
    kept = cache / f"root-{digest(SUITE, *PACKAGES)}"
    if kept.exists():
        return kept
    if not shutil.which("mmdebstrap"):
        raise Missing("no mmdebstrap here: apt-get install mmdebstrap")
    cache.mkdir(parents=True, exist_ok=True)
    said(f"making a root directory of {SUITE}, once")
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="root-", dir=cache) as name:
        work = pathlib.Path(name)
        run(work / "log", "mmdebstrap", "--format=directory", "--variant=essential", "--dpkgopt=force-unsafe-io",
            "--aptopt=Acquire::Check-Valid-Until \"false\"", "--include=" + ",".join(PACKAGES), SUITE, work / "root",
            host_mirror())
        for unused in ("var/cache/apt/archives", "var/lib/apt/lists"):
            shutil.rmtree(work / "root" / unused, ignore_errors=True)
        os.rename(work / "root", kept)
    said(f"made in {time.monotonic() - start:.0f} s")
    return kept
