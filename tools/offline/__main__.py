"""Run notebooks without a network: do they show what is stored, and does anything ask for it?

    python -m tools.offline           every notebook
    python -m tools.offline 10 24     those with these numbers

Every Python process that is started refuses all addresses but this machine's, and they are printed
here. What C code asks for is not seen: `unshare -rn sh -c 'ip link set lo up; vidlearn check'` cuts
that off, too.
"""

import argparse
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from vidlearn.course import replay

HERE = Path(__file__).parent


@contextmanager
def offline():
    """Give Python processes no network; yield a function that lists what they tried."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "tried.txt")
        notes.touch()
        path = os.pathsep.join(filter(None, [str(HERE), before.get("PYTHONPATH")]))
        os.environ |= {"PYTHONPATH": path, "OFFLINE_NOTES": str(notes)}
        try:
            yield lambda: notes.read_text(encoding="utf-8").splitlines()
        finally:
            os.environ.clear()
            os.environ.update(before)


def main():
    """Report on the notebooks of the command line; exit with 1 if one differs or tried."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="such as 10 24; all if none is given")
    numbers = parser.parse_args().numbers
    failed = False
    for path in map(Path, replay.find(numbers)):
        with offline() as tried:
            found = replay.judge(path)
            asked = [f"  asked for the network: {words}" for words in tried()]
        failed |= bool(found.differ or asked)
        print("\n".join([f"{path.stem}: {found}", *asked]), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
