"""Run a notebook in a new kernel: does each cell show what is stored? Strict nbval decides.

A reader's copy of a lesson is compared with the recorded lesson, wherever its cells are the same.

This module is a plugin of the pytest that `judge` starts, and of any pytest in a checkout. It
notices within a second that a kernel has died, where nbval would wait for its timeout.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from xml.etree import ElementTree

import nbformat
import pytest

TIMEOUT = 120                                         # seconds that a cell may take
LINES = 12                                            # of a difference that are shown
COLOUR = re.compile(r"#x1B\[[0-9;]*m")                # as pytest writes them into XML
NOT_COMPARED = Path(__file__).with_name("nbval.cfg")
SETTINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class NotebookError(ValueError):
    """A notebook that cannot be run: it is missing, is not a notebook, or has no cells."""


class KernelDied(RuntimeError):
    """The process that runs the cells ended before the cell did."""


@dataclass
class Verdict:
    """The number of code cells, and a report on each that differs: {its count: text}.

    `unrun` cells follow one that did not end. `own` are the counts of the cells that have
    nothing to be compared with, as those that a reader wrote: they only have to run.
    """

    cells: int
    differ: dict
    unrun: int = 0
    own: list = field(default_factory=list)

    def __str__(self):
        own = ", ".join(f"In [{count}]" for count in self.own)
        end = f"\n  yours, run and not compared: {own}" if own else ""
        if not self.differ:
            return f"✓ {self.cells - len(self.own)} cells say what is stored{end}"
        said = "\n".join(f"  In [{count}]  {text}" for count, text in self.differ.items())
        rest = f"\n  not run after that: {self.unrun}" if self.unrun else ""
        return (f"✗ {len(self.differ)} of {self.cells} cells differ from what is stored\n"
                f"{said}{rest}{end}")


def judge(path):
    """Run the notebook at `path` and compare each output with the stored one.

    In a copy of a lesson of the course the stored ones are those of the course.

    Returns  Verdict
    Raises   NotebookError if it cannot be run
    """
    path = Path(path).resolve()
    code, recorded = _code(path), _recorded(path)
    partners = _partners(code, _code(recorded)) if recorded else [
        None if cell.execution_count is None else cell for cell in code]
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.xml")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--color=no",
             f"--nbval-cell-timeout={TIMEOUT}", f"--nbval-sanitize-with={NOT_COMPARED}",
             "-p", __name__, "-p", "no:cacheprovider", "-c", os.devnull,
             f"--rootdir={path.parent}", f"--junitxml={told}", path,
             *[f"--recorded={recorded}"] * bool(recorded)],
            env=os.environ | SETTINGS, capture_output=True, text=True)
        cases = list(ElementTree.parse(told).iter("testcase")) if told.exists() else []
    if not cases or done.returncode > 1:
        raise NotebookError(f"{path.name} cannot be run: {_last_line(done)}")
    differ = dict(_told(case) for case in cases if len(case) and case[0].tag != "skipped")
    unrun = sum(case.find("skipped[@type='pytest.xfail']") is not None for case in cases)
    own = [count for count, partner in enumerate(partners, 1) if partner is None]
    if recorded:                                      # the counts in a copy may be others by now
        differ = {count: f"{code[count - 1].source.strip().partition(chr(10))[0]}\n    {text}"
                  for count, text in differ.items()}
    return Verdict(len(cases), differ, unrun, own)


def find(asked):
    """Find notebooks by path or by number ("24"); without any, those of the whole course.

    Numbers are looked up in the current folder's copy, or else in the installed course.
    """
    from vidlearn.course import lab  # not needed where this is a plugin

    homes = Path.cwd(), Path.cwd() / "notebooks", lab.course() / "notebooks"
    courses = ([path for path in sorted(home.glob("[0-9][0-9]_*.ipynb")) if "." not in path.stem]
               for home in homes)                     # not 10_convolution.mine.ipynb
    every = next(filter(None, courses), [])
    if not asked:
        return every
    return [next((path for path in every if path.name.startswith(f"{name}_")), Path(name))
            for name in asked]


def pytest_addoption(parser):
    """With --recorded, `judge` names the lesson that the notebook is a copy of."""
    parser.addoption("--recorded", help="compare with the outputs of this notebook")


def pytest_collection_modifyitems(config, items):
    """Give the cells of a reader's copy the recorded outputs; let those without any only run."""
    if recorded := config.getoption("--recorded"):
        partners = _partners([item.cell for item in items], _code(Path(recorded)))
        for item, partner in zip(items, partners, strict=True):
            item.options["check"] &= partner is not None
            item.cell.outputs = partner.outputs if partner else []
            item.cell.execution_count = 1             # else nbval would compare nothing


