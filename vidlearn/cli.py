"""The vidlearn command. Heavy imports stay inside the commands, so that --help is fast."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from vidlearn import lab as labs

MISTAKES = (OSError, ValueError, NotImplementedError)   # what vidlearn raises for a user's mistake
HOME = Path("~/vidlearn-course")

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


class Plain(TyperGroup):
    """Says a user's mistake in one line and exits with 1; --debug shows where it came from."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except (*MISTAKES, ImportError) as error:
            if ctx.params["debug"]:
                raise
            typer.echo(f"vidlearn: {_words(error)}", err=True)
            raise typer.Exit(1) from None


def _words(error):
    if isinstance(error, ImportError):
        return f"{error}\nvidlearn doctor says what mends it"
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.strerror}: {error.filename}"
    return str(error)


app = typer.Typer(cls=Plain, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]})


def main():
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):           # ✓ and 中 on a console of any code page
        stream.reconfigure(errors="replace")
    app(prog_name="vidlearn")


@app.callback()
def start(debug: Debug = False):
    """Deep learning for video, written twice: by hand in NumPy and with PyTorch.

    Begin with:  vidlearn lab
    """


@app.command()
def lab(
    folder: Annotated[Path, typer.Argument(
        help="Where your copy of the course goes; a source checkout opens in place.")] = HOME,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
):
    """Open the course in JupyterLab, in a copy of your own.

    A file that you changed is never overwritten: run this again after an update.

    \b
    Examples:
      vidlearn lab
      vidlearn lab my-course --no-browser
    """
    folder = folder.expanduser()
    if folder == HOME.expanduser() and not labs.BUNDLED.is_dir():
        raise typer.Exit(labs.start(labs.course(), browser))
    done = labs.copy(labs.course(), folder)
    typer.echo(f"{folder}: {len(done.new)} files new, {len(done.updated)} updated")
    for name in done.kept:
        typer.echo(f"  kept your {name}")
    raise typer.Exit(labs.start(folder, browser))


@app.command()
def doctor():
    """Examine this machine; exit code 1 if a lesson would fail."""
    from vidlearn import doctor

    raise typer.Exit(doctor.report())


@app.command()
def check(notebooks: Annotated[list[str] | None, typer.Argument(
        metavar="[NOTEBOOK]...", help="Paths or numbers; all of the course if none.")] = None):
    """Run notebooks: does each cell say what is stored?

    \b
    Examples:
      vidlearn check 24
      vidlearn check my-course/notebooks/10_convolution.ipynb
    """
    from vidlearn import verdict

    failed = False
    for path in verdict.find(notebooks):
        found = verdict.judge(path)
        failed |= bool(found.differ)
        typer.echo(f"{path.stem}: {found}")
    raise typer.Exit(int(failed))
