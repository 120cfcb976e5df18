"""init/init.c built for an ABI, with whichever compiler of this host can."""

import pathlib
import shutil
import subprocess
import threading

from packages import Missing

SOURCE = pathlib.Path(__file__).resolve().parent / "init"
FLAGS = ("-std=c11 -Os -ffreestanding -fno-builtin -fno-stack-protector -fno-pic -fno-pie "
         "-fno-asynchronous-unwind-tables -Wall -Wextra -Wshadow -Werror").split()
LINK = "-static -nostdlib -Wl,-s,-e,_start,--build-id=none".split()
MIPS = "-mno-abicalls -G0 -msoft-float"

# clang's name for the ABI, and flags. No red zones and no floating point: threads share a stack.
CLANG = {
    "x86_64": ("x86_64-linux-gnu", "-mno-red-zone -mgeneral-regs-only"),
    "x86": ("i386-linux-gnu", "-mgeneral-regs-only"),
    "x32": ("x86_64-linux-gnux32", "-mno-red-zone -mgeneral-regs-only"),
    "aarch64": ("aarch64-linux-gnu", "-mgeneral-regs-only"),
    "arm": ("armv7a-linux-gnueabi", "-marm"),
    "mips": ("mips-linux-gnu", f"-mips32r2 {MIPS}"),
    "mipsel": ("mipsel-linux-gnu", f"-mips32r2 {MIPS}"),
    "mips64": ("mips64-linux-gnuabi64", f"-mips64r2 {MIPS}"),
    "mipsel64": ("mips64el-linux-gnuabi64", f"-mips64r2 {MIPS}"),
    "mips64n32": ("mips64-linux-gnuabin32", f"-mips64r2 {MIPS}"),
    "mipsel64n32": ("mips64el-linux-gnuabin32", f"-mips64r2 {MIPS}"),
    "s390x": ("s390x-linux-gnu", ""),
    "ppc64le": ("powerpc64le-linux-gnu", ""),
    "riscv64": ("riscv64-linux-gnu", "-march=rv64gc"),
    "loongarch64": ("loongarch64-linux-gnu", ""),
}
LOONGARCH_CLANGS = (19, 18, 17, 16)  # older ones do not know it

one_at_a_time = threading.Lock()


def need(program, package):
    if not shutil.which(program):
        raise Missing(f"no {program} here: apt-get install {package}")
    return program


def clang(abi, source, target):
    triple, extra = CLANG[abi]
    version = ""
    if abi == "loongarch64":
        known = [f"-{n}" for n in LOONGARCH_CLANGS if shutil.which(f"clang-{n}")]
        version = known[0] if known else f"-{LOONGARCH_CLANGS[0]}"
    need(f"ld.lld{version}", f"lld{version}")
    return [need(f"clang{version}", f"clang{version}"), f"--target={triple}", *FLAGS, *LINK,
            "-fuse-ld=lld", *extra.split(), str(source),
            "-o", str(target)]


def commands(abi, source, target):
    if abi == "s390":  # no clang has its 31 bits
        return [[need("s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu"), "-m31", "-march=z900", *FLAGS,
                 *LINK, source, "-o", target]]
    if abi == "s390x":  # lld learnt it in version 18
        compile_only = [option for option in clang(abi, source, f"{target}.o")
                        if option not in LINK and not option.startswith("-fuse-ld=")]
        return [[*compile_only, "-c"],
                [need("s390x-linux-gnu-ld", "binutils-s390x-linux-gnu"), "-s", f"{target}.o",
                 "-o", target]]
    return [clang(abi, source, target)]


def build(abi, directory):
    """The path of the program; made if something it is made of is newer."""
    target = directory / "init" / abi
    newest = max(path.stat().st_mtime for path in SOURCE.rglob("*.[ch]"))
    with one_at_a_time:
        if not target.exists() or target.stat().st_mtime < newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            for command in commands(abi, SOURCE / "init.c", target):
                subprocess.run(command, check=True)
    return target
