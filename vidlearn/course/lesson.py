"""What a notebook starts with: `lesson.start("24")`.

Arrays print in a readable width, `lesson.data` finds the clips of the course, and a name that
is not defined yet says which cell makes it.
"""

import os
from pathlib import Path

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.course import lab, ordering
from vidlearn.datasets.real import fetched


def start(number):
    """Set up a notebook: how arrays print, and a hint where a cell was run out of order.

    `number` is the first part of the notebook's file name: "24" of 24_conv3d.ipynb.
    """
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    shell = _shell()
    if shell is not None:
        ordering.watch(shell, lambda: _notebook(number))
    print(f"Lesson {number} is ready. Shift+Enter runs a cell.")


def load_ipython_extension(shell):
    """Hint from the first cell on, in a kernel that is started with this module as an extension."""
    ordering.watch(shell, lambda: _session() or Path())


def data(name):
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


def real(file):
    """The path of a real clip that `vidlearn data get` brought, by its name; None without it.

    None, too, while a lesson is tested or recorded: it then shows what every machine can show.
    """
    path = None if "PYTEST_CURRENT_TEST" in os.environ else fetched(file)
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


given.check(globals(), {"number name file": kinds.WORD})
