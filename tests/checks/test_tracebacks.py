"""Whoever maintains the package sees the line that failed: a typo planted in six modules."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import vidlearn

HOUSE = Path(vidlearn.__file__).parent
PLANTED = {                     # module, a function in it, and a call that comes there
    ("scratch/layers/pool.py", "max_pool_forward"):
        "from vidlearn import scratch as s; s.nn.functional.max_pool2d(s.ones(1, 1, 4, 4), 2)",
    ("vision/flow.py", "slopes"):
        "import numpy as np; from vidlearn.vision import flow\n"
        "flow.lucas_kanade(np.eye(40), np.eye(40))",
    ("show/plots.py", "bars"): "from vidlearn import show; show.bars([1, 2], ['a', 'b'])",
    ("training/loop.py", "step"):
        "from vidlearn import models, scratch, training\n"
        "from vidlearn.datasets.motion import motion\n"
        "network = models.build('mean_frames', scratch.nn, 8)\n"
        "training.fit(network, motion(8, 0), engine='scratch', epochs=1)",
    ("video/transform.py", "resize"):
        "import numpy as np; from vidlearn.video import transform\n"
        "transform.resize(np.zeros((2, 8, 8, 3), np.uint8), 4)",
    ("exercises/convolution.py", "convolve"):
        "from vidlearn.exercises import convolution\n"
        "convolution.CONVOLVE.check(lambda x, weight, bias, stride, padding: x)",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the package to plant in, and to import from there."""
    return shutil.copytree(HOUSE, tmp_path_factory.mktemp("copy") / "vidlearn")


def planted(source, name):
    """`source` with an undefined name as the first line of a function's body, and its number."""
    function = next(node for node in ast.walk(ast.parse(source))
                    if isinstance(node, ast.FunctionDef) and node.name == name)
    first = function.body[1 if ast.get_docstring(function) else 0]
    lines = source.splitlines()
    lines.insert(first.lineno - 1, " " * first.col_offset + "no_such_name")
    return "\n".join(lines), first.lineno


@pytest.mark.parametrize("path, name", PLANTED, ids=[path for path, _ in PLANTED])
def test_a_typo_is_shown_with_its_file_and_line(path, name, copy):
    source = (copy / path).read_text(encoding="utf-8")
    with_typo, line = planted(source, name)
    (copy / path).write_text(with_typo, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", PLANTED[path, name]], capture_output=True,
                          text=True, cwd=copy.parent,
                          env=os.environ | {"PYTHONPATH": str(copy.parent)})
    (copy / path).write_text(source, encoding="utf-8")
    assert "NameError: name 'no_such_name' is not defined" in done.stderr
    assert f'{Path(path).name}", line {line}, in {name}' in done.stderr
