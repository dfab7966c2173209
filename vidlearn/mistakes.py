"""How the command line tells a user's mistake: in one line, without a traceback."""

import typer
from typer.core import TyperGroup

MISTAKES = (OSError, ValueError, NotImplementedError, ImportError)


class Plain(TyperGroup):
    """Says a user's mistake in one line and exits with 1; --debug shows where it came from."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except Exception as error:
            if ctx.params["debug"] or not _is_told(error):
                raise
            typer.echo(f"vidlearn: {_words(error)}", err=True)
            raise typer.Exit(1) from None


def _is_told(error):
    """Is it one of vidlearn's own errors, or of the kind that a user's mistake raises?"""
    return isinstance(error, MISTAKES) or type(error).__module__.startswith("vidlearn.")


def _words(error):
    if isinstance(error, ImportError):
        return f"{error}\nvidlearn doctor says what mends it"
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.strerror}: {error.filename}"
    return str(error)
