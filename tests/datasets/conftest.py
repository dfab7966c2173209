"""Clips of numbered frames in class folders, and a cache for them."""

import numpy as np
import pytest

from tools import numbered_frames
from vidlearn import video
from vidlearn.datasets.cache import Cache
from vidlearn.datasets.folder import Folder

COUNT = 24                                            # frames of each clip


@pytest.fixture(scope="session")
def class_folders(tmp_path_factory):
    """Two classes of three clips with numbered frames, named as in UCF101."""
    root = tmp_path_factory.mktemp("clips")
    for label in ("walk", "jump"):
        (root / label).mkdir()
        for group in range(1, 4):
            frames = np.stack([numbered_frames.picture(i) for i in range(COUNT)])
            video.write(root / label / f"v_{label}_g{group:02}_c01.mkv", frames, 10)
    (root / ".hidden").mkdir()
    (root / "notes.txt").write_text("not a clip")
    (root / "walk" / "notes.txt").write_text("not a clip")
    return root


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def folder(class_folders, cache):
    return Folder(class_folders, frames=6, size=(16, 64), cache=cache, source=r"_(g\d+)_")
