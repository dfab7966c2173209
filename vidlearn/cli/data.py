"""vidlearn data: real clips and weights to fetch."""

from typing import Annotated

import typer

from vidlearn.cli.errors import Command
from vidlearn.cli.interrupt import SilentInterrupt

data = typer.Typer(no_args_is_help=True, help="Fetch real clips and weights.")


@data.command("list", cls=Command)
def list_data():
    """List what there is: name, kind, size and licence."""
    with SilentInterrupt():
        from vidlearn.datasets import real

    for source in real.available():
        typer.echo(f"{source.name:18} {source.kind:8} {source.bytes / 1e6:6.1f} MB  "
                   f"{source.description}\n{'':36} {source.licence}")


@data.command("get", cls=Command)
def get_data(name: Annotated[str, typer.Argument(
        metavar="NAME", help="A name that `vidlearn data list` shows.")]):
    """Fetch clips or weights, verify their SHA-256, and print their paths.

    \b
    Example:
      vidlearn data get walking
    """
    with SilentInterrupt():
        from vidlearn.datasets import real

    for path in real.get(name):
        typer.echo(path)
