"""vidlearn lab: the course in JupyterLab."""

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from vidlearn.course import lab as course_lab


def lab(
    folder: Annotated[Path | None, Argument(
        metavar="FOLDER", help="Where to put your copy. Without it: course/ in a checkout, "
                               "~/vidlearn-course otherwise.")] = None,
    fresh: Annotated[list[str] | None, Option(
        metavar="NUMBER", help="Hand out this lesson anew; put your copy of it aside.")] = None,
    browser: Annotated[bool, Option(help="Open a browser window.")] = True,
):
    """Open the course in JupyterLab, in a copy of your own.

    The copy begins without results. Ctrl-C ends JupyterLab. Run this again after an update: no
    file that you changed is overwritten.

    \b
    Examples:
      vidlearn lab
      vidlearn lab --fresh 10
      vidlearn lab my-course --no-browser
    """
    folder = folder.expanduser() if folder else course_lab.home()
    typer.echo(f"{folder}: {course_lab.hand_out(folder, fresh or ())}")
    raise typer.Exit(course_lab.start(folder, browser))
