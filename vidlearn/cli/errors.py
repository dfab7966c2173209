"""How the command line tells a user's mistake: in one line, without a traceback."""

import re

import typer
from typer.core import TyperGroup

MISTAKES = (OSError, ValueError, NotImplementedError, ImportError, MemoryError)
UsageError = typer.BadParameter.__base__


class Plain(TyperGroup):
    """Says a user's mistake in one line and exits with 1; --debug shows where it came from.

    Wrong usage exits with 2, Ctrl-C with 130.
    """

    def make_context(self, *args, **options):
        """Read what stands before the name of the command."""
        try:
            return super().make_context(*args, **options)
        except UsageError as error:
            raise _misused(error) from None

    def invoke(self, ctx):
        """Read what follows it, and run it."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise _misused(error) from None
        except KeyboardInterrupt:
            typer.echo("\nvidlearn: stopped", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:                       # `| head` has seen enough
            raise
        except Exception as error:
            if ctx.params["debug"] or not _is_told(error):
                raise
            typer.echo(f"vidlearn: {_words(error)}", err=True)
            raise typer.Exit(1) from None


def _misused(error):
    """What to raise for wrong usage, once it is said; a group without a command shows its help."""
    if "NoArgs" in type(error).__name__:
        return error
    command = error.ctx.command_path if error.ctx else "vidlearn"
    typer.echo(f"vidlearn: {error.format_message()} ({command} -h shows how)", err=True)
    return typer.Exit(2)


def _is_told(error):
    """Is it one of vidlearn's own errors, or of the kind that a user's mistake raises?"""
    return isinstance(error, MISTAKES) or type(error).__module__.startswith("vidlearn.")


def _words(error):
    words = str(error) or type(error).__name__
    if isinstance(error, ImportError):
        words = f"{error}: vidlearn doctor says what mends it"
    elif isinstance(error, OSError) and error.strerror and error.filename:
        words = f"{error.strerror}: {error.filename}"
    return re.sub(r"\s*\n\s*", " ", words)
