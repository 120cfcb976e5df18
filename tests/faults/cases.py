"""What winnow is run with while things fail: every verb, each on a small input of its own.

Not winnow-exec: it makes its system calls itself, so no preload comes between; it allocates and
writes nothing.
"""

from dataclasses import dataclass, field

ALLOW = '"action": "SCMP_ACT_ALLOW"'
SMALL = f"""{{"defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": [
  {{"names": ["read", "write", "exit_group", "openat2x"], {ALLOW}}},
  {{"names": ["socket"], {ALLOW},
    "args": [{{"index": 0, "value": 38, "op": "SCMP_CMP_NE"}}]}}]}}
"""
MAPPED = f"""{{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [
  {{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}},
  {{"architecture": "SCMP_ARCH_S390X", "subArchitectures": null}}],
  "syscalls": [{{"names": ["read", "write"], {ALLOW}}}]}}
"""
RESOURCE = """apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: {name: small}
spec:
  defaultAction: SCMP_ACT_ERRNO
  architectures: [SCMP_ARCH_X86_64]
  syscalls:
    - action: SCMP_ACT_ALLOW
      names: [read, write, exit_group]
"""
FILES = {
    "small.json": SMALL,
    "wide.json": SMALL.replace('"openat2x"', '"mount"'),
    "mapped.json": MAPPED,
    "broken.json": SMALL.replace("]}]}", "]}"),
    "small.yaml": RESOURCE,
    "good.txt": "allow read\ndeny mount on all\n",
    "hole.txt": "deny socket(38) on x86_64\n",
    "freq.tsv": "read\t10\nwrite\t5\nsocket\t1\n",
    "calls.log": "77 read(3, <unfinished ...>\n77 <... read resumed>\"\", 1) = 0\nmount(\"a\") = -1 EPERM (x)\n",
}
OLD = b"what stood here before\n"

# sources of installs, and the nodes that installs made of them
FILES["first/web.json"] = FILES["small.json"]
FILES["next/web.json"] = FILES["wide.json"]
FILES["next/api.json"] = FILES["small.json"]
FILES["other/api.json"] = FILES["small.json"]
INSTALL = "install --root node --run node/run --layout json,bpf,base-spec -a x86_64 --kernel 6.1 --source"
NODES = {
    "empty": [],
    "first": [f"{INSTALL} first"],
    "next": [f"{INSTALL} first", f"{INSTALL} next"],
    "orphan": [f"{INSTALL} first", f"{INSTALL} next", f"{INSTALL} other"],
}


@dataclass
class Case:
    args: list
    status: int = 0
    writes: list = field(default_factory=list)  # files it makes or replaces
    stdin: str = None  # a file of FILES
    quick: bool = False  # in the part that `make check` runs
    node: str = None  # of NODES: what is in the folder node
    times: bool = False  # loads filters and times them: what it prints differs from run to run


def case(line, status=0, writes=(), stdin=None, quick=False, node=None, times=False):
    return Case(line.split(), status, list(writes), stdin, quick, node, times)


