"""Record notebooks: run each in a new kernel and store its outputs. Two runs leave no diff.

    python -m tools.record               every notebook
    python -m tools.record 10 24         those with these numbers
    python -m tools.record --fresh 10    the outputs that no test compares, too

Outputs tagged nbval-ignore-output (times, the GPU) differ in each run. They stay as they are until
the code above them changes, or `--fresh` asks for them.
"""

import argparse
import hashlib
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"}}
VIEW = "application/vnd.jupyter.widget-view+json"     # means nothing without its kernel
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SETTINGS = {
    "PYTEST_CURRENT_TEST": "1",       # what C code prints is then captured as under pytest
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def main():
    """Record the notebooks that the command line names; exit with 1 if one fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="such as 10 24; all if none is given")
    parser.add_argument("--fresh", action="store_true", help="replace ignored outputs, too")
    asked = parser.parse_args()
    paths = [p for p in sorted(NOTEBOOKS.glob("*.ipynb"))
             if not asked.numbers or p.name.split("_")[0] in asked.numbers]
    if not paths:
        sys.exit(f"no notebook {' '.join(asked.numbers)} in {NOTEBOOKS.name}/")
    failed = [path.name for path in paths if not _told(path, asked.fresh)]
    sys.exit(f"not recorded: {' '.join(failed)}" if failed else 0)


def record(path, fresh=False):
    """Run the notebook at `path` and store its outputs in place.

    Raises   CellExecutionError if a cell fails that is not tagged raises-exception; the file
             is then left as it was
    """
    notebook = nbformat.read(path, 4)
    before = {cell.id: cell.outputs for cell in notebook.cells if _is_kept(cell, notebook, fresh)}
    client = NotebookClient(notebook, timeout=600, record_timing=False, store_widget_state=False,
                            coalesce_streams=True, extra_arguments=["--log-level=ERROR"],
                            resources={"metadata": {"path": path.parent}})
    client.execute(env=os.environ | SETTINGS)
    for cell in notebook.cells:
        _clean(cell)
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.metadata["recorded"] = _made_from(cell, notebook)
            cell.outputs = before.get(cell.id, cell.outputs)
    notebook.metadata = nbformat.from_dict(METADATA)
    nbformat.write(notebook, path)


def _told(path, fresh):
    before = path.read_bytes()
    try:
        record(path, fresh)
    except CellExecutionError as error:
        print(f"✗ {path.name}\n{error}")
        return False
    print(f"✓ {path.name}: {'as before' if path.read_bytes() == before else 'changed'}")
    return True


def _made_from(cell, notebook):
    """A hash of all the code from the top to this cell."""
    until = notebook.cells.index(cell) + 1
    code = [c.source for c in notebook.cells[:until] if c.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()[:12]


def _is_kept(cell, notebook, fresh):
    return not fresh and cell.metadata.get("recorded") == _made_from(cell, notebook)


def _clean(cell):
    """Keep what the reader sees, and nothing that differs from run to run."""
    cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags" and value}
    for output in cell.get("outputs", []):
        output.get("data", {}).pop(VIEW, None)
        if output.output_type == "error":
            output.traceback = _in_the_cell(output.traceback)


def _in_the_cell(traceback):
    """A traceback without its frames in files: their paths belong to this machine."""
    return [part for part in traceback if not COLOUR.sub("", part).startswith("File ")]


if __name__ == "__main__":
    main()
