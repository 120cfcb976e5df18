"""Debian packages of any suite and architecture, fetched and verified by apt in a root of its own.

The host's package lists, dpkg architectures and installed packages are not touched; only the mirror
and the way to it (proxies, a clock that is off) are the host's. Nothing fetched before is fetched
again unless asked for.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class Missing(Exception):
    """Something that cannot be had here; the text says what to do."""


def output_of(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise Missing(f"{' '.join(command[:3])}: {last}")
    return done.stdout


def host_mirror():
    targets = output_of("apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)")
    for target in targets.splitlines():
        label, _, uri = target.partition(" ")
        if label == "Debian":
            return uri
    raise Missing("this host's apt knows no Debian mirror: run apt-get update")


def host_transport():
    ours = re.compile(r"Acquire::(https?|Retries|Check-Date|Check-Valid-Until)\b")
    return [line for line in output_of("apt-config", "dump").splitlines() if ours.match(line)]


class Archive:
    """A root of apt's for each (suite, architecture) asked for, in a new directory below `home`."""

    def __init__(self, home):
        self.home = home
        self.directory = None
        self.environments = {}
        self.lock = threading.Lock()

    def remove(self):
        """What was fetched to find packages, which is much more than the packages."""
        if self.directory:
            shutil.rmtree(self.directory, ignore_errors=True)

    def environment(self, suite, arch):
        """For apt; "source" for an architecture has source packages."""
        with self.lock:
            if not self.directory:
                self.home.mkdir(parents=True, exist_ok=True)
                self.directory = pathlib.Path(tempfile.mkdtemp(prefix="apt-", dir=self.home))
            if (suite, arch) not in self.environments:
                self.environments[suite, arch] = self.open(suite, arch)
            return self.environments[suite, arch]

    def open(self, suite, arch):
        root = self.directory / f"{suite}-{arch}"
        for part in ("etc/apt.conf.d", "etc/preferences.d", "etc/sources.list.d",
                     "etc/trusted.gpg.d", "state/lists/partial", "cache/archives/partial"):
            (root / part).mkdir(parents=True, exist_ok=True)
        (root / "state/status").touch()
        kind, options, native = "deb", f" arch={arch}", arch
        if arch == "source":
            kind, options, native = "deb-src", "", output_of("dpkg", "--print-architecture").strip()
        (root / "etc/sources.list").write_text(
            f"{kind} [signed-by={KEYRING}{options}] {host_mirror()} {suite} main\n")
        (root / "apt.conf").write_text("\n".join([
            f'Dir "{root}";',
            f'Dir::State "{root}/state";',
            f'Dir::State::status "{root}/state/status";',
            f'Dir::Cache "{root}/cache";',
            f'Dir::Etc "{root}/etc";',
            f'APT::Architecture "{native}";',
            f'APT::Architectures {{ "{native}"; }};',
            'APT::Sandbox::User "";',
            'Acquire::Languages "none";',
            *host_transport(), ""]))
        environment = dict(os.environ, APT_CONFIG=str(root / "apt.conf"))
        output_of("apt-get", "-qq", "update", env=environment)
        return environment

    def depends(self, suite, arch, package, pattern):
        """The first dependency of a package whose name matches; None if there is none."""
        text = output_of("apt-cache", "show", "--no-all-versions", package,
                         env=self.environment(suite, arch))
        line = re.search(r"^Depends: (.*)$", text, re.M)
        names = re.findall(r"(?:^|, )([^ ,|]+)", line[1]) if line else []
        return next((name for name in names if re.fullmatch(pattern, name)), None)

    @contextlib.contextmanager
    def unpacked(self, suite, arch, package, pattern):
        """A directory, for a while, with the files of a package that match ("./boot/*")."""
        environment = self.environment(suite, arch)
        with tempfile.TemporaryDirectory(dir=self.directory) as scratch:
            output_of("apt-get", "-qq", "download", package, cwd=scratch, env=environment)
            deb, = pathlib.Path(scratch).glob("*.deb")
            with subprocess.Popen(("dpkg-deb", "--fsys-tarfile", deb),
                                  stdout=subprocess.PIPE) as tar:
                output_of("tar", "-x", "-C", scratch, "--wildcards", pattern, stdin=tar.stdout)
            yield pathlib.Path(scratch)
