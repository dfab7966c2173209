"""A clip, and a long video window by window: what it shows, with memory for one window."""

import weakref
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidlearn import video
from vidlearn.inference import classify, weights
from vidlearn.inference.classify import _windows
from vidlearn.inference.weights import Header
from vidlearn.scratch.layers.activation import softmax_forward

DATA = Path(__file__).parents[2] / "data"
HEADER = Header("c3d", ("dark", "bright", "never"), frames=4, size=(8, 10), seconds=1.0)


class Light:
    """A classifier by hand: the brighter the clip, the likelier it is "bright"."""

    header, classes = HEADER, HEADER.classes

    def __init__(self):
        self.shapes = []

    def probabilities(self, clips):
        self.shapes.append(clips.shape)
        light = clips.mean((1, 2, 3, 4))
        return np.stack([1 - light, light, 0 * light], 1)


def write(path, light, fps=10, size=(16, 20)):
    """A video whose frames are of these greys."""
    frames = [np.full((*size, 3), round(255 * v), np.uint8) for v in light]
    video.write(path, frames, fps)
    return path


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


def test_a_file_that_is_not_there_is_said(tmp_path):
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


def spans(times, window, stride):
    """Start, stop and the frames in it, for frames numbered in order."""
    stream = ((t, np.full((1, 1, 3), i)) for i, t in enumerate(times))
    return [(round(a, 3), round(b, 3), f[:, 0, 0, 0].tolist())
            for a, b, f in _windows(stream, window, stride)]


def test_windows_overlap_and_the_last_ends_with_the_video():
    times = np.arange(10) / 4                                          # 2.5 seconds
    assert spans(times, 1.0, 0.5) == [
        (0, 1, [0, 1, 2, 3]), (0.5, 1.5, [2, 3, 4, 5]), (1, 2, [4, 5, 6, 7]),
        (1.5, 2.5, [6, 7, 8, 9])]
    assert spans(times, 1.0, 1.0)[-1] == (1.5, 2.5, [6, 7, 8, 9])
    assert spans(times[:8], 1.0, 1.0) == [(0, 1, [0, 1, 2, 3]), (1, 2, [4, 5, 6, 7])]


def test_a_short_video_is_one_window():
    assert spans([0, 0.25, 0.5], 2.0, 1.0) == [(0, 0.75, [0, 1, 2])]
    assert spans([0.0], 2.0, 1.0) == [(0, 0, [0])]


def test_a_long_pause_shows_the_frame_that_stands():
    assert spans([0, 0.25, 0.5, 3.5, 3.75], 1.0, 1.0)[:4] == [
        (0, 1, [0, 1, 2]), (1, 2, [2]), (2, 3, [2]), (3, 4, [3, 4])]


def test_a_stride_longer_than_the_window_leaves_gaps():
    assert [s[:2] for s in spans(np.arange(40) / 4, 1.0, 4.0)] == [(0, 1), (4, 5), (8, 9), (9, 10)]


@pytest.fixture
def day(tmp_path):
    """Three seconds of night, three of day."""
    return write(tmp_path / "day.mkv", [0.1] * 30 + [0.8] * 30)


def test_a_timeline_finds_when_the_light_goes_on(day):
    found = classify.timeline(day, Light())
    assert found.starts.tolist() == pytest.approx(np.arange(11) / 2)   # the header's 1 s, halved
    assert [name for _, _, name, _ in found.rows()] == ["dark"] * 6 + ["bright"] * 5
    assert found.at(0.2)[0] > 0.8 and found.at(5.9)[1] > 0.7
    np.testing.assert_allclose(found.probabilities.sum(1), 1)
    assert len(found) == 11 and found.fps == pytest.approx(10)
    assert found.seconds[0] == pytest.approx(0.5)


def test_no_more_frames_are_held_than_a_window_has():
    alive, most = set(), []

    def stream():
        for i in range(500):
            frame = np.zeros((1, 1, 3))
            alive.add(i)
            weakref.finalize(frame, alive.discard, i)
            yield i / 10, frame
            most.append(len(alive))

    assert len(list(_windows(stream(), 1.0, 0.5))) == 99
    assert max(most) <= 12                              # ten, and those on the way in and out


@pytest.mark.parametrize("wrong", [
    dict(window=0), dict(window=-1), dict(stride=0), dict(window=float("nan")),
    dict(window=float("inf")), dict(window=1e-6), dict(stride=float("nan"))])
def test_a_window_takes_time(day, wrong):
    with pytest.raises(ValueError, match="must be seconds, 0.01 or more"):
        classify.timeline(day, Light(), **wrong)


def test_the_plot_is_a_picture(day, tmp_path):
    classify.timeline(day, Light()).save_plot(tmp_path / "plot.png")
    assert cv2.imread(str(tmp_path / "plot.png")).std() > 5


def test_the_captioned_copy_is_as_long_and_has_a_strip(day, tmp_path):
    found = classify.timeline(day, Light())
    classify.caption(found, tmp_path / "said.webm", height=90)
    copy = video.read(tmp_path / "said.webm")
    assert copy.frames.shape == (60, 90 + 18, 112, 3) and copy.fps == pytest.approx(10, rel=0.01)
    picture = copy.frames[:, :90].mean((1, 2, 3))
    assert picture[:25].max() < 60 and picture[35:].min() > 180        # what was there is there


def test_the_bar_is_as_long_as_the_answer_is_probable(tmp_path):
    path = write(tmp_path / "a.mkv", [0.75] * 10, size=(240, 320))
    found = classify.timeline(path, Light())
    classify.caption(found, tmp_path / "a.webm", height=240, top=2)
    strip = video.read(tmp_path / "a.webm").frames[5, 240:].astype(int)
    blue = strip[..., 2] - strip[..., 0] > 90
    first, second = blue[2:14], blue[18:30]
    assert first[:, :234].mean() > 0.6 and first[:, 246:].mean() < 0.02           # bright 75 %
    assert second[:, :74].mean() > 0.5 and second[:, 86:].mean() < 0.02           # dark 25 %


@pytest.mark.parametrize("size, height", [((202, 302), 101), ((34, 20), 97)])
def test_every_copy_has_even_sides(size, height, tmp_path):
    path = write(tmp_path / "a.mkv", [0.5] * 6, size=size)
    classify.caption(classify.timeline(path, Light()), tmp_path / "a.webm", height, top=3)
    copy = video.read(tmp_path / "a.webm").frames
    assert (copy.shape[1] % 2, copy.shape[2] % 2) == (0, 0)
    assert copy.shape[2] == pytest.approx(size[1] * height / size[0], abs=1.5)


def test_a_fast_video_is_thinned_out_and_lasts_as_long(tmp_path):
    found = classify.timeline(write(tmp_path / "a.mkv", [0.5] * 60, fps=30), Light())
    classify.caption(found, tmp_path / "a.webm", height=60)
    copy = video.read(tmp_path / "a.webm")
    assert len(copy) == 30 and copy.fps == pytest.approx(15, rel=0.01)


def test_a_captioned_copy_replaces_an_older_one(day, tmp_path):
    found = classify.timeline(day, Light(), window=6.0)
    for _ in range(2):
        classify.caption(found, tmp_path / "said.webm", height=60)
    assert len(video.read(tmp_path / "said.webm")) == 60
