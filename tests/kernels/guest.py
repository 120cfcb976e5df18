"""A machine booted once: files in, the lines of its console out."""

import os
import select
import shlex
import subprocess
import time

QUIET = ("quiet loglevel=1 panic=-1 log_buf_len=2M sysctl.kernel.printk_ratelimit=0 "
         "audit_backlog_limit=8192")


def cpio(files):
    """A newc archive of {name: (mode, bytes)}; directories come from the names."""
    entries = {}
    for name, entry in files.items():
        parts = name.split("/")
        for i in range(1, len(parts)):
            entries.setdefault("/".join(parts[:i]), (0o040755, b""))
        entries[name] = entry
    entries["TRAILER!!!"] = (0, b"")
    out = bytearray()
    for inode, (name, (mode, data)) in enumerate(entries.items(), 1):
        path = name.encode() + b"\0"
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
        for part in (b"070701" + b"".join(b"%08x" % field for field in fields) + path, data):
            out += part + bytes(-(len(out) + len(part)) % 4)
    return bytes(out)


class Guest:
    def __init__(self, machine, program, kernel, initrd):
        qemu, *options = shlex.split(machine.qemu)
        self.command = [program or qemu, *options, "-kernel", str(kernel), "-initrd", str(initrd),
                        "-append", f"{machine.append} {QUIET}", "-nographic", "-nodefaults",
                        "-no-reboot", "-monitor", "none", *shlex.split(machine.serial)]

    def lines(self, seconds):
        """(time, line) of each line, as it comes, until "@end", QEMU's end or silence for so long."""
        start = heard = time.monotonic()
        process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            rest = b""
            while (left := heard + seconds - time.monotonic()) > 0:
                if not select.select([process.stdout], [], [], left)[0]:
                    break
                data = os.read(process.stdout.fileno(), 1 << 16)
                if not data:
                    return
                heard = time.monotonic()
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    text = line.decode(errors="replace").strip("\r")
                    yield time.monotonic() - start, text
                    if text == "@end":
                        return
            yield time.monotonic() - start, f"(nothing more came in {seconds} s)"
        finally:
            process.kill()
            process.wait()
