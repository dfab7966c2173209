"""The house has floors: a module imports from its own floor or from below, never from above."""

import ast
import sys
from pathlib import Path

import pytest

import vidlearn

HOUSE = Path(vidlearn.__file__).parent
FLOOR = {"": 0, "given": 0, "kinds": 0, "naive": 0, "scratch": 1, "kernels": 1, "video": 1,
         "engine": 2, "models": 2, "datasets": 2, "vision": 2, "cli": 4, "__main__": 4}
THIRD = 3                           # where all others live
GUESTS = {                          # the only packages that may come in here, beside Python's own
    "": set(), "given": set(), "kinds": {"numpy"}, "naive": {"numpy"},
    "scratch": {"numpy"}, "video": {"numpy", "cv2"},
}
DOORMEN = ("", "given", "kinds")    # who stands alone asks what it is given as all others do
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
            if FLOOR.get(room, THIRD) > FLOOR.get(top, THIRD):
                yield f"{other} is on a higher floor"
            if top in GUESTS and room not in (*DOORMEN, top):
                yield f"{other}: {top} stands alone"
        elif package not in sys.stdlib_module_names:
            if package not in GUESTS.get(top, {package}):
                yield f"{other} is no guest of {top or 'vidlearn'}"
            if package in ("torch", "torchvision") and not name.startswith(TORCH):
                yield f"{other}: torch is met in {', '.join(TORCH)} only"


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=name_of)
def test_imports_go_down(path):
    name = name_of(path)
    assert list(faults(path.read_text(encoding="utf-8"), name)) == []


@pytest.mark.parametrize("source, name", [
    ("import vidlearn.train", "scratch.tensor"), ("from vidlearn import show", "models."),
    ("def f():\n    import torch", "scratch.nn.module"), ("import cv2", "naive"),
    ("import numpy", ""), ("from torchvision.ops import nms", "train"),
    ("from vidlearn.cli import main", "lesson"), ("import scipy.signal", "video.read"),
    ("from vidlearn.video import read", "scratch.conv"),
    ("from ..train import fit", "scratch.tensor"), ("from .. import train", "models."),
])
def test_a_wrong_import_is_seen(source, name):
    assert list(faults(source, name))
