"""Datasets go to workers that are started anew, or the error says why not and what to do."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vidlearn import video

HEAD = """
import multiprocessing, sys
sys.path.insert(0, sys.argv[1])
from functools import partial
from vidlearn.datasets.augmented import Augmented
from vidlearn.datasets.cache import Cache
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.load import batches
from vidlearn.datasets.motion import Motion
from vidlearn.datasets.split import number_blocks
from vidlearn.evaluation.result import LabelCheck
from vidlearn.video import transform

class Mine:
    classes = ("a", "b")
    def __len__(self):
        return 2
    def __getitem__(self, i):
        import numpy as np
        return np.zeros((3, 1, 4, 4), np.float32), i

def change(frames, rng):
    return frames

class Source:
    def __call__(self, path):
        return path.stem

def folder(**options):
    return Folder(sys.argv[2], frames=2, size=16, cache=Cache(sys.argv[2] + "/.cache"), **options)

if __name__ == "__main__":
    multiprocessing.set_start_method(%r)
    data = %s
    print(len(list(batches(data, 2, workers=1, augment=True))))
"""


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    root = tmp_path_factory.mktemp("clips")
    for i, label in enumerate("ab"):
        (root / label).mkdir()
        video.write(root / label / f"{i + 1}.mkv", np.zeros((3, 16, 16, 3), np.uint8), 5)
    return root


def said(clips, data, method="spawn", notebook=False):
    """What a program with this dataset prints, or its last error; a notebook's has no file."""
    house = Path(__file__).parents[2]
    program = HEAD % (method, data)
    if notebook:
        words = [sys.executable, "-c", program]
    else:
        (clips / ".program.py").write_text(program)
        words = [sys.executable, clips / ".program.py"]
    done = subprocess.run([*words, house, clips], capture_output=True, text=True)
    return done.stdout.strip() or [line for line in done.stderr.splitlines() if ": " in line
                                   and not line.startswith(("in ", " "))][-1]


@pytest.mark.parametrize("data", [
    "LabelCheck(folder(source=number_blocks(2)))", "folder(source=r'(\\d)', augment=None)",
    "folder(augment=transform.horizontal_flip)", "folder(augment=change, source=Source())",
    "folder(augment=partial(transform.color_jitter, brightness=0.1))", "Mine()"])
def test_what_the_docs_offer_goes_to_a_worker_that_is_started_anew(clips, data):
    assert said(clips, data) == "1"


HINT = "Take workers=0, or put its functions and classes in a .py file and import them from there"


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.parametrize("data", ["folder(augment=lambda frames, rng: frames)",
                                  "folder(source=lambda path: path.stem)"])
def test_a_lambda_gets_a_hint(clips, data, method):
    line = said(clips, data, method)
    assert "ArgumentError: data cannot be sent to a worker process: " in line and HINT in line


@pytest.mark.parametrize("data, name", [
    ("Mine()", "Mine"), ("folder(augment=change)", "change"), ("LabelCheck(Mine())", "Mine"),
    ("folder(source=Source())", "Source"), ("folder(augment=partial(change))", "change")])
def test_what_a_notebook_defines_gets_a_hint(clips, data, name):
    line = said(clips, data, notebook=True)
    assert f"{name} is defined in a notebook, or typed in. {HINT}" in line


@pytest.mark.parametrize("data", ["folder(augment=lambda frames, rng: frames)", "Mine()"])
def test_a_forked_worker_has_everything(clips, data):
    assert said(clips, data, "fork", notebook=True) == "1"


def test_a_library_dataset_of_a_notebook_goes_to_a_worker(clips):
    assert said(clips, "folder(source=number_blocks(2))", notebook=True) == "1"