CASES = [
    case("compile -a x86_64 -o out.bpf small.json", writes=["out.bpf"], quick=True),
    case("compile -a x86_64 small.json"),
    case("compile -a x86_64 -v -f c -o out.c -", writes=["out.c"], stdin="small.json"),
    case("compile -a x86_64 --stats --freq freq.tsv -o out.bpf small.json", writes=["out.bpf"]),
    case("compile -a all -o set/ mapped.json",
         writes=["set/mapped.x86_64.bpf", "set/mapped.s390x.bpf"]),
    case("compile -a all -o new/ mapped.json"),
    case("compile -a x86_64 -o out.bpf small.yaml", writes=["out.bpf"]),
    case("compile -a x86_64 -o out.bpf broken.json", status=3, writes=["out.bpf"]),
    case("compile -a x86_64 --max-insns 3 -o out.bpf small.json", status=4, writes=["out.bpf"]),
    case("resolve -a x86_64 -o plain.json small.json", writes=["plain.json"]),
    case("resolve -a x86_64 small.json"),
    case("resolve -a x86_64 --narrow-int-args -o plain.json small.json", writes=["plain.json"]),
    case("merge --intersect -a x86_64 -o one.json small.json wide.json", writes=["one.json"], quick=True),
    case("merge --union -a x86_64 -f bpf -o one.bpf small.json wide.json", writes=["one.bpf"]),
    case("minimize -a x86_64 small.json"),
    case("derive -a x86_64 --allow openat --deny socket(AF_ALG) -o edited.json small.json", writes=["edited.json"]),
    case("derive -a x86_64 --for-caps all --satisfy good.txt -o edited.yaml small.yaml", writes=["edited.yaml"]),
    case("lint small.json wide.json"),
    case("lint --format=json small.json"),
    case("lint --format=sarif small.json"),
    case("explain -a x86_64 small.json socket 38"),
    case("explain -a x86_64 small.json"),
    case("explain-code E005"),
    case("verify small.json small.bpf"),
    case("verify wide.json small.bpf", status=1, quick=True),
    case("subset small.json wide.json"),
    case("subset -a x86_64 wide.json small.json", status=1),
    case("diff small.json small.bpf"),
    case("diff -a x86_64 wide.json small.json", status=1),
    case("diff -f markdown -a x86_64,aarch64 --caps each wide.json small.json", status=1),
    case("smt small.json small.bpf"),
    case("assert --file good.txt small.json"),
    case("assert --file hole.txt small.bpf", status=1),
    case("info small.bpf"),
    case("disasm -a x86_64 small.bpf"),
    case("sim -a x86_64 --trace small.bpf socket 2"),
    case("check small.bpf"),
    case("stats small.bpf"),
    case("stats -a x86_64 --format=json small.json"),
    case("tree -a x86_64 small.json"),
    case("tree -a x86_64 -f svg small.json"),
    case("compile -a x86_64 --dump profile small.json"),
    case("compile -a x86_64 --dump program -o dumped.txt small.json", writes=["dumped.txt"]),
    case("freq freq.tsv freq.tsv"),
    case("freq calls.log"),
    case("replay -a x86_64 small.json calls.log calls.log", quick=True),
    case("why -a x86_64 small.json calls.log"),
    case("record -a x86_64 --args=flags -o made.json calls.log", writes=["made.json"]),
    case("record -a x86_64 --base small.json --runtime runc calls.log"),
    case("audit -a x86_64 wide.json", status=1),
    case("audit -f json small.bpf", status=1),
    case("explain small.bpf"),
    case("dump --pid 2147483646 -o none.bpf", status=5),
    case("explain small.bpf socket 38"),
    case("pack -a x86_64 -o out.tar small.json", writes=["out.tar"]),
    case("pack -a x86_64,s390x -o - mapped.json"),
    case("pack --list small.tar"),
    case("pack --verify -v small.tar"),
    case(f"{INSTALL} first", node="empty"),
    case(f"{INSTALL} next", node="first"),
    case(f"{INSTALL} first", node="first"),
    case(f"{INSTALL} small.tar", node="first"),
    case(f"{INSTALL} next --dry-run", node="first"),
    case("status --root node --run node/run", node="next"),
    case("status --root node --run node/run -f json", node="orphan"),
    case("rollback --root node --to 1 web", node="next", quick=True),
    case("gc --root node", status=1, node="orphan"),  # a base spec that containerd may name stays
    case("gc --root node --base-specs", node="orphan"),
    case("gc --root node --base-specs --dry-run", node="orphan"),
    case("bench -t 0.01 -f json small.bpf", times=True),
    case("arches"),
    case("syscalls -a x86_64", quick=True),
    case("syscalls -a x86_64 read"),
    case("help compile"),
    case("--help"),
    case("--version"),
    case("version"),
]
