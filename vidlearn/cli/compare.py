"""vidlearn compare: the same call by hand and by PyTorch."""

from typing import Annotated

import typer
from typer import Argument, Option

from vidlearn.cli.interrupt import SilentInterrupt
from vidlearn.cli.options import COUNT


def compare(
    name: Annotated[str, Argument(metavar="NAME", help="A function (conv3d) or a layer (LSTM).")],
    shapes: Annotated[list[str] | None, Argument(
        metavar="SHAPE", help="Shapes of its arrays; without them, ready-made ones.")] = None,
    settings: Annotated[list[str] | None, Option(
        "--set", metavar="OPTION=VALUE", help="Such as stride=2. Repeat it for more.")] = None,
    race: Annotated[bool, Option(help="Also time both sides.")] = True,
    threads: Annotated[int, Option(**COUNT, help="Threads on each side.")] = 1,
):
    """Call by hand and PyTorch: do they agree, and how fast is each?

    \b
    Examples:
      vidlearn compare conv3d
      vidlearn compare conv2d 8,3,32,32 16,3,5,5 --set stride=2 --no-race
    """
    with SilentInterrupt():
        from vidlearn import compare
        from vidlearn.compare import example_calls

    arrays, options = example_calls.arrays_and_options(name, shapes or (), settings or ())
    compare.twins(name, *arrays, **options)
    if race:
        typer.echo(compare.race(name, *arrays, threads=threads, **options))
