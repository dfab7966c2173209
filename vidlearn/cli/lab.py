"""vidlearn lab: the course in JupyterLab."""

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from vidlearn.course import lab as course_lab

HOME = Path("~/vidlearn-course")


def lab(
    folder: Annotated[Path, Argument(
        metavar="FOLDER", help="Where to put your copy. Without it, a checkout opens in place."
    )] = HOME,
    browser: Annotated[bool, Option(help="Open a browser window.")] = True,
):
    """Open the course in JupyterLab, in a copy of your own.

    Ctrl-C ends it. Run it again after an update: no file that you changed is overwritten.

    \b
    Examples:
      vidlearn lab
      vidlearn lab my-course --no-browser
    """
    folder = folder.expanduser()
    if folder == HOME.expanduser() and not course_lab.BUNDLED.is_dir():
        raise typer.Exit(course_lab.start(course_lab.course(), browser))
    typer.echo(f"{folder}: {course_lab.copy(course_lab.course(), folder)}")
    raise typer.Exit(course_lab.start(folder, browser))
