"""From a folder of clips to a file of weights."""

import numpy as np
import pytest

from vidlearn import recipe, train, video, weights
from vidlearn.datasets.motion import motion

SMALL = {"frames": 4, "size": 16}


@pytest.fixture
def root(tmp_path):
    """Two classes, four films of three clips each."""
    drawn = motion(12, seed=1, frames=6, size=16, labels=np.arange(12) % 2)
    for i, frames in enumerate(drawn.clips):
        folder = tmp_path / "clips" / ("left", "right")[i % 2]
        folder.mkdir(parents=True, exist_ok=True)
        video.write(folder / f"film{i // 3}_{i}.mkv", frames, 8)
    return tmp_path / "clips"


def test_clips_of_one_film_stay_together(root):
    folder, damaged = recipe.read_clips(root, source=r"film\d", **SMALL)
    assert not damaged
    for seed in range(5):
        parts = recipe.split(folder, 0.25, seed)
        films = [{path.name[:5] for path, _ in part.items} for part in parts]
        assert [len(part) for part in parts] == [9, 3] and not films[0] & films[1]


def test_without_a_source_each_clip_is_its_own(root):
    training, validation = recipe.split(recipe.read_clips(root, **SMALL)[0], 0.5)
    assert len(training) == len(validation) == 6
    assert sorted(validation.labels) == [0, 0, 0, 1, 1, 1]


def test_the_file_holds_all_that_classifying_needs(root, tmp_path):
    folder, _ = recipe.read_clips(root, **SMALL)
    out = tmp_path / "w.safetensors"
    result = recipe.learn(*recipe.split(folder), out, model="mean_frames", engine="scratch",
                          epochs=1, progress=False)
    classifier = weights.load(out, "torch")
    assert classifier.classes == ("left", "right") == result.classes
    assert (classifier.header.frames, classifier.header.size) == (4, (16, 16))
    assert classifier.header.seconds == pytest.approx(6 / 8)


def test_the_file_says_that_its_network_sees_motion(root, tmp_path):
    parts = recipe.split(recipe.read_clips(root, **SMALL)[0])
    out = tmp_path / "w.safetensors"
    recipe.learn(*parts, out, model="mean_frames", motion=True, engine="scratch", epochs=1,
                 progress=False)
    classifier = weights.load(out, "torch")
    still = np.random.default_rng(0).random((2, 3, 1, 16, 16)).repeat(4, axis=2)
    a, b = classifier.probabilities(still)
    np.testing.assert_array_equal(a, b)          # two scenes, and nothing moves in either


def test_an_interrupted_run_goes_on_to_the_same_weights(root, tmp_path, monkeypatch):
    parts = recipe.split(recipe.read_clips(root, **SMALL)[0])
    settings = {"model": "mean_frames", "engine": "scratch", "epochs": 3, "batch": 4,
                "progress": False}
    recipe.learn(*parts, tmp_path / "whole.safetensors", **settings)

    step, steps = train.Run.learn, []

    def interrupted(self, *batch):
        step(self, *batch)
        steps.append(1)
        if len(steps) == 4:
            raise KeyboardInterrupt
    monkeypatch.setattr(train.Run, "learn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        recipe.learn(*parts, tmp_path / "cut.safetensors", **settings)
    monkeypatch.undo()
    assert (tmp_path / "cut.checkpoint").exists() and not (tmp_path / "cut.safetensors").exists()
    recipe.learn(*parts, tmp_path / "cut.safetensors", resume=True, **settings)
    assert not (tmp_path / "cut.checkpoint").exists()
    whole, cut = (weights.read(tmp_path / f"{name}.safetensors")[0] for name in ("whole", "cut"))
    for name in whole:
        np.testing.assert_array_equal(cut[name], whole[name])
