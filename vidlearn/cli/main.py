"""The vidlearn command. Heavy imports stay inside the commands, so that --help is fast."""

from vidlearn.cli.interrupt import SilentInterrupt

with SilentInterrupt():
    import sys
    from contextlib import suppress
    from typing import Annotated

    import typer

    from vidlearn.cli import check, classify, compare, data, detect, doctor, lab, track, train
    from vidlearn.cli.errors import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]})


@app.callback()
def start(debug: Annotated[bool, typer.Option(
        "--debug", help="Show the whole traceback of an error.")] = False):
    """Deep learning for video, written twice: by hand in NumPy and with PyTorch.

    Begin with:  vidlearn lab
    """


for command in (lab.lab, doctor.doctor, check.check, compare.compare, train.train,
                classify.classify, detect.detect, track.track):
    app.command(cls=Command)(command)
app.add_typer(data.data, name="data")


def main():
    """Run the command line."""
    for stream in filter(None, (sys.stdout, sys.stderr)):     # either may be closed
        stream.reconfigure(errors="replace", line_buffering=True)     # ✓ on any code page
    with SilentInterrupt():
        command = typer.main.get_command(app)
    try:
        command(prog_name="vidlearn")
    finally:
        with suppress(OSError, AttributeError):       # that the disk is full was told already
            sys.stdout.close()