def pytest_configure(config):
    """Make nbval, if it is used, watch the kernel while it waits for a message.

    And make matplotlib find its folder now: if the home folder cannot be written it warns and makes
    one for the kernels too. In a kernel, the warning would change a cell.
    """
    if not (config.getoption("nbval", False) or config.getoption("nbval_lax", False)):
        return
    import matplotlib
    from nbval.kernel import RunningKernel

    matplotlib.get_configdir(), matplotlib.get_cachedir()
    RunningKernel.get_message = _while_alive(RunningKernel.get_message)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Report a kernel that died as a cell that failed, and run no more cells."""
    try:
        return (yield)
    except KernelDied as died:
        item.parent.timed_out = True
        item.raise_cell_error(str(died))


def _code(path):
    """The code cells of the notebook at `path`.

    Raises   NotebookError if it is none
    """
    if path.is_dir():
        some = next(path.glob("*.ipynb"), None)
        raise NotebookError(f"{path} is a folder, " + (
            f"name the notebooks in it, such as {some.name}" if some else
            "and no notebook is in it"))
    if path.suffix != ".ipynb" or not path.is_file():
        raise NotebookError(f"there is no notebook {path.name} in {path.parent}")
    try:
        notebook = nbformat.read(path, 4)
    except (ValueError, nbformat.ValidationError) as error:
        why = str(error).splitlines()[0]
        raise NotebookError(f"{path.name} is not a notebook: {why}") from error
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _recorded(path):
    """The lesson that the notebook at `path` is a copy of; None if it is one itself, or no copy."""
    from vidlearn.course import lab  # not needed where this is a plugin

    lesson = path.name.partition(".")[0]              # of 10_convolution.mine.ipynb, too
    recorded = lab.course() / "notebooks" / f"{lesson}.ipynb"
    return recorded if recorded.is_file() and not recorded.samefile(path) else None


def _partners(code, recorded):
    """For each code cell of a copy the recorded cell with the same code; None if there is none.

    Nor is there one for the check of an exercise that the reader has begun.
    """
    partners, left = [], list(recorded)
    for cell in code:
        same = next((other for other in left if other.source.strip() == cell.source.strip()), None)
        if same is not None:
            left.remove(same)
            if ".check(" in cell.source and partners and partners[-1] is None:
                same = None
        partners.append(same if cell.source.strip() else cell)        # JupyterLab adds empty ones
    return partners


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
    """The count of a cell, and the essence of nbval's report on it."""
    count = int(case.get("name").removeprefix("Cell ")) + 1
    report = COLOUR.sub("", case[0].text or case[0].get("message") or "")
    what = re.search(r"^Cell \d+: (.*)$", report, re.M)
    detail = report.partition("Traceback:")[2].strip("\n")
    changed = re.findall(r"^ +([-+]) (.*)$", detail, re.M)
    if changed:
        shown = [f"{'stored' if sign == '+' else 'now   '}  {text}" for sign, text in changed]
    else:                                             # an error: its message without its frames
        shown = detail.split("\n\n")[-1].splitlines()
    return count, "\n    ".join([what[1] if what else report.strip(), *shown[:LINES]])


def _last_line(done):
    lines = (done.stdout.strip() or done.stderr.strip()).splitlines()
    return lines[-1].strip("= ") if lines else f"pytest ended with {done.returncode}"
