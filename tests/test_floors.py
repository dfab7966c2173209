"""The house has floors: a module imports from its own floor or from below, never from above."""

import ast
import sys
from pathlib import Path

import pytest

import vidlearn

HOUSE = Path(vidlearn.__file__).parent
FLOOR = {"": 0, "naive": 0, "checks": 0, "files": 0, "scratch": 1, "kernels": 1, "video": 1,
         "engine": 2, "detection": 2, "models": 2, "datasets": 2, "vision": 2, "training": 3,
         "evaluation": 3, "inference": 3, "explain": 3, "compare": 3, "tracking": 3, "show": 4,
         "course": 4, "doctor": 4, "surveillance": 4, "exercises": 5, "cli": 6, "__main__": 6}
SCRATCH = {"core": 0, "numbers": 1, "layers": 2, "ops": 3, "nn": 3, "optim": 3}     # in scratch
GUESTS = {                          # the only packages that may come in here, beside Python's own
    "": set(), "checks": {"numpy"}, "naive": {"numpy"},
    "scratch": {"numpy"}, "video": {"numpy", "cv2", "av"},
}
OWN = {"": set(), "checks": set(), "naive": {"checks"}, "scratch": {"checks"},
       "video": {"checks", "files"}}              # and the only rooms, beside itself
TORCH = ("engine", "compare.", "datasets.load", "kernels.")        # nowhere else


def name_of(path):
    """video.read for vidlearn/video/read.py, and "video." for the package itself."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1]) + "." * (len(parts) > 1) if parts[-1] == "__init__" \
        else ".".join(parts)


def imported(source, name):
    """The full name of every module that a source imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module
            if node.level:                            # from .shape import: within the package
                package = f"vidlearn.{name}".rsplit(".", node.level)[0]
                module = f"{package}.{module}" if module else package
            yield from [f"vidlearn.{alias.name}" for alias in node.names
                        if not alias.name.startswith("__")] if module == "vidlearn" else [module]


def faults(source, name):
    """What a module imports and should not."""
    top = name.partition(".")[0]
    for other in imported(source, name):
        package, _, inside = other.partition(".")
        if package == "vidlearn":
            room = inside.partition(".")[0]
            if FLOOR[room] > FLOOR[top]:
                yield f"{other} is on a higher floor"
            if top in OWN and room not in {"", top} | OWN[top]:
                yield f"{other}: {top} stands alone"
            if room == top == "scratch" and _height(inside, 0) > _height(name, 9):
                yield f"{other} is on a higher floor of scratch"
        elif package not in sys.stdlib_module_names:
            if package not in GUESTS.get(top, {package}):
                yield f"{other} is no guest of {top or 'vidlearn'}"
            if package in ("torch", "torchvision") and not name.startswith(TORCH):
                yield f"{other}: torch is met in {', '.join(TORCH)} only"


def _height(name, otherwise):
    """The floor of a module within scratch."""
    return SCRATCH.get((name.split(".") + [""])[1], otherwise)


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=name_of)
def test_imports_go_down(path):
    name = name_of(path)
    assert list(faults(path.read_text(encoding="utf-8"), name)) == []


@pytest.mark.parametrize("source, name", [
    ("import vidlearn.training", "scratch.core.tensor"), ("from vidlearn import show", "models."),
    ("def f():\n    import torch", "scratch.nn.module"), ("import cv2", "naive"),
    ("import numpy", ""), ("from torchvision.ops import nms", "training.loop"),
    ("from vidlearn.cli.main import main", "course.lesson"), ("import scipy.signal", "video.read"),
    ("from vidlearn.video import read", "scratch.conv"),
    ("from vidlearn.scratch.nn import functional", "scratch.numbers.methods"),
    ("from vidlearn.files import atomic", "scratch.core.tensor"),
    ("from ..training import fit", "scratch.tensor"), ("from .. import training", "models."),
])
def test_a_wrong_import_is_seen(source, name):
    assert list(faults(source, name))
