"""From a folder of clips to a file of weights."""

import shutil
import warnings

import numpy as np
import pytest

from vidlearn import models, video
from vidlearn.datasets.motion import motion
from vidlearn.inference import weights
from vidlearn.training import loop, recipe
from vidlearn.training.state import TrainingError

SMALL = {"frames": 4, "size": 16}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two classes, four films of three clips each."""
    root = tmp_path_factory.mktemp("made") / "clips"
    drawn = motion(12, seed=1, frames=6, size=16, labels=np.arange(12) % 2)
    for i, frames in enumerate(drawn.clips):
        folder = root / ("left", "right")[i % 2]
        folder.mkdir(parents=True, exist_ok=True)
        video.write(folder / f"film{i // 3}_{i}.mkv", frames, 8)
    return root


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


def few(root, tmp_path, **names):
    """A folder of clips with these files in each class."""
    for name, files in names.items():
        (tmp_path / "few" / name).mkdir(parents=True)
        for file in files.split():
            shutil.copy(root / "left" / "film0_0.mkv", tmp_path / "few" / name / f"{file}.mkv")
    return tmp_path / "few"


@pytest.mark.parametrize("names, says", [
    (dict(left="a1"), "few: left is the only class: a classifier needs clips of two classes"),
    (dict(left="a1 b2 c3"), "few: left is the only class"),
    (dict(left="a1", right="a2 b3"), "few/left: this class has only one clip: it needs clips from"),
    (dict(left="a1 a2 a3", right="a4 b5"), "left: this class has clips from only one source, a:"),
    (dict(left="a1 a2 a3 a4", right="b1 b2 b3"), "left: this class has clips from only one source"),
    (dict(left="a1 b2", right="a3 b4 c5 d6 e7 f8"), "few: no clip of left is in validation"),
])
def test_too_few_clips_name_the_class(names, says, root, tmp_path):
    folder = recipe.read_clips(few(root, tmp_path, **names), source=r"^\D", **SMALL)[0]
    with pytest.raises(ValueError, match=says):
        recipe.split(folder, 0.2)


def test_two_clips_of_each_class_are_enough(root, tmp_path):
    folder = recipe.read_clips(few(root, tmp_path, left="a b", right="c d"), **SMALL)[0]
    for part in recipe.split(folder, 0.5):
        assert sorted(part.labels) == [0, 1]


def test_a_class_without_readable_clips_is_named(root, tmp_path):
    root = few(root, tmp_path, left="a b", right="c d")
    for name in "ab":
        (root / "left" / f"{name}.mkv").write_bytes(b"torn")
    with pytest.raises(video.VideoError, match="2 of 4 clips are damaged: .* first: .*a.mkv"):
        recipe.read_clips(root, **SMALL)
    folder, damaged = recipe.read_clips(root, skip_damaged=True, **SMALL)
    assert len(damaged) == 2
    with pytest.raises(ValueError, match="few/left: this class has no clips"):
        recipe.split(folder)


class TestAllowDamaged:
    @pytest.fixture
    def damaged(self, root, tmp_path):
        """Two films of a class cut off, and a clip of text."""
        mine = shutil.copytree(root, tmp_path / "clips")
        for i in (0, 6):
            path = next((mine / "left").glob(f"film?_{i}.mkv"))
            path.write_bytes(path.read_bytes()[:path.stat().st_size * 7 // 10])
        (mine / "left" / "film9_99.mkv").write_text("torn")
        return mine

    def test_they_are_used_and_named(self, damaged):
        with pytest.warns(UserWarning, match=r"clips: 2 of 13 clips are damaged, and used as far "
                          r"as they go: left/film0_0.mkv \(\d of 6 frames\), left/film2_6.mkv"):
            folder, left_out = recipe.read_clips(damaged, allow_damaged=True, **SMALL)
        assert len(folder) == 12 and [error.path.name for error in left_out] == ["film9_99.mkv"]
        with pytest.raises(video.VideoError, match="3 of 13 clips are damaged: repair them, leave "
                           "them out with skip_damaged=True, or use what there is of them with "
                           "allow_damaged=True. The first: .*film0_0.mkv: "):
            recipe.read_clips(damaged, **SMALL)

    def test_a_run_says_that_they_were_allowed(self, damaged, tmp_path, monkeypatch):
        runs = []
        monkeypatch.setattr(recipe, "fit", lambda *_, about, **__: runs.append(about))
        for allow in (True, False):
            with warnings.catch_warnings(action="ignore"):
                clips, _ = recipe.read_clips(damaged, allow_damaged=allow, skip_damaged=not allow,
                                             **SMALL)
            recipe.learn(*recipe.split(clips), tmp_path / f"{allow}.safetensors", **QUICK)
        assert [about["allow_damaged"] for about in runs] == [True, False]
        with pytest.raises(TrainingError, match="belongs to a run with allow_damaged False, not T"):
            self.resume(damaged, tmp_path, monkeypatch)

    @staticmethod
    def resume(damaged, tmp_path, monkeypatch):
        """Interrupt a run without damaged clips, and go on with the same clips, allowed."""
        monkeypatch.undo()
        for path in (damaged / "left").iterdir():     # so that both runs have the same clips
            if path.read_bytes() == b"torn" or "film0_0" in path.name or "film2_6" in path.name:
                path.unlink()
        strict, allowing = (recipe.read_clips(damaged, allow_damaged=allow, **SMALL)[0]
                            for allow in (False, True))
        with monkeypatch.context() as patch:
            patch.setattr(loop, "step", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                recipe.learn(*recipe.split(strict), tmp_path / "w.safetensors", **QUICK)
        recipe.learn(*recipe.split(allowing), tmp_path / "w.safetensors", resume=True, **QUICK)

    def test_they_are_not_both_left_out_and_used(self, root):
        with pytest.raises(ValueError, match="skip_damaged=True leaves .* allow_damaged=True uses "
                                             "them: give only one"):
            recipe.read_clips(root, skip_damaged=True, allow_damaged=True, **SMALL)


class TestGivenSplit:
    @pytest.fixture
    def given(self, root, tmp_path):
        """Make a folder of parts: given(train="left0 right1"), each a class and a film's number."""
        def make(**parts):
            for part, clips in parts.items():
                for clip in clips.split():
                    label, i = clip[:-1], int(clip[-1])
                    home = tmp_path / "given" / part / label
                    home.mkdir(parents=True, exist_ok=True)
                    shutil.copy(sorted((root / label).iterdir())[i], home)
            return tmp_path / "given"
        return make

    def test_train_and_val_are_used_as_they_are(self, given):
        folder, _ = recipe.read_clips(given(train="left0 left1 right1 right2", val="left2 right0",
                                            test="left3"), **SMALL)
        training, validation = recipe.split(folder, 0.5, 7)
        assert [len(part) for part in (training, validation, folder.parts["test"])] == [4, 2, 1]
        assert all(name.startswith("val/") for name in validation.names)

    def test_without_val_it_comes_from_train_and_never_from_test(self, given):
        folder, _ = recipe.read_clips(given(train="left0 left1 right1 right2", test="left3 right3"),
                                      **SMALL)
        training, validation = recipe.split(folder, 0.5)
        assert sorted(training.labels) == sorted(validation.labels) == [0, 1]
        assert all(name.startswith("train/") for name in training.names + validation.names)

    def test_damaged_clips_stay_out_of_their_part(self, given):
        root = given(train="left0 left1 right1", val="left2 right0")
        (root / "val" / "left" / "torn.mkv").write_bytes(b"torn")
        folder, damaged = recipe.read_clips(root, skip_damaged=True, **SMALL)
        assert len(damaged) == 1 and len(folder.parts["val"]) == 2

    @pytest.mark.parametrize("parts, says", [
        (dict(val="left0 right0", test="left1 right1"), "the split has val and test, and no train"),
        (dict(train="left0 left1", val="left2 right0"), "no clip of right is in train: add some"),
        (dict(train="left0 left1", val="left2"), "given: left is the only class"),
        (dict(train="left0 right0", test="left1"), "left: this class has only one clip"),
    ])
    def test_a_split_to_learn_nothing_from_is_named(self, parts, says, given):
        folder, _ = recipe.read_clips(given(**parts), **SMALL)
        with pytest.raises(TrainingError, match=says):
            recipe.split(folder)

    def test_a_source_on_both_sides_is_said(self, given):
        folder, _ = recipe.read_clips(given(train="left0 right0", val="left1 right1"),
                                      source=r"film(\d)", **SMALL)
        with pytest.warns(UserWarning, match="given: 1 sources are in train and in another part, "
                                             "the first is 0"):
            recipe.split(folder)

    def test_a_file_is_scored_on_the_test_clips(self, given, tmp_path):
        folder, _ = recipe.read_clips(given(train="left0 right1", val="left2 right0",
                                            test="left3 right3 right2"), **SMALL)
        out = tmp_path / "w.safetensors"
        recipe.learn(*recipe.split(folder), out, **QUICK)
        score = recipe.score(out, folder.parts["test"], "scratch")
        assert len(score) == 3 and score.names == folder.parts["test"].names

    def test_a_list_says_it_as_well(self, root, tmp_path):
        names = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.mkv"))]
        for part, some in (("train", names[::2]), ("val", names[1::2])):
            (tmp_path / f"{part}.csv").write_text(
                "".join(f"{name},{name.split('/')[0]}\n" for name in some))
        folder, _ = recipe.read_clips(root, split_list=tmp_path / "val.csv", **SMALL)
        training, validation = recipe.split(folder)
        assert (training.names, validation.names) == (tuple(names[::2]), tuple(names[1::2]))


