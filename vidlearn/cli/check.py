"""vidlearn check: notebooks against the outputs that are stored in them."""

from typing import Annotated

import typer
from typer import Argument

from vidlearn.cli.interrupt import SilentInterrupt


def check(notebooks: Annotated[list[str] | None, Argument(
        metavar="NOTEBOOK", help="Paths or numbers; without them, the whole course.")] = None):
    """Run notebooks and compare each output with the stored one.

    Your copy of a lesson is compared with the recorded lesson: cells that you wrote only have to
    run, and the check of your answer has to find it right.

    \b
    Examples:
      vidlearn check 24
      vidlearn check course/10_convolution.ipynb
      vidlearn check my-course/notebooks/10_convolution.ipynb
    """
    with SilentInterrupt():
        from vidlearn.course import replay

    failed = False
    for path in replay.find(notebooks):
        found = replay.judge(path)
        failed |= bool(found.differ)
        typer.echo(f"{path.stem}: {found}")
    raise typer.Exit(int(failed))
