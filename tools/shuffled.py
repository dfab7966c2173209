"""Run the cells of notebooks in random orders, as a reader may: is each failure explained?

    python -m tools.shuffled                    every notebook, 20 orders each
    python -m tools.shuffled 10 24 --orders 5   those with these numbers
    python -m tools.shuffled 24 --seed 7        further orders

Each order runs in a new IPython, in a process that has imported the modules and has no names. For
each notebook it prints how many cells ran and how many failed, and each fault:

    a NameError without the hint that names the cell to run
    another error without a hint, unless the cell is there to show it
    a check of a blank that says ✓
    a process that died, or a cell that does not end
"""

import argparse
import ast
import multiprocessing
import os
import random
import re
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from tools.record import SETTINGS
from vidlearn.course import lesson, replay

HINTS = ("is defined in the cell that begins", "was last defined in the cell that begins",
         "That cell stopped with an error", "This cell above has not run yet")


@dataclass
class Tally:
    """How many cells of all orders ended in which way, and the faults in words."""

    outcomes: Counter = field(default_factory=Counter)
    faults: list = field(default_factory=list)

    def __str__(self):
        seen = ", ".join(f"{count} {what}" for what, count in sorted(self.outcomes.items()))
        return "\n  ".join([f"{'✗' if self.faults else '✓'} {self.outcomes.total()} cells: {seen}",
                            *self.faults])


def shuffled(path, orders, seed=0):
    """Run the code cells of the notebook at `path` in this many random orders; return a Tally."""
    stored, tally = nbformat.read(path, 4), Tally()
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    _import(code)
    for number in range(seed, seed + orders):
        order = random.Random(number).sample(range(len(code)), len(code))
        _tell(code, order, _said_by(path, [code[k] for k in order]), number, tally)
    return tally


def judge(cell, error, text):
    """How a cell that was run out of order ended: (outcome, a fault or None).

    `error` is the name of the error that it raised, or None; `text` all that it printed.
    """
    if ".check(" in cell.source and re.search("^✓", text, re.M):
        return "a wrong ✓", text.strip()
    if error is None:
        return "ran", None
    if any(hint in text for hint in HINTS):
        return "hinted", None
    meant = {output.ename: output.evalue for output in cell.outputs if "ename" in output}
    if error in meant and (error != "NameError" or meant[error] in text):
        return "failed as meant", None
    return "unexplained", text.strip().splitlines()[-1][:200] if text.strip() else error


def _tell(code, order, said, seed, tally):
    for place, k in enumerate(order, 1):
        error, text = next(said, ("did not end", ""))
        outcome, fault = ((error, "") if error == "did not end" else judge(code[k], error, text))
        tally.outcomes[outcome] += 1
        if fault is not None:
            tally.faults.append(f"seed {seed}, {place}. to run: In [{k + 1}] "
                                f"{code[k].source.splitlines()[0][:60]!r}: {outcome}: {fault}")
        if outcome == "did not end":
            return


def _said_by(path, cells):
    """Run the cells in a new process; yield (the name of its error, text) for each."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(
        target=_run, args=(path, cells, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        with suppress(EOFError):                      # the process died
            while ours.poll(replay.TIMEOUT):
                yield ours.recv()
    finally:
        child.kill()
        child.join()


def _run(path, cells, told):
    """Run cells in a new IPython in the notebook's folder, with the hints of `vidlearn lab`."""
    os.chdir(path.parent)
    os.environ |= SETTINGS | {"JPY_SESSION_NAME": str(path), "MPLBACKEND":
                              "module://matplotlib_inline.backend_inline"}
    shell = InteractiveShell.instance(colors="nocolor", history_manager=None)
    shell.extension_manager.load_extension(lesson.__name__)
    for cell in cells:
        with capture_output() as said:
            result = shell.run_cell(cell.source, cell_id=cell.id)
        error = result.error_before_exec or result.error_in_exec
        told.send((type(error).__name__ if error else None, said.stdout + said.stderr))


def _import(code):
    """Import once, in the parent process, what every order imports; no name is left."""
    for cell in code:
        for statement in ast.parse(cell.source).body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                exec(ast.unparse(statement), {})


def main():
    """Report on the notebooks of the command line; exit with 1 if one has a fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="such as 10 24; all if none is given")
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first order")
    asked, failed = parser.parse_args(), False
    for path in map(Path, replay.find(asked.numbers)):
        tally = shuffled(path, asked.orders, asked.seed)
        failed |= bool(tally.faults)
        print(f"{path.stem}: {tally}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
