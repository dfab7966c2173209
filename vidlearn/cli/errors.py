"""How the command line shows an error: one line for the user, or the whole traceback.

One line: what this package refuses, wrong usage, a file that cannot be read or written, a library
that is missing, and too little memory. Any other error is a fault of the program: whoever mends it
needs the traceback. `--debug` shows it always.
"""

import errno
import os
import re
import warnings
from contextlib import contextmanager

import typer
from typer.core import TyperCommand, TyperGroup

from vidlearn.checks import is_refusal

UsageError = typer.BadParameter.__base__
ADVICE = {                        # what the library advises -> what a command has for it
    "strict=False": "--allow-damaged", "skip_damaged=True": "--skip-damaged",
    "allow_damaged=True": "--allow-damaged",
    "vidlearn.datasets.Folder reads a folder of clips": "Give one of the clips in it",
    "Take fewer (count=, step=, start=, stop=) or smaller ones (size=, crop=), raise budget=, or go"
    " through video.frames(path)": "A classifier of fewer or smaller frames takes less",
    "Image.open(path).save('out.gif', save_all=True)":
        "python -c \"from PIL import Image; Image.open('clip.webp').save('out.gif', "
        "save_all=True)\"",
    "Cache().clear() empties it, and so does deleting it": "deleting that folder empties it",
}


class Command(TyperCommand):
    """A command that refuses an empty word: as a path it would mean the current folder.

    Of a name that begins with -, such as many of YouTube's, it says how to give it.
    """

    def parse_args(self, ctx, args):
        words = list(args)                            # parsing empties it
        try:
            return self._parsed(ctx, args)
        except UsageError as error:
            if not (name := _name_with_dash(words, error)):
                raise
            why = error.format_message().rstrip(".")
            raise UsageError(f"{why}. A name that begins with - goes behind --, after the options: "
                             f"{ctx.command_path} ... -- {name}", ctx=ctx) from error

    def _parsed(self, ctx, args):
        values, *_ = self.make_parser(ctx).parse_args(list(args))
        for param in self.params:
            given = values.get(param.name)
            words = given if isinstance(given, (list, tuple)) else [given]
            if any(isinstance(word, str) and not word.strip() for word in words):
                raise UsageError(_empty(param), ctx=ctx)
        return super().parse_args(ctx, args)


class Group(TyperGroup):
    """Shows an error in one line and exits with 1, or lets its traceback through.

    Wrong usage exits with 2, Ctrl-C with 130.
    """

    def make_context(self, *args, **options):
        """Read what stands before the name of the command."""
        try:
            return super().make_context(*args, **options)
        except UsageError as error:
            raise _misused(error) from error

    def invoke(self, ctx):
        """Read what follows the name of the command, and run it."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise _misused(error) from error
        except KeyboardInterrupt:
            typer.echo("\nvidlearn: stopped", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:                       # `| head` has seen enough
            raise
        except Exception as error:
            if ctx.params["debug"] or not is_for_the_user(error):
                raise
            typer.echo(f"vidlearn: {in_one_line(error)}", err=True)
            raise typer.Exit(1) from error


def is_for_the_user(error):
    """Whether the message of an error is enough, without its traceback."""
    if is_refusal(error):
        return True
    if isinstance(error, OSError):                    # a full disk under `>` has no name
        return error.filename is not None or error.errno == errno.ENOSPC
    if isinstance(error, ImportError):                # of our own modules: a fault of ours
        return not (error.name or "").startswith("vidlearn")
    return isinstance(error, MemoryError)


def in_one_line(error):
    """The message of an error, and what mends it, in words of the command line."""
    words = str(error) or type(error).__name__
    if isinstance(error, ImportError):
        words = f"{error}: vidlearn doctor says what mends it"
    elif isinstance(error, OSError) and error.strerror and error.filename:
        words = f"{error.strerror}: {error.filename}"
    return in_commands(re.sub(r"\s*\n\s*", " ", words))


def in_commands(words):
    """What the library says, with a command's option in place of each argument."""
    for advice, option in ADVICE.items():
        words = words.replace(advice, option)
    return words


@contextmanager
def warnings_in_one_line():
    """Show each warning of the block as one line for the user, without the code it is from."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda message, *_, **__: typer.echo(
            in_commands(str(message)), err=True)
        yield


def _name_with_dash(words, error):
    """The word that was taken for options and is probably a name, or None."""
    words = words[:words.index("--")] if "--" in words else words
    unknown = getattr(error, "option_name", None)
    return next((word for word in words if word[:1] == "-" and (
        os.path.lexists(word) or word[1:2] != "-" and len(word) > 2 and unknown in (
            *(f"-{letter}" for letter in word[1:]), word))), None)


def _empty(param):
    name = param.metavar if param.param_type_name == "argument" else max(param.opts, key=len)
    hint = " Use . for the current folder." if param.metavar == "FOLDER" else ""
    return f"{name} is empty.{hint}"


def _misused(error):
    """What to raise for wrong usage, once it is said; a group without a command shows its help."""
    if "NoArgs" in type(error).__name__:
        return error
    command = error.ctx.command_path if error.ctx else "vidlearn"
    typer.echo(f"vidlearn: {error.format_message()} ({command} -h shows how)", err=True)
    return typer.Exit(2)
