"""The widget of lesson 22: later frames are hidden, and the line gives the prediction so far."""

import numpy as np
import pytest

from vidlearn.datasets.motion import CLASSES, motion
from vidlearn.show import draw, hidden_states

DATA = motion(4, seed=1, frames=8, size=16)
TOP, STRIP = 80 + 10, 160                       # pixels: the top of the strip, and its height


def read(frames):
    """Five units that follow the brightness, and a class that follows the frame."""
    bright = frames.reshape(len(frames), -1).mean(1, keepdims=True) / 255
    probabilities = np.full((len(frames), 8), 0.05)
    probabilities[np.arange(len(frames)), np.arange(len(frames)) % 8] = 0.65
    return bright * [1, -1, 0, 0.5, -0.5], probabilities


def pictured(**values):
    return hidden_states(DATA, read)(**values)


def test_it_begins_at_the_last_frame():
    picture, line = pictured()
    assert line == "it shows left; after 8 of 8 frames the state says shrink ✗"
    np.testing.assert_array_equal(picture, pictured(clip=0, frame=7, backwards=False)[0])
    assert picture.dtype == np.uint8 and picture.shape[1] <= 800


@pytest.mark.parametrize("clip", range(4))
def test_the_line_says_right_where_the_state_is_right(clip):
    assert pictured(clip=clip, frame=clip)[1] == (
        f"it shows {CLASSES[clip]}; after {clip + 1} of 8 frames the state says "
        f"{CLASSES[clip]} ✓")


def test_backwards_shows_the_opposite_action_from_the_other_end():
    assert "it shows right;" in pictured(clip=0, backwards=True)[1]
    back, _ = pictured(clip=0, backwards=True)
    first = DATA.clips[0, -1].repeat(5, 0).repeat(5, 1)
    np.testing.assert_array_equal(back[:80, 150:230], first)


def test_nothing_is_known_of_frames_to_come():
    picture, _ = pictured(frame=2)
    to_come = picture[TOP:TOP + STRIP, 150 + 3 * 80 + 1:150 + 4 * 80]
    assert (to_come == 233).all()
    known = picture[TOP:TOP + STRIP, 150 + 2 * 80 + 1:150 + 3 * 80]
    states, _ = read(DATA.clips[0])
    np.testing.assert_array_equal(known[::32, 40],
                                  draw.heat(states[2][:, None], 1, "diverging", -1, 1)[:, 0])


def test_a_long_clip_of_one_unit_and_a_short_one_of_one_frame_fit():
    for frames in (48, 2):
        data = motion(2, seed=1, frames=frames, size=16)
        scrub = hidden_states(data, lambda f: (np.zeros((len(f), 1)), np.full((len(f), 8), 1 / 8)))
        picture, line = scrub(clip=1, frame=0)
        assert picture.shape[1] <= 800 and "after 1 of" in line


def test_the_data_are_left_as_they_were():
    before = DATA.clips.copy()
    pictured(frame=0)
    pictured(frame=5, backwards=True)
    np.testing.assert_array_equal(DATA.clips, before)


def test_the_network_is_asked_once_for_a_clip():
    asked = []
    scrub = hidden_states(DATA, lambda frames: asked.append(1) or read(frames))
    for frame in range(8):
        scrub(clip=1, frame=frame)
    scrub(clip=1, frame=0, backwards=True)
    assert len(asked) == 2
