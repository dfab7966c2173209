"""The widget of lesson 01: the frame, its second, its colours, and the sampled frames."""

import numpy as np
import pytest

from vidlearn.show import draw, scrubber
from vidlearn.show.widgets.frames import EDGE, WIDE
from vidlearn.video import Clip, sample

SECONDS = np.concatenate([np.arange(20) / 20, 1 + np.arange(20) / 5])       # 20 a second, then 5
FRAMES = np.zeros((40, 20, 30, 3), np.uint8)
FRAMES[..., 0] = (np.arange(40) * 6)[:, None, None]                         # red counts frames
CLIP = Clip(FRAMES, SECONDS, "drawn")
TALL = 260                                                                   # 13 times 20 pixels


def ticks(picture, row, colour):
    """The middles of the marks of a colour in a row of the rulers."""
    line = (picture[TALL + 12 + row] == colour).all(1)
    edges = np.flatnonzero(np.diff(line, prepend=False, append=False)).reshape(-1, 2)
    return edges.mean(1)


@pytest.mark.parametrize("frame", [0, 7, 20, 39])
def test_it_shows_the_frame_and_says_its_second(frame):
    picture, line = scrubber(CLIP)(frame)
    assert picture[TALL // 2, (WIDE + 2 * EDGE) // 2].tolist() == [frame * 6, 0, 0]
    lasts = 0.05 if frame < 20 else 0.2
    assert line.startswith(f"frame {frame} of 40: from second {SECONDS[frame]:.3f}, "
                           f"for {lasts:.3f} s; uniform takes 2 7 12 17 22 27 32 37")


def test_past_the_end_is_the_last_frame():
    assert scrubber(CLIP)(99)[1] == scrubber(CLIP)(39)[1]


def test_red_and_blue_change_places():
    picture, _ = scrubber(CLIP)(10, colours="BGR")
    assert picture[TALL // 2, (WIDE + 2 * EDGE) // 2].tolist() == [0, 0, 60]


@pytest.mark.parametrize("count", [1, 5])
def test_a_line_joins_frame_and_second_of_each_sample(count):
    picture, _ = scrubber(CLIP)(0, count=count)
    chosen = sample.uniform(40, count)
    above = EDGE + (chosen + 0.5) / 40 * WIDE
    below = EDGE + SECONDS[chosen] / 5 * WIDE                    # it ends after 5 seconds
    np.testing.assert_allclose(ticks(picture, 27, draw.BLUE), above, atol=1)
    np.testing.assert_allclose(ticks(picture, 96, draw.BLUE), below, atol=1)
    np.testing.assert_allclose(ticks(picture, 62, draw.BLUE), (above + below) / 2, atol=4)
    np.testing.assert_allclose(ticks(picture, 27, draw.RED), [EDGE + 0.5 / 40 * WIDE], atol=1)
    np.testing.assert_allclose(ticks(picture, 96, draw.RED), [EDGE], atol=1)


@pytest.mark.parametrize("sampling", ["segments", "random", "window"])
def test_a_seed_samples_the_same_frames(sampling):
    first, again, other = (scrubber(CLIP, seed)(sampling=sampling)[1] for seed in (0, 0, 1))
    draws = getattr(sample, sampling)(40, 8, np.random.default_rng(0))
    assert first == again != other
    assert first.endswith(f"{sampling} takes " + " ".join(map(str, draws)))


@pytest.mark.parametrize("shape", [(1, 4, 4, 3), (2, 600, 300, 3), (3, 100, 1600, 3)])
def test_clips_of_any_size_fit_the_page(shape):
    picture, line = scrubber(np.zeros(shape, np.uint8))(0)
    assert picture.shape[1] == WIDE + 2 * EDGE == 800
    assert picture.shape[0] <= 420
    assert line.startswith(f"frame 0 of {shape[0]}: from second 0.000")
