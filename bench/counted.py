"""What whole processes take: machine instructions as callgrind counts them, page faults, processor time.

Instructions are exact: they depend on compiler, C library and valgrind, and not on what else the machine does. So that
they do not depend on who asks either, a counted process has an environment of its own.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
CHILD = "run_errand"  # of tools/node/install.c: where the work of a process for one profile begins


def skip_without_valgrind():
    if not shutil.which("valgrind"):
        print("NOTE: SKIP: no valgrind, so nobody counted instructions: tools/install-deps analyze")
        sys.exit(0)


def run(command, exits=(0,)):
    done = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode not in exits:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return done


def instructions(command, exits=(0,)):
    """Of the process and those it starts; a child's count has its parent's in it until CHILD is called."""
    done = run(["valgrind", "--tool=callgrind", "--trace-children=yes", f"--zero-before={CHILD}",
                "--callgrind-out-file=/dev/null", *command], exits)
    counts = re.findall(rb"^==\d+== Collected : (\d+)$", done.stderr, re.MULTILINE)
    if not counts:
        sys.exit(f"{' '.join(command)}: callgrind counted nothing: {done.stderr.decode(errors='replace')[-500:]}")
    return sum(map(int, counts))


def cost(command, exits=(0,)):
    """Page faults that need no disk, and milliseconds of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, exits)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return after.ru_minflt - before.ru_minflt, cpu * 1000


def plain_profiles(winnow, profile, folder):
    """The profile as a runtime would hand it over on x86_64: its three ABIs, and x86_64 alone."""
    plain = json.loads(run([winnow, "resolve", "-q", "-a", "x86_64", profile]).stdout)
    paths = []
    for name, architectures in ("three", None), ("one", ["SCMP_ARCH_X86_64"]):
        paths.append(os.path.join(folder, f"{name}.json"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            json.dump({**plain, "architectures": architectures or plain["architectures"]}, file, indent=1)
    return paths


def made_with(build):
    """All that the counts of one source depend on."""
    comment = run(["readelf", "-p", ".comment", os.path.join(build, "winnow")]).stdout.decode()
    with open(os.path.join(build, "flags"), encoding="utf-8") as file:
        flags = [word for word in file.read().split() if re.match(r"-O|-m|-f(?!file-prefix-map)|-D_FORT", word)]
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        vectors = "avx2" if " avx2 " in file.read() else "no avx2"
    libc = run(["ldd", "--version"]).stdout.decode().splitlines()[0]
    valgrind = run(["valgrind", "--version"]).stdout.decode().strip()
    compilers = re.findall(r"^ *\[ *\w+\] *(.*\S)", comment, re.MULTILINE)
    return "; ".join([*compilers, libc, valgrind, f"{os.uname().machine} {vectors}", " ".join(flags)])
