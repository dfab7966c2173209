"""The data part of the vidlearn command: real clips and weights to fetch."""

from typing import Annotated

import typer

from vidlearn.cli.interrupt import AtOnce

data = typer.Typer(no_args_is_help=True, help="Real clips and weights to fetch.")


@data.command("list")
def list_data():
    """List what there is: name, kind, size and licence."""
    with AtOnce():
        from vidlearn.datasets import real

    for source in real.available():
        typer.echo(f"{source.name:18} {source.kind:8} {source.bytes / 1e6:6.1f} MB  {source.what}\n"
                   f"{'':36} {source.licence}")


@data.command("get")
def get_data(name: Annotated[str, typer.Argument(
        metavar="NAME", help="As `vidlearn data list` shows it.")]):
    """Fetch clips or weights, checked by SHA-256; say where they are.

    \b
    Example:
      vidlearn data get walking
    """
    with AtOnce():
        from vidlearn.datasets import real

    for path in real.get(name):
        typer.echo(path)