@pytest.mark.parametrize("share", [0, 1, -0.5, 2, float("nan"), float("inf")])
def test_a_share_is_between_none_and_all(share, root):
    with pytest.raises(ValueError, match="share must be a number between 0 and 1"):
        recipe.split(recipe.read_clips(root, **SMALL)[0], share)


def test_the_file_holds_all_that_a_classifier_needs(root, tmp_path):
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


def test_an_interrupted_run_resumes_to_the_same_weights(root, tmp_path, monkeypatch):
    parts = recipe.split(recipe.read_clips(root, **SMALL)[0])
    settings = {"model": "mean_frames", "engine": "scratch", "epochs": 3, "batch": 4,
                "progress": False}
    recipe.learn(*parts, tmp_path / "whole.safetensors", **settings)

    step, steps = loop.step, []

    def interrupted(*arguments):
        step(*arguments)
        steps.append(1)
        if len(steps) == 4:
            raise KeyboardInterrupt
    monkeypatch.setattr(loop, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        recipe.learn(*parts, tmp_path / "cut.safetensors", **settings)
    monkeypatch.undo()
    assert (tmp_path / "cut.checkpoint").exists() and not (tmp_path / "cut.safetensors").exists()
    recipe.learn(*parts, tmp_path / "cut.safetensors", resume=True, **settings)
    assert not (tmp_path / "cut.checkpoint").exists()
    whole, cut = (weights.read(tmp_path / f"{name}.safetensors")[0] for name in ("whole", "cut"))
    for name in whole:
        np.testing.assert_array_equal(cut[name], whole[name])


QUICK = {"model": "mean_frames", "engine": "scratch", "epochs": 1, "progress": False}


@pytest.fixture
def parts(root):
    return recipe.split(recipe.read_clips(root, **SMALL)[0])


@pytest.fixture
def stopped(parts, tmp_path, monkeypatch):
    """An interrupted run: its file of weights (which is not there) and that of its state."""
    def stop(*_):
        raise KeyboardInterrupt
    monkeypatch.setattr(loop, "step", stop)
    with pytest.raises(KeyboardInterrupt):
        recipe.learn(*parts, tmp_path / "w.safetensors", **QUICK)
    monkeypatch.undo()
    return tmp_path / "w.safetensors", tmp_path / "w.checkpoint"


@pytest.mark.parametrize("how, says", [
    (dict(model="frame_cnn"), "run with model mean_frames, not frame_cnn: give the same settings"),
    (dict(motion=True), r"run with options {}, not {'motion': True}: give"),
    (dict(engine="torch"), "run with engine scratch float32, not torch float32: give"),
    (dict(epochs=2), "run with epochs 1, not 2"),
])
def test_a_run_resumes_under_the_same_settings_only(how, says, parts, stopped):
    out, state = stopped
    before = state.read_bytes()
    with pytest.raises(TrainingError, match=f"w.checkpoint belongs to a {says}"):
        recipe.learn(*parts, out, resume=True, **QUICK | how)
    assert state.read_bytes() == before and not out.exists()
    recipe.learn(*parts, out, resume=True, **QUICK)
    assert out.exists() and not state.exists()


def test_a_run_resumes_with_the_same_clips_only(root, stopped):
    mine = shutil.copytree(root, stopped[0].with_name("clips"))
    (mine / "left" / "film0_0.mkv").rename(mine / "left" / "film0_x.mkv")
    parts = recipe.split(recipe.read_clips(mine, **SMALL)[0])
    with pytest.raises(TrainingError, match="belongs to a run with names [0-9a-f]*, not"):
        recipe.learn(*parts, stopped[0], resume=True, **QUICK)


@pytest.mark.parametrize("content", [b"", b"half"])
def test_a_corrupt_state_is_refused_and_kept(content, parts, stopped):
    out, state = stopped
    state.write_bytes(content)
    with pytest.raises(weights.WeightsError, match="w.checkpoint is damaged, or not a safetensors"):
        recipe.learn(*parts, out, resume=True, **QUICK)
    assert state.read_bytes() == content
    recipe.learn(*parts, out, **QUICK)                # a new run
    assert out.exists() and not state.exists()


def test_without_a_checkpoint_nothing_resumes(parts, tmp_path):
    with pytest.raises(TrainingError,
                       match="no interrupted run to resume: there is no file .*w.checkpoint"):
        recipe.learn(*parts, tmp_path / "w.safetensors", resume=True, **QUICK)
    assert not (tmp_path / "w.safetensors").exists()


@pytest.mark.parametrize("name", ["w.checkpoint", "w", "w.v2", "w.safetensors"])
def test_a_state_is_never_the_file_of_weights(name, parts, tmp_path):
    out = tmp_path / "out" / name
    recipe.learn(*parts, out, **QUICK)
    assert recipe.state_of(out) != out and weights.load(out, "scratch").classes
    assert [path.name for path in out.parent.iterdir()] == [name]


def test_two_files_of_weights_have_two_states():
    assert recipe.state_of("a/w.v1") != recipe.state_of("a/w.v2")


@pytest.mark.parametrize("model", models.NAMES)
@pytest.mark.parametrize("engine", ["scratch", "torch"])
def test_every_model_takes_the_smallest_clips_or_says_so_before_training(model, engine, root,
                                                                          tmp_path, monkeypatch):
    folder = recipe.read_clips(root, frames=1, size=8)[0]
    monkeypatch.setattr(recipe, "fit", lambda *_, **__: pytest.fail("it started to train"))
    with pytest.raises(ValueError, match=f"{model} cannot take clips of 1 frames of 8x8: "):
        recipe.learn(*recipe.split(folder), tmp_path / "w", model=model, motion=True, engine=engine)
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("wrong, says", [
    (dict(model="gpt"), "there is no model 'gpt'"), (dict(engine="jax"), "there is no engine"),
    (dict(device="tpu"), "there is no device 'tpu'"),
    (dict(out="clips"), "Is a directory: .*clips"),
    (dict(out="clips/left/film0_0.mkv"), "film0_0.mkv exists already and is not a classifier"),
    (dict(out="clips/left/film0_0.mkv/w"), "Not a directory: .*film0_0.mkv"),
])
def test_what_would_fail_at_the_end_is_refused_before(wrong, says, root, tmp_path):
    shutil.copytree(root, tmp_path / "clips")
    wrong = {"out": "w.safetensors"} | wrong
    out = tmp_path / wrong.pop("out")
    with pytest.raises((ValueError, OSError), match=says):
        recipe.check(out, **wrong)
