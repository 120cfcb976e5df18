"""What passed and what did not, a line each."""

import re

passed = failed = 0


def verdict(good, text, *more):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(("  " if good else "  FAIL  ") + text, flush=True)
    for line in more if not good else ():
        print(f"        {line}")


def plain(text, top):
    """Without what differs from run to run."""
    return re.sub(r"\b[0-9a-f]{64}\b", "ID", text.replace(top, "DIR"))
