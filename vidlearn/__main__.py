"""The vidlearn command, also as `python -m vidlearn`; if it cannot start, doctor says why."""

import os
import sys


def main():
    """Run the command line; if it cannot be imported and doctor knows why, say that instead."""
    try:
        from vidlearn.cli.main import main as command
    except Exception:
        from vidlearn import doctor

        if sys.stdout:
            sys.stdout.reconfigure(errors="replace")  # ✓ on a console of any code page
        if doctor.report() and "--debug" not in sys.argv:
            sys.exit(1)
        raise
    command()


if __name__ == "__main__":
    if sys.path[0] == os.getcwd():                    # a torch.py in this folder is not PyTorch
        del sys.path[0]
    main()
