"""`python <folder>/lazuli_worker <plan.json>`: run as a folder, so that its modules do not stand in the user's way."""

import os
import sys


def run() -> int:
    """Imports the host as a package and takes its folder off the path again: a script may have a `frames.py` too."""
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    from lazuli_worker.host import main

    del sys.path[0]
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
