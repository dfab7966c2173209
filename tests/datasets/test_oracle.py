"""The oracle reads every action of Motion: as drawn, mirrored, backwards, and its speed."""

import numpy as np
import pytest

from vidlearn.datasets import oracle
from vidlearn.datasets.motion import OPPOSITE, motion

DATA = motion(48, seed=21)
MIRRORED = np.array([1, 0, 2, 3, 5, 4, 6, 7])
UPSIDE_DOWN = np.array([0, 1, 3, 2, 5, 4, 6, 7])


def read(clips):
    return np.array([oracle.action(clip) for clip in clips])


@pytest.mark.parametrize("change, expected", [
    (lambda clips: clips, np.arange(8)), (lambda clips: clips[:, :, :, ::-1], MIRRORED),
    (lambda clips: clips[:, :, ::-1], UPSIDE_DOWN), (lambda clips: clips[:, ::-1], OPPOSITE),
    (lambda clips: clips[:, :, ::-1, ::-1], np.array([1, 0, 3, 2, 4, 5, 6, 7])),
])
def test_it_reads_the_action(change, expected):
    assert (read(change(DATA.clips)) == expected[DATA.labels]).mean() > 0.95


def test_it_measures_pixels_per_frame():
    drawn = np.random.default_rng(0).normal(size=(1, 40, 40, 1)).cumsum(1).cumsum(2)
    soft = (drawn - drawn.min()) / np.ptp(drawn)
    hill = np.exp(-((np.indices((40, 40)) - 20) ** 2).sum(0) / 60)[None, ..., None]
    picture = 255 * (0.3 * soft + 0.7) * hill
    slid = np.concatenate([np.roll(picture, k, 2) for k in range(4)])             # 1 to the right
    found = oracle.movement(slid.repeat(3, 3), reach=8)
    np.testing.assert_allclose(found[:2], [1, 0], atol=0.1)


def test_a_still_clip_and_a_flat_clip_do_not_move():
    np.testing.assert_allclose(oracle.movement(np.repeat(DATA.clips[0][:1], 4, 0)), 0, atol=1e-12)
    np.testing.assert_allclose(oracle.movement(np.full((2, 9, 9, 3), 7, np.uint8)), 0, atol=1e-12)
