"""What the tests of the command share: a folder with clips and a classifier in it."""

import numpy as np
import pytest

from vidlearn import video
from vidlearn.course import lab
from vidlearn.datasets.motion import motion
from vidlearn.engine import Engine
from vidlearn.inference import weights
from vidlearn.inference.weights import Header


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder with clips of two classes, three films of two clips each, and a classifier."""
    folder = tmp_path_factory.mktemp("careless")
    drawn = motion(12, seed=1, frames=6, size=16, labels=np.arange(12) % 2)
    for i, frames in enumerate(drawn.clips):
        home = folder / "clips" / ("left", "right")[i % 2]
        home.mkdir(parents=True, exist_ok=True)
        video.write(home / f"film{i // 4}_{i}.mkv", frames, 8)
    header, engine = Header("mean_frames", ("left", "right"), 2, (16, 16)), Engine("scratch")
    weights.save(folder / "w.safetensors", header.build(engine.nn), header, engine)
    (folder / "notes.txt").write_text("mine")
    (folder / "empty").mkdir()
    return folder


@pytest.fixture
def here(folder, monkeypatch):
    """Stand in that folder; afterwards it must be as it was."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(lab, "start", lambda *_: 0)
    before = contents(folder)
    yield folder
    assert contents(folder) == before


def contents(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


@pytest.fixture
def clips(folder):
    """Its clips: two classes, three films, two clips of each class a film."""
    return folder / "clips"
