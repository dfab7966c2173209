"""What to do where a cell fails because the cells of a notebook did not run in their order.

A name that is not defined yet: the cell that defines it. A name that a cell further down has taken
over: which cell did, and which one should have. A name of a cell that stopped half-way: that cell.
Any other error: a cell above that has not run, and makes or changes something that this one uses.
"""

import ast
import json
import symtable
from dataclasses import dataclass
from pathlib import Path

ABOVE = "In the menu: Run → Run All Above Selected Cell. Then run this cell again."


@dataclass(eq=False)
class Cell:
    """The code of a cell, and its identity if Jupyter gives one."""

    source: str
    identity: str | None = None

    def __eq__(self, other):
        """Whether it is the same cell; its code may have changed since."""
        if self.identity and other.identity:
            return self.identity == other.identity
        return self.source == other.source

    @property
    def first(self):
        """Its first line, by which a reader finds it."""
        return self.source.strip().split("\n")[0]


class CellOrder:
    """Records which cells of a shell have run, and which of them defined each name last.

    `notebook` is a function that gives the path of the notebook.
    """

    def __init__(self, shell, notebook):
        self.names, self.notebook = shell.user_ns, notebook
        self.made, self.ran, self.stopped = {}, [], []
        self.running, self.before = Cell(""), {}
        shell.events.register("pre_run_cell", self._begins)
        shell.events.register("post_run_cell", self._ends)

    def hint(self, error):
        """What to do about an error in the cell that runs; "" if its order explains nothing."""
        cells = code_cells(self.notebook())
        inside = error.__cause__                      # what an attempt raised, in a WrongAnswer
        for named in (error, inside):
            if type(named) is NameError:
                return missing(named.name, cells)
        return (replaced(self.running, cells, self.made)
                or unfinished(self.running, self.made, self.stopped)
                or skipped(self.running, cells, self.ran))

    def _begins(self, info):
        self.running = Cell(info.raw_cell, getattr(info, "cell_id", None))
        self.before = {name: self._state(name) for name in _defined(info.raw_cell)}

    def _ends(self, result):
        if result.info:
            cell = Cell(result.info.raw_cell, getattr(result.info, "cell_id", None))
            self.ran.append(cell)
            self.stopped = [other for other in self.stopped if other != cell]
            self.stopped += [] if result.success else [cell]
        for name, before in self.before.items():      # a cell that fails has defined some of them
            if result.success or self._state(name) != before:
                self.made[name] = self.running

    def _state(self, name):
        """Changes when a name is defined anew, even as None."""
        return name in self.names, id(self.names.get(name))


def missing(name, cells):
    """What to do where `name` is not defined; "" if none of the `cells` defines it."""
    for cell in cells:
        if name in _defined(cell.source):
            return f"`{name}` is defined in the cell that begins   {cell.first}\n{ABOVE}"
    return ""


def replaced(running, cells, made):
    """What to do where a name that a cell uses was defined last by the wrong cell.

    `made` holds the cell that defined each name last; "" if all is in order.
    """
    above = _above(running, cells)
    for name in sorted(_used(running.source) & made.keys()):
        right = next((cell for cell in reversed(above) if name in _defined(cell.source)), running)
        if right != running != made[name] != right:
            return (f"`{name}` was last defined in the cell that begins   {made[name].first}\n"
                    f"It should come from the cell that begins   {right.first}\n{ABOVE}")
    return ""


def unfinished(running, made, stopped):
    """What to do where a name comes from a cell that stopped half-way; "" if none does."""
    for name in sorted(_used(running.source) & made.keys()):
        if made[name] in stopped and made[name] != running:
            return (f"`{name}` is defined in the cell that begins   {made[name].first}\n"
                    f"That cell stopped with an error before its end. {ABOVE}")
    return ""


def skipped(running, cells, ran):
    """What to do where a cell above that makes or changes what is used here has not run; else "".

    It cannot be known where Jupyter gives no identities: the reader may have changed a cell's code.
    """
    used = _used(running.source) - set().union(*(_imported(cell.source) for cell in cells))
    unrun = [cell for cell in _above(running, cells) if cell not in ran
             and (_defined(cell.source) | _changed(cell.source)) & used]
    if not unrun or not running.identity:
        return ""
    return f"This cell above has not run yet:   {unrun[0].first}\n{ABOVE}"


def code_cells(path):
    """The code cells of the notebook at `path`; none if it cannot be read."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        return [Cell("".join(cell["source"]), cell.get("id")) for cell in cells
                if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):       # it is being saved, or it is gone
        return []


def _above(running, cells):
    return cells[:cells.index(running)] if running in cells else []


def _defined(source):
    """The names that a cell defines: by =, def, class, import, for or with."""
    return {symbol.get_name() for symbol in _symbols(source)
            if symbol.is_assigned() or symbol.is_imported()}


def _imported(source):
    return {symbol.get_name() for symbol in _symbols(source) if symbol.is_imported()}


def _changed(source):
    """The names of what a cell may change in place: by x[0] = 1, x.y = 1 or x.append(1)."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return set()
    calls = {id(node.value.func) for node in nodes
             if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)}
    parts = [node for node in nodes if isinstance(node, (ast.Subscript, ast.Attribute))
             and (isinstance(node.ctx, ast.Store) or id(node) in calls)]
    return {node.value.id for node in parts if isinstance(node.value, ast.Name)}


def _used(source):
    return {symbol.get_name() for symbol in _symbols(source) if symbol.is_referenced()}


def _symbols(source):
    try:
        return symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError):                 # a cell of magics, or half written
        return []
