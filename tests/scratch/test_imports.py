"""What an import brings with it, seen by a fresh Python."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "torchvision", "cv2", "matplotlib", "ipywidgets", "IPython"}


def loaded_by(statement):
    """The top-level names of all modules that a statement loads."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_package_brings_nothing():
    assert not loaded_by("import vidlearn") & (HEAVY | {"numpy"})


@pytest.mark.parametrize("module", ["vidlearn.scratch", "vidlearn.scratch.nn",
                                    "vidlearn.scratch.optim", "vidlearn.naive"])
def test_the_engine_by_hand_brings_numpy_only(module):
    loaded = loaded_by(f"import {module}")
    assert "numpy" in loaded and not loaded & HEAVY


def test_nn_and_optim_are_names_of_scratch():
    loaded_by("from vidlearn import scratch; scratch.nn.Linear, scratch.optim.SGD; "
              "scratch.nn.functional.relu, scratch.optim.lr_scheduler.StepLR")
