"""Run a notebook in a fresh kernel: does every cell say what is stored? Strict nbval decides."""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import nbformat

from vidlearn import lab

LINES = 12                                            # of a difference that are shown
COLOUR = re.compile(r"#x1B\[[0-9;]*m")                # as pytest writes them into XML
EXCEPT = Path(__file__).with_name("nbval.cfg")        # what is not compared
SETTINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class NotebookError(ValueError):
    """A notebook that cannot be run: it is not there, not a notebook, or holds no cells."""


@dataclass
class Verdict:
    """How many code cells were run, and what each that differs says: {count: text}."""

    cells: int
    differ: dict

    def __str__(self):
        if not self.differ:
            return f"✓ {self.cells} cells say what is stored"
        said = "\n".join(f"  In [{count}]  {text}" for count, text in self.differ.items())
        return f"✗ {len(self.differ)} of {self.cells} cells differ from what is stored\n{said}"


def judge(path):
    """Run the notebook at `path` and compare each output with the stored one.

    Returns  Verdict
    Raises   NotebookError if it cannot be run
    """
    path = Path(path).resolve()
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
             "--nbval-cell-timeout=120", f"--nbval-sanitize-with={EXCEPT}",
             "-p", "no:cacheprovider", "-c", os.devnull,
             f"--rootdir={path.parent}", f"--junitxml={told}", path],
            env=os.environ | SETTINGS, capture_output=True, text=True)
        cases = list(ElementTree.parse(told).iter("testcase")) if told.exists() else []
    if not cases or done.returncode > 1:
        raise NotebookError(f"{path.name} cannot be run: {_last_line(done)}")
    return Verdict(len(cases), dict(_told(case) for case in cases if len(case)))


def find(asked):
    """Notebooks by path or by number ("24"); without any, all of the course.

    Numbers are those of the copy that one stands in, or else of the course that is installed.
    """
    homes = Path.cwd(), Path.cwd() / "notebooks", lab.course() / "notebooks"
    courses = (sorted(home.glob("[0-9][0-9]_*.ipynb")) for home in homes)
    every = next(filter(None, courses), [])
    if not asked:
        return every
    return [next((path for path in every if path.name.startswith(f"{name}_")), Path(name))
            for name in asked]


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
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1] if lines else f"pytest ended with {done.returncode}"
