"""The widget of lesson 03: one draw for each frame adds motion, one for the clip adds none."""

import numpy as np
import pytest

from vidlearn.datasets.motion import motion
from vidlearn.show import augmentations, draw

CLIP = motion(1, seed=3, frames=8, size=48, labels=[1], noise=0).clips[0]
STILL = np.repeat(CLIP[:1], 8, axis=0)
CHANGES = ("rotate", "crop", "flip", "light")
EACH = "for each frame"


def levels(line):
    """The two mean changes in the line: of the augmented clip and of the clip."""
    words = line.replace(";", " ").replace(",", " ").split()
    return float(words[words.index("grey") - 1]), float(words[-1])


@pytest.mark.parametrize("change", CHANGES)
def test_a_photograph_stays_still_under_one_draw_and_moves_under_many(change):
    draws = augmentations(STILL)
    assert levels(draws(change, 0.8, "for the clip", 2)[1]) == (0, 0)
    assert levels(draws(change, 0.8, EACH, 2)[1])[0] > 3


@pytest.mark.parametrize("change", CHANGES)
def test_without_strength_nothing_changes(change):
    after, before = levels(augmentations(CLIP)(change, 0.0, EACH, 1)[1])
    assert after == before > 1


def test_the_picture_shows_the_clip_the_change_and_its_bars():
    draws = augmentations(STILL)
    once, often = draws("crop", 0.8, "for the clip", 2)[0], draws("crop", 0.8, EACH, 2)[0]
    assert once.shape == often.shape and once.shape[1] <= 800 and once.dtype == np.uint8
    top = once.shape[0] - 150                                    # the strips end above the bars
    assert not (once[top:] == draw.BLUE).all(-1).any()
    assert (often[top:] == draw.BLUE).all(-1).any()
    assert (draws("crop", 0.8, EACH, 3)[0] != often).any()
    np.testing.assert_array_equal(draws("crop", 0.8, EACH, 2)[0], often)


def test_two_frames_will_do_and_an_unknown_change_will_not():
    assert augmentations(CLIP[:2])()[0].shape[1] <= 800
    with pytest.raises(ValueError, match="change 'shake' is unknown: choose rotate, crop"):
        augmentations(CLIP)("shake")
