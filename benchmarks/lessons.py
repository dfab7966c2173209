"""How long does each lesson take, and which of its cells take longest?

    python benchmarks/lessons.py [NUMBERS ...] [--slowest 3] [--write FILE]

Runs each notebook in a new kernel, with one thread a library, as the tests do. Prints a Markdown
table: the seconds of all code cells together, and the slowest cells, each with the beginning of its
longest line.
"""

import argparse
import os
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from tables import table, write

from vidlearn.course import replay

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTEST_CURRENT_TEST": "1"}


def cell_times(path):
    """Run a notebook; returns (seconds, source) of each code cell."""
    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, timeout=600, record_timing=True, extra_arguments=["--log-level=ERROR"],
                   resources={"metadata": {"path": path.parent}}).execute(env=os.environ | THREADS)
    return [(_seconds(cell.metadata.execution), cell.source) for cell in notebook.cells
            if cell.cell_type == "code"]


def _seconds(stamps):
    begin, end = (datetime.fromisoformat(stamps[f"iopub.{what}"])
                  for what in ("execute_input", "status.idle"))
    return (end - begin).total_seconds()


def row(path, slowest):
    """One row of the table."""
    cells = cell_times(path)
    longest = sorted(enumerate(cells, 1), key=lambda pair: -pair[1][0])[:slowest]
    named = (f"In [{number}] {seconds:.1f} s `{max(source.splitlines(), key=len).strip()[:40]}`"
             for number, (seconds, source) in longest)
    total = sum(seconds for seconds, _ in cells)
    return [path.stem, f"{total:.1f} s", "; ".join(named)]


def main():
    """Print the table, and write it to a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="such as 10 24; without numbers, all")
    parser.add_argument("--slowest", type=int, default=3, help="how many cells to list")
    parser.add_argument("--write", type=Path, help="a Markdown file for the table")
    asked = parser.parse_args()
    paths = map(Path, replay.find(asked.numbers))
    write(asked.write, table(["lesson", "all cells", "the slowest"],
                             (row(path, asked.slowest) for path in paths)))


if __name__ == "__main__":
    main()
