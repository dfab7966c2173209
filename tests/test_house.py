"""The laws of the house: imports go down the floors, modules and functions stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "vidlearn").rglob("*.py"))
FLOOR = {"": 0, "naive": 0, "scratch": 1, "kernels": 1, "video": 1,
         "engine": 2, "models": 2, "datasets": 2, "vision": 2, "cli": 4, "__main__": 4}
TORCH = ("engine.py", "compare/", "datasets/load.py")
LINES, BODY = 250, 40


def relative(path):
    return path.relative_to(ROOT / "vidlearn").as_posix()


def imported(path):
    """Every module that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[:-node.level] if node.level else ()
            module = ".".join([*package, *([node.module] if node.module else [])])
            if module == "vidlearn":
                yield from (f"vidlearn.{alias.name}" for alias in node.names)
            else:
                yield module


def floor(part):
    """The floor of a part of the package; what is not listed above stands on the third."""
    return FLOOR.get(part, 3)


@pytest.mark.parametrize("path", MODULES, ids=relative)
class TestModule:
    def test_imports_go_down_never_up(self, path):
        here = relative(path).removesuffix(".py").split("/")[0].replace("__init__", "")
        up = [name for name in imported(path) if name.startswith("vidlearn.")
              and floor(name.split(".")[1]) > floor(here)]
        assert not up

    def test_torch_is_met_only_where_the_two_sides_meet(self, path):
        if not relative(path).startswith(TORCH):
            assert not [name for name in imported(path) if name.split(".")[0] == "torch"]

    def test_by_hand_means_numpy_and_nothing_else(self, path):
        if relative(path).startswith(("scratch/", "naive")):
            allowed = sys.stdlib_module_names | {"numpy", "vidlearn"}
            assert {name.split(".")[0] for name in imported(path)} <= allowed

    def test_it_is_small(self, path):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LINES
        assert path.stem not in ("misc", "helpers")
        assert path.stem != "utils" or path.parent.name == "nn"        # torch's own name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                assert length <= BODY, node.name


def loaded(statement):
    """The packages that a fresh Python holds after `statement`, beyond the standard library."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    bare = subprocess.run([sys.executable, "-c", code.replace(statement, "pass")],
                          capture_output=True, text=True, check=True)
    found = set(done.stdout.split()) - set(bare.stdout.split()) - sys.stdlib_module_names
    return {name for name in found if "cython" not in name}           # names of no package


def test_importing_vidlearn_costs_nothing():
    assert loaded("import vidlearn") == {"vidlearn"}


def test_importing_scratch_costs_numpy():
    assert loaded("import vidlearn.scratch, vidlearn.scratch.nn") == {"vidlearn", "numpy"}


def test_help_waits_for_nothing_heavy():
    heavy = {"numpy", "torch", "cv2", "matplotlib", "IPython", "pytest"}
    assert not loaded("import vidlearn.cli") & heavy
