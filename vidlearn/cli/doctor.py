"""vidlearn doctor: is this machine ready?"""

import typer

from vidlearn.cli.interrupt import SilentInterrupt


def doctor():
    """Check this machine and say how to fix what is wrong.

    Exit code 1 if a lesson would fail.
    """
    with SilentInterrupt():
        from vidlearn.doctor import report

    raise typer.Exit(report())
