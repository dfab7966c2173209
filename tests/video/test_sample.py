"""Samplers give the requested number of frames, inside the video and in order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidlearn.video import sample

TOTAL, COUNT, SEED = st.integers(1, 500), st.integers(1, 40), st.integers(0, 2**32 - 1)
STEP = st.integers(1, 9)


def all_of(total, count, seed, step=1):
    rng = np.random.default_rng(seed)
    return {"uniform": sample.uniform(total, count), "segments": sample.segments(total, count, rng),
            "random": sample.random(total, count, rng),
            "window": sample.window(total, count, rng, step)}


@given(TOTAL, COUNT, SEED, STEP)
def test_every_sampler_gives_rising_frame_numbers(total, count, seed, step):
    for name, numbers in all_of(total, count, seed, step).items():
        assert numbers.shape == (count,), name
        assert numbers.dtype == np.int64, name
        assert numbers.min() >= 0 and numbers.max() < total, name
        assert (np.diff(numbers) >= 0).all(), name


@given(TOTAL, COUNT, SEED)
def test_no_frame_is_repeated_where_there_are_enough(total, count, seed):
    for name, numbers in all_of(max(total, count), count, seed).items():
        assert len(np.unique(numbers)) == count, name


@given(TOTAL, COUNT)
def test_uniform_is_the_middle_of_equal_parts(total, count):
    edges = np.arange(count + 1) * total / count
    numbers = sample.uniform(total, count)
    assert (edges[:-1] - 1 < numbers).all() and (numbers <= edges[1:]).all()
    assert np.abs(numbers + 0.5 - (edges[:-1] + edges[1:]) / 2).max() <= 0.5


@given(TOTAL, COUNT, SEED)
def test_segments_draws_one_from_each_part(total, count, seed):
    numbers = sample.segments(total, count, np.random.default_rng(seed))
    edges = np.arange(count + 1) * total // count
    empty = edges[:-1] == edges[1:]
    assert (numbers >= edges[:-1]).all() and (numbers < edges[1:] + empty).all()


@given(TOTAL, COUNT, STEP, st.integers(1, 60))
def test_windows_cover_the_video(total, count, step, hop):
    runs = sample.windows(total, count, step, hop)
    assert runs.shape[1] == count
    assert runs[0, 0] == 0
    assert runs.max() <= total - 1
    reach = (count - 1) * step
    if total > reach:
        assert (np.diff(runs, axis=1) == step).all()
        assert runs[-1, -1] == total - 1
        assert (np.diff(runs[:, 0]) <= hop).all()
        assert (np.diff(runs[:, 0]) >= 1).all()
    else:
        assert len(runs) == 1


def test_by_hand():
    assert sample.uniform(10, 5).tolist() == [1, 3, 5, 7, 9]
    assert sample.uniform(3, 1).tolist() == [1]
    assert sample.uniform(2, 4).tolist() == [0, 0, 1, 1]
    assert sample.windows(10, 4).tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [6, 7, 8, 9]]
    assert sample.windows(8, 4, hop=2)[:, 0].tolist() == [0, 2, 4]
    assert sample.windows(7, 3, step=2, hop=1).tolist() == [[0, 2, 4], [1, 3, 5], [2, 4, 6]]
    assert sample.windows(2, 4).tolist() == [[0, 1, 1, 1]]


def test_every_place_is_drawn():
    rng = np.random.default_rng(0)
    assert {int(sample.window(6, 3, rng)[0]) for _ in range(100)} == {0, 1, 2, 3}
    assert {int(n) for _ in range(100) for n in sample.segments(6, 2, rng)} == set(range(6))
    assert {int(n) for _ in range(100) for n in sample.random(6, 2, rng)} == set(range(6))


def test_a_seed_gives_the_same_numbers():
    a, b, c = (all_of(100, 8, seed) for seed in (1, 1, 2))
    for name in ("segments", "random", "window"):
        np.testing.assert_array_equal(a[name], b[name])
        assert (a[name] != c[name]).any()


@pytest.mark.parametrize("total, count", [(0, 1), (1, 0), (-1, 5)])
def test_an_empty_video_or_clip_is_refused(total, count):
    for draw in (sample.uniform, sample.windows):
        with pytest.raises(ValueError, match="must be a whole number, 1 or more, not"):
            draw(total, count)
    with pytest.raises(ValueError, match="step must be a whole number, 1 or more, not 0"):
        sample.windows(10, 3, step=0, hop=3)
