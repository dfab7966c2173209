"""The kernel of `vidlearn lab` runs this Python, and hints before any cell has asked for hints."""

import os
import sys

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

from vidlearn.course import jupyter_kernel


def test_jupyter_takes_it_for_its_python_and_keeps_the_readers_other_kernels(
        tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "mine")
    found = jupyter_kernel.settings(tmp_path)["JUPYTER_PATH"]
    assert found == f"{tmp_path}{os.pathsep}mine"
    monkeypatch.setenv("JUPYTER_PATH", found)
    spec = KernelSpecManager().get_kernel_spec("python3")
    assert spec.resource_dir == str(tmp_path / "kernels" / "python3")
    assert spec.argv[0] == sys.executable and spec.argv[-1] == jupyter_kernel.HINTS


def test_a_cell_run_before_the_first_one_is_told_which_to_run(notebook, tmp_path, monkeypatch):
    path = notebook("import numpy as np", "np.zeros(2)")
    monkeypatch.setenv("JUPYTER_PATH", jupyter_kernel.settings(tmp_path / "lab")["JUPYTER_PATH"])
    cells = nbformat.read(path, 4).cells
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), allow_errors=True)
    with client.setup_kernel(env=os.environ | {"JPY_SESSION_NAME": str(path)}):
        client.execute_cell(cells[1], 1)
    assert "`np` is defined in the cell that begins   import numpy as np" in (
        "".join(cells[1].outputs[0].traceback))
