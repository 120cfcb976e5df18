"""The machines that are booted, and the ABIs of each: data, but for the two classes of kernels."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Debian:
    """The kernel a package of Debian's depends on, in the first suite that has it."""
    arch: str
    package: str
    suites: tuple = ("bookworm",)


@dataclass(frozen=True)
class Built:
    """A kernel made by `make kernels-mips` from Debian's source, with config/NAME."""
    config: str


@dataclass(frozen=True)
class Machine:
    name: str
    abis: tuple  # winnow's names; the first is the kernel's own
    kernel: object
    qemu: str  # the program and its machine
    package: str  # Debian package of that program
    append: str  # to the kernel's command line: its console
    quick: bool = False  # in `make check-kernels-quick`
    qemu_suite: str = ""  # where to take QEMU from if Debian's stable one is too old
    serial: str = "-serial stdio"
    sigsys: int = 31
    logs: bool = True  # what SCMP_ACT_LOG is for


# No MIPS kernel logs calls: audit_seccomp() needs CONFIG_AUDITSYSCALL, which MIPS does not have.
MIPS = {"package": "qemu-system-mips", "append": "console=ttyS0", "sigsys": 12, "logs": False}

# x86 kernels panic if their timer is late, as it is where the host has much else to do.
X86 = "console=ttyS0 mitigations=off no_timer_check"

AMD64 = {"qemu": "qemu-system-x86_64 -M q35 -m 256", "package": "qemu-system-x86",
         "append": f"{X86} syscall.x32=y"}
S390X = {"qemu": "qemu-system-s390x -M s390-ccw-virtio -cpu max -m 256",
         "package": "qemu-system-misc", "append": "console=ttysclp0",
         "serial": "-chardev stdio,id=console -device sclpconsole,chardev=console"}

MACHINES = (
    # Not the smaller cloud kernel: it has no x32.
    Machine("amd64", ("x86_64", "x86", "x32"), Debian("amd64", "linux-image-amd64"),
            **AMD64, quick=True),
    Machine("amd64-forky", ("x86_64", "x86", "x32"),
            Debian("amd64", "linux-image-amd64", ("forky",)), **AMD64),
    Machine("i686", ("x86",), Debian("i386", "linux-image-686"),
            "qemu-system-i386 -M pc -m 256", "qemu-system-x86", X86),
    Machine("arm64", ("aarch64", "arm"), Debian("arm64", "linux-image-cloud-arm64"),
            "qemu-system-aarch64 -M virt -cpu cortex-a57 -m 256", "qemu-system-arm",
            "console=ttyAMA0", quick=True),
    Machine("armhf", ("arm",), Debian("armhf", "linux-image-armmp"),
            "qemu-system-arm -M virt -cpu cortex-a15 -m 256", "qemu-system-arm", "console=ttyAMA0"),
    Machine("mips64el", ("mipsel64", "mipsel64n32", "mipsel"),
            Debian("mips64el", "linux-image-5kc-malta"),
            "qemu-system-mips64el -M malta -cpu MIPS64R2-generic -m 256", **MIPS, quick=True),
    Machine("mipsel", ("mipsel",), Debian("mipsel", "linux-image-4kc-malta"),
            "qemu-system-mipsel -M malta -m 256", **MIPS),
    Machine("mips64", ("mips64", "mips64n32", "mips"), Built("mips64"),
            "qemu-system-mips64 -M malta -cpu MIPS64R2-generic -m 256", **MIPS),
    Machine("mips", ("mips",), Built("mips"), "qemu-system-mips -M malta -m 256", **MIPS),
    # Bookworm's kernel: later ones have no 31-bit programs.
    Machine("s390x", ("s390x", "s390"), Debian("s390x", "linux-image-s390x"), **S390X,
            quick=True),
    Machine("s390x-forky", ("s390x",), Debian("s390x", "linux-image-s390x", ("forky",)),
            **S390X),
    Machine("ppc64el", ("ppc64le",), Debian("ppc64el", "linux-image-powerpc64le"),
            "qemu-system-ppc64 -M pseries -cpu power9 -m 1024 -vga none", "qemu-system-ppc",
            "console=hvc0"),
    Machine("riscv64", ("riscv64",), Debian("riscv64", "linux-image-riscv64", ("trixie", "forky")),
            "qemu-system-riscv64 -M virt -m 512", "qemu-system-misc opensbi", "console=ttyS0"),
    # The i8042 driver reads where this machine has nothing.
    Machine("loong64", ("loongarch64",), Debian("loong64", "linux-image-loong64", ("forky",)),
            "qemu-system-loongarch64 -M virt -cpu la464 -m 1024", "qemu-system-misc",
            "console=ttyS0,115200 initcall_blacklist=i8042_init",
            qemu_suite="bookworm-backports"),
)
