"""What to say where a cell fails because the cells of a notebook did not run in their order.

A name that is not there yet: the cell that makes it. A name that a cell further down has made
meanwhile: which one, and which it should be. A name of a cell that stopped half-way: that cell. Any
other error: a cell above that has not run.
"""

import json
import symtable
from dataclasses import dataclass
from pathlib import Path

from vidlearn.checks import given

ABOVE = "In the menu: Run → Run All Above Selected Cell. Then run this cell again."


@dataclass(eq=False)
class Cell:
    """The code of a cell, and the identity that Jupyter gives it, if it tells."""

    source: str
    identity: str | None = None

    def __eq__(self, other):
        """Is it the same cell? Its code may have been changed meanwhile."""
        if self.identity and other.identity:
            return self.identity == other.identity
        return self.source == other.source

    @property
    def first(self):
        """Its first line, by which a reader finds it."""
        return self.source.strip().split("\n")[0]


class Watch:
    """Watches a shell: which cell made each name last, and what an error may come from.

    `notebook` is a function that gives the path of the notebook.
    """

    def __init__(self, shell, notebook):
        self.names, self.notebook = shell.user_ns, notebook
        self.made, self.ran, self.stopped = {}, [], []
        self.running, self.before = Cell(""), {}
        shell.events.register("pre_run_cell", self._begins)
        shell.events.register("post_run_cell", self._ends)

    def _begins(self, info):
        self.running = Cell(info.raw_cell, getattr(info, "cell_id", None))
        self.before = {name: self._mark(name) for name in _made(info.raw_cell)}

    def _ends(self, result):
        if result.info:
            cell = Cell(result.info.raw_cell, getattr(result.info, "cell_id", None))
            self.ran.append(cell)
            self.stopped = [other for other in self.stopped if other != cell]
            self.stopped += [] if result.success else [cell]
        for name, value in self.before.items():       # one that fails has made some of them
            if result.success or self._mark(name) != value:
                self.made[name] = self.running

    def _mark(self, name):
        """What tells whether a name was made anew, be it with None."""
        return name in self.names, id(self.names.get(name))

    def explain(self, shell, etype, error, trace, tb_offset=None):
        """Show an error as IPython does, and after it what may help."""
        cells = code_cells(self.notebook())
        _end_at_the_reader(trace)
        if etype is NameError and (words := missing(error.name, cells)):
            error._render_traceback_ = lambda: [f"NameError: {error}\n{words}"]
        elif etype is not NameError and (
                words := replaced(self.running, cells, self.made)
                or unfinished(self.running, self.made, self.stopped)
                or skipped(self.running, cells, self.ran)):
            shown = (error._render_traceback_() if hasattr(error, "_render_traceback_") else
                     shell.InteractiveTB.structured_traceback(etype, error, trace, tb_offset))
            error._render_traceback_ = lambda: [*shown, words]
        shell.showtraceback((etype, error, trace), tb_offset=tb_offset, running_compiled_code=True)


def _end_at_the_reader(trace):
    """Leave off this package's frames where it raised the error itself: its words say it all."""
    on_purpose = given.raised_here(trace)
    while trace:
        if not given.is_ours(trace):
            last = trace
        trace = trace.tb_next
    if on_purpose:
        last.tb_next = None


def watch(shell, notebook):
    """Explain from now on the errors of a shell; asked again, it knows what it has seen."""
    if not hasattr(shell, "vidlearn"):
        shell.vidlearn = Watch(shell, notebook)
    shell.vidlearn.notebook = notebook
    shell.set_custom_exc((Exception,), shell.vidlearn.explain)


def missing(name, cells):
    """What to do where `name` is not defined; "" if none of the `cells` makes it."""
    for cell in cells:
        if name in _made(cell.source):
            return f"`{name}` is made in the cell that begins   {cell.first}\n{ABOVE}"
    return ""


def replaced(running, cells, made):
    """What to do where a name that a cell uses was made by another cell than it should be.

    `made` holds the cell that made each name last; "" if all is in order.
    """
    above = _above(running, cells)
    for name in sorted(_used(running.source) & made.keys()):
        right = next((cell for cell in reversed(above) if name in _made(cell.source)), running)
        if right != running != made[name] != right:
            return (f"`{name}` was last made in the cell that begins   {made[name].first}\n"
                    f"Here it should be that of the cell that begins   {right.first}\n{ABOVE}")
    return ""


def unfinished(running, made, stopped):
    """What to do where a name was made by a cell that then stopped; "" if none was."""
    for name in sorted(_used(running.source) & made.keys()):
        if made[name] in stopped and made[name] != running:
            return (f"`{name}` is made in the cell that begins   {made[name].first}\n"
                    f"That cell stopped with an error before its end. {ABOVE}")
    return ""


def skipped(running, cells, ran):
    """What to do where a cell above has not run; "" if all have, or nobody can tell.

    By their code alone cells cannot be told apart: a reader changes it.
    """
    unrun = [cell for cell in _above(running, cells) if cell not in ran]
    if not unrun or not running.identity:
        return ""
    return f"This cell above has not run yet:   {unrun[0].first}\n{ABOVE}"


def _above(running, cells):
    return cells[:cells.index(running)] if running in cells else []


def code_cells(path):
    """The code cells of the notebook at `path`; none if it cannot be read."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        return [Cell("".join(cell["source"]), cell.get("id")) for cell in cells
                if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):       # it is being saved, or it is gone
        return []


def _made(source):
    """The names that a cell makes: by =, def, class, import, for or with."""
    return {symbol.get_name() for symbol in _symbols(source)
            if symbol.is_assigned() or symbol.is_imported()}


def _used(source):
    return {symbol.get_name() for symbol in _symbols(source) if symbol.is_referenced()}


def _symbols(source):
    try:
        return symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError):                 # a cell of magics, or half written
        return []
