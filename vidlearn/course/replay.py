"""Run a notebook in a fresh kernel: does every cell say what is stored? Strict nbval decides.

The pytest that `judge` starts has this module as a plugin, and so has every one that is started in
a checkout: where nbval would wait for its timeout, a kernel that has died is noticed in a second.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from xml.etree import ElementTree

import nbformat
import pytest

TIMEOUT = 120                                         # seconds that a cell may take
LINES = 12                                            # of a difference that are shown
COLOUR = re.compile(r"#x1B\[[0-9;]*m")                # as pytest writes them into XML
EXCEPT = Path(__file__).with_name("nbval.cfg")        # what is not compared
SETTINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class NotebookError(ValueError):
    """A notebook that cannot be run: it is not there, not a notebook, or holds no cells."""


class KernelDied(RuntimeError):
    """The process that runs the cells has ended before the cell has."""


@dataclass
class Verdict:
    """How many code cells there are, and what each that differs says: {count: text}.

    `unrun` cells come after one that did not end.
    """

    cells: int
    differ: dict
    unrun: int = 0

    def __str__(self):
        if not self.differ:
            return f"✓ {self.cells} cells say what is stored"
        said = "\n".join(f"  In [{count}]  {text}" for count, text in self.differ.items())
        rest = f"\n  not run after that: {self.unrun}" if self.unrun else ""
        return (f"✗ {len(self.differ)} of {self.cells} cells differ from what is stored\n"
                f"{said}{rest}")


def judge(path):
    """Run the notebook at `path` and compare each output with the stored one.

    Returns  Verdict
    Raises   NotebookError if it cannot be run
    """
    path = Path(path).resolve()
    if path.is_dir():
        some = next(path.glob("*.ipynb"), None)
        raise NotebookError(f"{path} is a folder, " + (f"name the notebooks in it: {some.name}..."
                                                       if some else "and no notebook is in it"))
    if path.suffix != ".ipynb" or not path.is_file():
        raise NotebookError(f"there is no notebook {path.name} in {path.parent}")
    try:
        nbformat.read(path, 4)
    except (ValueError, nbformat.ValidationError) as error:
        why = str(error).splitlines()[0]
        raise NotebookError(f"{path.name} is no notebook: {why}") from None
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.xml")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--color=no",
             f"--nbval-cell-timeout={TIMEOUT}", f"--nbval-sanitize-with={EXCEPT}",
             "-p", __name__, "-p", "no:cacheprovider", "-c", os.devnull,
             f"--rootdir={path.parent}", f"--junitxml={told}", path],
            env=os.environ | SETTINGS, capture_output=True, text=True)
        cases = list(ElementTree.parse(told).iter("testcase")) if told.exists() else []
    if not cases or done.returncode > 1:
        raise NotebookError(f"{path.name} cannot be run: {_last_line(done)}")
    differ = dict(_told(case) for case in cases if len(case) and case[0].tag != "skipped")
    unrun = sum(case.find("skipped[@type='pytest.xfail']") is not None for case in cases)
    return Verdict(len(cases), differ, unrun)


def find(asked):
    """Notebooks by path or by number ("24"); without any, all of the course.

    Numbers are those of the copy that one stands in, or else of the course that is installed.
    """
    from vidlearn.course import lab  # not where pytest only has a plugin of this

    homes = Path.cwd(), Path.cwd() / "notebooks", lab.course() / "notebooks"
    courses = (sorted(home.glob("[0-9][0-9]_*.ipynb")) for home in homes)
    every = next(filter(None, courses), [])
    if not asked:
        return every
    return [next((path for path in every if path.name.startswith(f"{name}_")), Path(name))
            for name in asked]


def pytest_configure(config):
    """Let nbval, if it is asked for, look whether the kernel is there while it waits for a message.

    And let matplotlib look for a folder here, where its warning changes no cell: if a home cannot
    be written, it makes one for the kernels too.
    """
    if not (config.getoption("nbval", False) or config.getoption("nbval_lax", False)):
        return
    import matplotlib
    from nbval.kernel import RunningKernel

    matplotlib.get_configdir(), matplotlib.get_cachedir()
    RunningKernel.get_message = _while_alive(RunningKernel.get_message)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Tell of a kernel that died in the words of a cell that failed, and run no more of them."""
    try:
        return (yield)
    except KernelDied as died:
        item.parent.timed_out = True
        item.raise_cell_error(str(died))


def _while_alive(get_message):
    def get(kernel, stream, timeout=None):
        end = time.monotonic() + (TIMEOUT if timeout is None else timeout)
        while True:
            try:
                return get_message(kernel, stream, max(0, min(1, end - time.monotonic())))
            except Empty:
                if not kernel.is_alive():
                    raise KernelDied("The kernel died; did it run out of memory?") from None
                if time.monotonic() >= end:
                    raise
    return get


def _told(case):
    """The count of a cell and the essence of nbval's report on it."""
    count = int(case.get("name").removeprefix("Cell ")) + 1
    report = COLOUR.sub("", case[0].text or case[0].get("message") or "")
    what = re.search(r"^Cell \d+: (.*)$", report, re.M)
    detail = report.partition("Traceback:")[2].strip("\n")
    changed = re.findall(r"^ +([-+]) (.*)$", detail, re.M)
    if changed:
        shown = [f"{'stored' if sign == '+' else 'now   '}  {text}" for sign, text in changed]
    else:                                             # an error: its message, not its frames
        shown = detail.split("\n\n")[-1].splitlines()
    return count, "\n    ".join([what[1] if what else report.strip(), *shown[:LINES]])


def _last_line(done):
    lines = (done.stdout.strip() or done.stderr.strip()).splitlines()
    return lines[-1].strip("= ") if lines else f"pytest ended with {done.returncode}"
