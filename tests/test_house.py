"""Modules and functions stay small, and an import brings little with it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import vidlearn

HOUSE = Path(vidlearn.__file__).parent
LINES, BODY = 250, 40


def faults(source):
    """What is too long in a module, or has no docstring to begin with."""
    if (lines := source.count("\n")) > LINES:
        yield f"{lines} lines, more than {LINES}"
    tree = ast.parse(source)
    if source and not ast.get_docstring(tree):
        yield "a module says first what it is"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and body[-1].end_lineno - body[0].lineno >= BODY:
                yield f"the body of {node.name} has more than {BODY} lines"


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")),
                         ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_a_module_is_small_and_its_name_says_something(path):
    assert list(faults(path.read_text(encoding="utf-8"))) == []
    assert path.stem not in ("misc", "helpers")
    assert path.stem != "utils" or path.parent.name == "nn"           # torch's own name


@pytest.mark.parametrize("source", [
    '"""It."""\n' + "x = 1\n" * LINES, "x = 1\n",
    '"""It."""\ndef f():\n    """Do it."""\n' + "    x = 1\n" * (BODY + 1),
])
def test_what_is_too_long_is_seen(source):
    assert len(list(faults(source))) == 1


def loaded(statement):
    """The packages that a fresh Python holds after `statement`, beyond the standard library."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    found, bare = (
        set(subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True,
                           check=True).stdout.split())
        for lines in (code, code.replace(statement, "pass")))
    own = sys.stdlib_module_names | {"_missing_stdlib_info"}          # Python 3.15's
    return {name for name in found - bare - own if "cython" not in name}


def test_importing_vidlearn_costs_nothing():
    assert loaded("import vidlearn") == {"vidlearn"}


def test_importing_what_is_written_by_hand_costs_numpy():
    assert loaded("import vidlearn.naive") == {"vidlearn", "numpy"}
    assert loaded("from vidlearn import scratch; scratch.nn.Linear, scratch.optim.SGD; "
                  "scratch.nn.functional.relu, scratch.optim.lr_scheduler.StepLR"
                  ) == {"vidlearn", "numpy"}


def test_help_waits_for_nothing_heavy():
    heavy = {"numpy", "torch", "cv2", "matplotlib", "IPython", "pytest"}
    assert not loaded("import vidlearn.cli.main") & heavy


@pytest.mark.parametrize("path", sorted(HOUSE.parent.glob("notebooks/*.ipynb")),
                         ids=lambda path: path.stem)
def test_a_notebook_its_exercises_and_its_widgets_belong_together(path):
    name = path.stem.partition("_")[2]
    for room in ("exercises", "show/widgets"):
        assert (HOUSE / room / f"{name}.py").exists()


def test_no_module_lies_loose():
    assert {path.name for path in HOUSE.glob("*.py")} == {
        "__init__.py", "__main__.py", "engine.py", "naive.py"}
