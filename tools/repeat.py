"""Run the code of notebooks twice in one kernel: does the second run show the same?

    python -m tools.repeat          every notebook
    python -m tools.repeat 10 24    those with these numbers

A reader runs a cell many times. What the first run left behind must not change the second.
"""

import argparse
import copy
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tools.compared import same
from tools.record import SETTINGS
from vidlearn.course import replay


def changed(path):
    """The counts of the cells that show something else when all run again in the same kernel.

    Raises   CellExecutionError if a cell fails that is not tagged raises-exception
    """
    notebook = nbformat.read(path, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    again = copy.deepcopy(code)
    for k, cell in enumerate(again):
        cell.id = f"again-{k}"
    notebook.cells = copy.deepcopy(code) + again
    client = NotebookClient(notebook, timeout=600, store_widget_state=False, coalesce_streams=True,
                            extra_arguments=["--log-level=ERROR"],
                            resources={"metadata": {"path": path.parent}})
    client.execute(env=os.environ | SETTINGS)
    return [cell.execution_count for cell, second in zip(code, again, strict=True)
            if "nbval-ignore-output" not in cell.metadata.get("tags", [])
            and not same(cell.outputs, second.outputs)]


def main():
    """Report on the notebooks of the command line; exit with 1 if one changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="such as 10 24; all if none is given")
    numbers = parser.parse_args().numbers
    counts = {path: changed(path) for path in map(Path, replay.find(numbers))}
    for path, cells in counts.items():
        print(f"✗ {path.name}: cells {cells} change" if cells else f"✓ {path.name}")
    sys.exit(any(counts.values()))


if __name__ == "__main__":
    main()
