"""What passed and what did not: a line for each that did not, and the totals at the end."""

import sys

passed = failed = 0


def check(good, what):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"  FAIL  {what}", flush=True)


def finish(name, least=1):
    """Ends the test: it failed, too, where less passed than there is at least."""
    print(f"{name}: {passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed < least)
