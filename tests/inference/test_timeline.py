"""A long video window by window: what it shows, with memory for one window."""

import weakref

import numpy as np
import pytest

from tests.inference.light import Light, write
from vidlearn import video
from vidlearn.inference import timeline
from vidlearn.inference.timeline import _windows


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


def test_a_beginning_that_is_lost_has_no_window():
    assert spans([2.25, 2.5, 2.75, 3.0, 3.25], 1.0, 0.5) == [
        (1.5, 2.5, [0]), (2, 3, [0, 1, 2]), (2.5, 3.5, [1, 2, 3, 4])]
    assert spans([2.25], 1.0, 0.5) == [(1.25, 2.25, [0])]


@pytest.fixture
def day(tmp_path):
    """Three seconds of night, three of day."""
    return write(tmp_path / "day.mkv", [0.1] * 30 + [0.8] * 30)


def test_a_timeline_finds_when_the_light_goes_on(day):
    found = timeline.timeline(day, Light())
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
        timeline.timeline(day, Light(), **wrong)


class TestDamaged:
    """Three seconds of night, three of day, and then one: the last ones are cut off."""

    @pytest.fixture
    def cut(self, tmp_path):
        path = write(tmp_path / "cut.mkv", [0.1] * 30 + [0.8] * 40)
        path.write_bytes(path.read_bytes()[:path.stat().st_size * 8 // 10])
        return path

    def test_it_is_followed_as_far_as_it_goes_only_where_that_is_allowed(self, cut):
        with pytest.raises(video.VideoError, match="of 70 declared frames"):
            timeline.timeline(cut, Light())
        with pytest.warns(UserWarning, match="cut.mkv: .* It is used as far as it goes$") as said:
            found = timeline.timeline(cut, Light(), allow_damaged=True)
        last = video.read(cut, strict=False).seconds[-1]
        assert len(said) == 1 and 3.5 < last < 6.9
        assert found.stops[-1] == pytest.approx(last + 0.1) and not found.strict
        assert found.fps == pytest.approx(10)
        assert [name for *_, name, _ in found.rows()] == [
            "dark" if row < 6 else "bright" for row in range(len(found))]

    def test_a_healthy_one_is_followed_as_ever(self, day, recwarn):
        a, b = (timeline.timeline(day, Light(), allow_damaged=allow) for allow in (True, False))
        np.testing.assert_array_equal(a.probabilities, b.probabilities)
        assert a.strict and b.strict and not recwarn.list
