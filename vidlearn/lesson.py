"""What a notebook starts with: `lesson.start("24")`.

Arrays print in a readable width, `lesson.data` finds the clips of the course, and a name that
is not defined yet says which cell makes it.
"""

import json
import os
import symtable
from pathlib import Path

import numpy as np

from vidlearn import lab
from vidlearn.datasets.real import fetched


def start(number):
    """Set up a notebook: how arrays print, and a hint where a cell was run out of order.

    `number` is the first part of the notebook's file name: "24" of 24_conv3d.ipynb.
    """
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    shell = _shell()
    if shell is not None:
        shell.set_custom_exc((NameError,), _explain(number))
    print(f"Lesson {number} is ready. Shift+Enter runs a cell.")


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


def hint(name, number):
    """What to do where `name` is not defined; "" if no cell of notebook `number` makes it."""
    for source in _code_cells(number):
        if name in _made(source):
            first = source.strip().splitlines()[0]
            return (f"`{name}` is made in the cell that begins   {first}\n"
                    "In the menu: Run → Run All Above Selected Cell. Then run this cell again.")
    return ""


def _explain(number):
    """A handler for IPython: a NameError with a hint where there is one, as ever where not."""
    def explain(shell, etype, error, trace, tb_offset=None):
        words = hint(error.name, number)
        if words:
            error._render_traceback_ = lambda: [f"NameError: {error}\n{words}"]
        shell.showtraceback((etype, error, trace), tb_offset=tb_offset)
    return explain


def _shell():
    try:
        from IPython import get_ipython
    except ImportError:                               # a plain script: nothing to explain
        return None
    return get_ipython()


def _code_cells(number):
    """The sources of the code cells of the notebook with this number, in the current folder."""
    for path in sorted(Path.cwd().glob(f"{number}_*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return []


def _made(source):
    """The names that a cell makes: by =, def, class, import, for or with."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except SyntaxError:                               # a cell of magics, or half written
        return set()
    return {symbol.get_name() for symbol in symbols
            if symbol.is_assigned() or symbol.is_imported()}
