"""What a notebook starts with: `lesson.start("24")`.

Arrays print in a readable width, `lesson.data` finds the clips of the course, and an error shows
the reader's own line, and which cell to run first if one has not run. `lesson.predict` asks for a
guess, `lesson.measured` prints a number with the verdict on it.
"""

import os
import sys
from pathlib import Path
from traceback import format_exception

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.course import lab, shown_errors
from vidlearn.course.measured import measured
from vidlearn.course.prediction import predict
from vidlearn.datasets.real import fetched_path

__all__ = ["data", "load_ipython_extension", "measured", "predict", "real", "start", "traceback"]


@checked
def start(number: kinds.WORD):
    """Set up a notebook: how arrays print, and how errors are shown.

    `number` is the first part of the notebook's file name: "24" of 24_conv3d.ipynb.
    """
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    shell = _shell()
    if shell is not None:
        shown_errors.install(shell, lambda: _notebook(number))
    print(f"Lesson {number} is ready. Shift+Enter runs a cell.")


def load_ipython_extension(shell):
    """Show errors in this way from the first cell on: a kernel may load this as an extension."""
    shown_errors.install(shell, lambda: _session() or Path())


def traceback():
    """Print the last error with all the lines that it came through, this package's own too.

    At first a notebook shows only your line and the message of what this package refuses.
    """
    error, shell = getattr(sys, "last_value", None), _shell()
    if error is None:
        print("There has been no error.")
    elif shell is None:
        print("".join(format_exception(error)))
    else:
        print(shell.InteractiveTB.text(type(error), error, error.__traceback__))


@checked
def data(name: kinds.WORD):
    """The path of a file in the course's data folder.

    Raises   FileNotFoundError that lists what is there
    """
    folders = [Path.cwd().parent / "data", lab.course() / "data"]
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    there = sorted({path.name for folder in folders if folder.is_dir()
                    for path in folder.iterdir()})
    raise FileNotFoundError(f"no {name!r} in the course's data folder; it holds {there}")


@checked
def real(file: kinds.WORD):
    """The path of a real clip that `vidlearn data get` fetched, by its name; None without it.

    Also None while a lesson is tested or recorded: it then shows what every machine can show.
    """
    path = None if "PYTEST_CURRENT_TEST" in os.environ else fetched_path(file)
    return path and str(path)


def _shell():
    try:
        from IPython import get_ipython
    except ImportError:                               # a plain script: nothing to explain
        return None
    return get_ipython()


def _notebook(number):
    """The notebook with this number: the one that runs, or else one in the current folder."""
    running = _session()
    if running and running.name.startswith(f"{number}_"):
        return running
    return next(iter(sorted(Path.cwd().glob(f"{number}_*.ipynb"))), Path())


def _session():
    """The notebook that Jupyter started this kernel for, if it tells."""
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))
    return path if path.is_file() else None
