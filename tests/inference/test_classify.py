"""What a clip shows: the same answer for a file, a Clip and an array."""

from pathlib import Path

import numpy as np
import pytest

from tests.inference.light import HEADER, Light, write
from vidlearn import video
from vidlearn.inference import classify, weights
from vidlearn.scratch.layers.activation import softmax_forward

DATA = Path(__file__).parents[2] / "data"


def test_a_file_a_clip_and_an_array_give_the_same_answer(tmp_path):
    path = write(tmp_path / "a.mkv", np.linspace(0.5, 1, 12))
    clip = video.read(path)
    answers = [classify.classify(x, Light()) for x in (path, str(path), clip, clip.frames)]
    assert all(a == answers[0] for a in answers)
    assert [name for name, _ in answers[0]] == ["bright", "dark", "never"]
    assert sum(p for _, p in answers[0]) == pytest.approx(1)


def test_the_header_says_how_many_frames_of_what_size(tmp_path):
    light = Light()
    classify.classify(write(tmp_path / "a.mkv", [0.5] * 30), light)
    assert light.shapes == [(1, 3, 4, 8, 10)]


def test_top_names_so_many(tmp_path):
    path = write(tmp_path / "a.mkv", [0.9] * 5)
    assert classify.classify(path, Light(), top=1) == [("bright", pytest.approx(0.9, abs=0.01))]


class TestDamaged:
    """A film of 30 frames that gets brighter, of which the end is cut off."""

    @pytest.fixture
    def cut(self, tmp_path):
        path = write(tmp_path / "cut.mkv", np.linspace(0, 1, 30))
        path.write_bytes(path.read_bytes()[:path.stat().st_size // 2])
        return path

    def test_it_is_used_as_far_as_it_goes_only_where_that_is_allowed(self, cut):
        with pytest.raises(video.VideoError, match="of 30 declared frames .*strict=False takes"):
            classify.classify(cut, Light())
        with pytest.warns(UserWarning, match=r"cut.mkv: \d+ of 30 declared frames were decoded, "
                          r"and it is damaged: [\d,]+ bytes are missing at its end. It is used as "
                          r"far as it goes$") as said:
            found = classify.classify(cut, Light(), allow_damaged=True)
        left = video.read(cut, strict=False)
        assert found == classify.classify(left, Light()) and found[0][0] == "dark"
        assert said[0].filename == __file__

    def test_a_healthy_one_is_read_as_ever(self, tmp_path, recwarn):
        path = write(tmp_path / "a.mkv", [0.9] * 9)
        assert classify.classify(path, Light(), allow_damaged=True) == \
            classify.classify(path, Light())
        assert not recwarn.list

    def test_one_of_which_nothing_is_left_is_an_error(self, tmp_path):
        (tmp_path / "text.mkv").write_text("nothing")
        with pytest.raises(video.VideoError, match="not a video"):
            classify.classify(tmp_path / "text.mkv", Light(), allow_damaged=True)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(video.VideoError, match="nowhere"):
        classify.classify(tmp_path / "nowhere.mp4", Light())


def test_a_real_network_gives_the_softmax_of_its_scores(tmp_path):
    path = write(tmp_path / "a.mkv", [0.1, 0.9] * 4)
    import torch

    model = HEADER.build(torch.nn).eval()
    weights.save(tmp_path / "w.safetensors", model, HEADER)
    found = dict(classify.classify(path, weights.load(tmp_path / "w.safetensors")))
    frames = video.read(path, count=4, size=(8, 10)).frames
    with torch.no_grad():
        scores = model(torch.from_numpy(video.to_tensor(frames)[None])).numpy()[0]
    for name, value in zip(HEADER.classes, softmax_forward(scores)[0], strict=True):
        assert found[name] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("engine", ["torch", "scratch"])
def test_the_classifier_of_the_course_knows_the_clips_of_the_course(engine):
    classifier = weights.load(DATA / "motion_c3d.safetensors", engine)
    for name in classifier.classes:
        assert classify.classify(DATA / f"{name}.webm", classifier, top=1)[0][0] == name
