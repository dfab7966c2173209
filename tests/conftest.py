"""What several test files share: a tiny notebook, recorded as `make record` does it."""

import signal
import threading

import nbformat
import pytest
from hypothesis import settings
from nbformat.v4 import new_code_cell, new_notebook

from tools import record

settings.register_profile("without a clock", deadline=None)      # no test asserts a time
settings.load_profile("without a clock")


def pytest_configure():
    """Hear Ctrl-C as in a terminal: a job in the background ignores it, and tests send it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def notebook(tmp_path):
    """Write a notebook of these code cells, each a source or (source, tag); return its path."""
    def write(*cells, name="90_tiny.ipynb"):
        pairs = [(cell, None) if isinstance(cell, str) else cell for cell in cells]
        made = [new_code_cell(source, metadata={"tags": [tag] if tag else []})
                for source, tag in pairs]
        path = tmp_path / name
        nbformat.write(new_notebook(cells=made), path)
        return path
    return write


@pytest.fixture
def recorded(notebook):
    """The same, recorded; returns the path and the cells."""
    def write(*cells, **options):
        path = notebook(*cells, **options)
        record.record(path)
        return path, nbformat.read(path, 4).cells
    return write
