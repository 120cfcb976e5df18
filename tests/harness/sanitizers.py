"""A sanitizer's runtime, where it is a library, is to be preloaded before anything else."""

import re
import subprocess


def needed_by(program):
    needed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return re.findall(r"=> (\S*/lib(?:a|ub)san\S*)", needed)
