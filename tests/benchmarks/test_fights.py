"""The benchmark on real fights keeps to its protocol; here on clips that are drawn."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from vidlearn import video
from vidlearn.datasets import cache
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.split import number_blocks

NUMBERS = [(first, first + 9) for first in (1, 19, 37, 55, 73)]          # two of each block


@pytest.fixture(scope="module")
def fights():
    path = Path(__file__).parents[2] / "benchmarks/fights.py"
    spec = importlib.util.spec_from_file_location("fights", path)
    module = sys.modules["fights"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["fights"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Fights flicker, the others stand still; a scene is the same in both classes."""
    root, rng = tmp_path_factory.mktemp("fights"), np.random.default_rng(0)
    for number in np.ravel(NUMBERS):
        scene = rng.integers(50, 200, (1, 24, 32, 3))
        for name, amount in ("fight", 40), ("no_fight", 1):
            frames = scene + rng.integers(-amount, amount + 1, (8, 24, 32, 3))
            (root / name).mkdir(exist_ok=True)
            video.write(root / name / f"{name}{number:03}.mkv", frames.astype(np.uint8), 8)
    with pytest.MonkeyPatch.context() as patch:
        kept = tmp_path_factory.mktemp("cache")
        patch.setattr(cache.platformdirs, "user_cache_path", lambda name: kept)
        yield root


def test_each_fold_tests_one_block_of_both_classes(fights, root):
    data = Folder(root, frames=2, size=16, source=number_blocks(fights.BLOCK))
    tests = [sorted(int(data.items[i].path.stem[-3:]) for i in test)
             for _, test in fights.folds(data.groups)]
    assert sorted(tests) == [[a, a, b, b] for a, b in NUMBERS]


def test_the_amount_of_motion_tells_flicker_from_rest(fights, root):
    line = fights.row("amount", fights.Head(fights.motion_statistics), root, seeds=1, epochs=0)
    assert line.startswith("| amount | 100.0% | 40.2% to 100.0% | 1 | 100.0% to 100.0% | 10 | 0 |")


def test_a_head_on_the_scene_is_no_better_than_chance(fights, root):
    head = fights.Head(lambda clip: clip.mean(1)[:, ::16, ::16].ravel())
    results = list(head.folds(root, seed=0, epochs=0))
    assert sum(len(r) for r in results) == 20
    assert np.mean([r.accuracy for r in results]) <= 0.6


def test_a_network_starts_anew_for_each_seed_and_repeats_itself(fights, root):
    network = fights.Network("c3d", {"widths": (2, 3, 4), "motion": True}, size=(16, 16), frames=4)
    a, again, b = (next(iter(network.folds(root, seed, epochs=1))).scores for seed in (0, 0, 1))
    np.testing.assert_array_equal(a, again)
    assert np.abs(a - b).max() > 1e-3


def test_features_keep_their_axes_apart(fights):
    features = np.random.default_rng(0).normal(size=(4, 5, 2, 3))
    still = np.repeat(features[:1], 4, axis=0)
    assert fights.mean(features).shape == fights.change(features).shape == (5,)
    np.testing.assert_allclose(fights.mean(still), features[0].mean((1, 2)))
    assert not fights.change(still).any()
