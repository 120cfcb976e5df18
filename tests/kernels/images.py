"""The cache: kernels, and a QEMU where the host's is too old. CACHE/MACHINE/{image,version}."""

import os
import pathlib
import shutil
import struct
import subprocess

from machines import Built
from packages import Archive, Missing, output_of


def unwrapped(image):
    """The kernel itself, if this is one wrapped up for EFI (kernel: drivers/firmware/efi/libstub/
    zboot-header.S)."""
    if image[4:8] != b"zimg":
        return image
    offset, size = struct.unpack_from("<II", image, 8)
    method = image[24:56].split(b"\0")[0].decode()
    tool = "zstd" if method.startswith("zstd") else method
    if not shutil.which(tool):
        raise Missing(f"no {tool} here: apt-get install {tool}")
    return subprocess.run([tool, "-dc"], input=image[offset:offset + size], check=True,
                          stdout=subprocess.PIPE).stdout


class Cache:
    def __init__(self, directory, update):
        self.directory = directory
        self.update = update
        self.archive = Archive(directory)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.archive.remove()

    def kernel(self, machine):
        """(path, version)"""
        home = self.directory / machine.name
        if isinstance(machine.kernel, Built):
            if not (home / "version").exists():
                raise Missing("no kernel yet: run `make kernels-mips` once, it takes 10 minutes")
        elif self.update or not (home / "version").exists():
            self.fetch(machine, home)
        return home / "image", (home / "version").read_text().strip()

    def fetch(self, machine, home):
        kernel = machine.kernel
        for suite in kernel.suites:
            try:
                name = self.archive.depends(suite, kernel.arch, kernel.package, "linux-image-.*")
                # later releases have the image in a package of its own
                package = self.archive.depends(suite, kernel.arch, name, "linux-binary-.*") or name
                break
            except Missing as missing:
                why = missing
        else:
            raise Missing(f"{kernel.package} of {' or '.join(kernel.suites)} cannot be had: {why}")
        version = package.split("-", 2)[2]
        if (home / "version").exists() and (home / "version").read_text().strip() == version:
            return
        pattern = ("./usr/lib/modules/*/vmlinu[xz]" if package != name else "./boot/vmlinu[xz]-*")
        with self.archive.unpacked(suite, kernel.arch, package, pattern) as files:
            image, = files.rglob("vmlinu*")
            (files / "image").write_bytes(unwrapped(image.read_bytes()))
            (files / "version").write_text(version + "\n")
            home.mkdir(parents=True, exist_ok=True)
            for part in ("image", "version"):  # the version is there when all is
                os.replace(files / part, home / part)

    def qemu(self, machine):
        """The program, by name or path."""
        name = machine.qemu.split()[0]
        if not machine.qemu_suite:
            if not shutil.which(name):
                raise Missing(f"no {name} here: apt-get install {machine.package}")
            return name
        path = self.directory / "qemu" / name
        if self.update or not path.exists():
            arch = output_of("dpkg", "--print-architecture").strip()
            path.parent.mkdir(parents=True, exist_ok=True)
            with self.archive.unpacked(machine.qemu_suite, arch, machine.package,
                                       f"./usr/bin/{name}") as files:
                os.replace(files / "usr/bin" / name, path)
        output_of(str(path), "--version")  # says which library is missing
        return str(path)


def default_directory():
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(home, "winnow-kernels")
