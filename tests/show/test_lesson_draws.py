"""What the lessons' widgets draw: the numbers they say, and that the picture shows them."""

import numpy as np
import pytest
import torch

from vidlearn.show import answering, draw, painting, pixel, sliding, tilting
from vidlearn.show.widgets.conv3d import SPEEDS, answer, leaning_box, moving_bar
from vidlearn.show.widgets.convolution import CELL

X = np.arange(25.0).reshape(5, 5) % 7
WEIGHT = np.array([[1.0, 0], [2, -1]])
ROOM = draw.titled(draw.canvas(1, 1), "x").shape[0] - 1        # pixels that a title takes


def marked(picture, size):
    """The cells (row, column) of the matrix at the left that carry the window's mark."""
    return [(i, j) for i, j in np.ndindex(size)
            if tuple(picture[ROOM + i * CELL + CELL // 2, j * CELL + 2]) == draw.RED]


@pytest.mark.parametrize("options, size, at, corners", [
    (dict(place=0), 5, (0, 0), [(0, 0), (0, 1), (1, 0), (1, 1)]),
    (dict(place=5), 5, (1, 1), [(1, 1), (1, 2), (2, 1), (2, 2)]),
    (dict(place=3, stride=2), 5, (1, 1), [(2, 2), (2, 3), (3, 2), (3, 3)]),
    (dict(place=4, dilation=2), 5, (1, 1), [(1, 1), (1, 3), (3, 1), (3, 3)]),
    (dict(place=0, padding=1), 7, (0, 0), [(0, 0), (0, 1), (1, 0), (1, 1)]),
    (dict(place=21), 5, (1, 1), [(1, 1), (1, 2), (2, 1), (2, 2)]),       # past the end: anew
])
def test_the_window_stands_where_the_line_says(options, size, at, corners):
    picture, line = sliding(X, WEIGHT)(**options)
    padding = options.get("padding", 0)
    padded = np.pad(X, padding)
    value = sum(w * padded[corner] for w, corner in zip(WEIGHT.ravel(), corners, strict=True))
    assert line.startswith(f"y[{at[0]}, {at[1]}] = {value:.0f}, one of ")
    assert marked(picture, (size, size)) == corners


def test_answers_that_are_not_reached_yet_are_blank():
    draws = sliding(np.ones((5, 5)), np.ones((2, 2)))          # the answers are all 4
    inked = [(draws(place)[0][:, -4 * CELL - 1:] != 255).any(2).sum() for place in range(16)]
    assert (np.diff(inked) > 0.9 * CELL**2).all()


def test_whole_numbers_slide_too():
    assert sliding(X.astype(int), WEIGHT)(padding=1)[1].startswith("y[0, 0] = 0, one of 6 x 6")


def test_a_painted_box_says_what_it_sees():
    frames = np.random.default_rng(0).random((2, 12, 16))
    weight = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]])
    y = torch.nn.functional.conv2d(torch.tensor(frames[1])[None, None],
                                   torch.tensor(weight)[None, None], padding=1)
    picture, line = painting(frames)(frame=1)
    assert line == f"sum of weights 0, strongest answer {y.abs().max():.2f}"
    other, _ = painting(frames)(frame=0)
    assert picture.shape == other.shape and (picture != other).any()


def test_a_box_with_a_one_in_its_middle_shows_the_frame_in_two_colours():
    frame = np.random.default_rng(1).random((12, 16))
    picture, line = painting(frame[None])(a=0, c=0, d=0, e=1, f=0, g=0, i=0)
    assert line == f"sum of weights 1, strongest answer {frame.max():.2f}"
    seen = draw.heat(frame, 18, "diverging", -0.5, 0.5)
    assert (picture[-seen.shape[0]:, -seen.shape[1]:] == seen).all()


def test_a_bar_moves_with_its_speed_and_stays_three_pixels_wide():
    for speed in (-1, 0, 2):
        bar = moving_bar(speed, frames=5, size=24)
        np.testing.assert_allclose(bar.sum(1), 3)
        np.testing.assert_allclose(bar[1:], np.roll(bar[:-1], speed, axis=1), atol=1e-12)


@pytest.mark.parametrize("tilt", [-1.5, 0.0, 1.0])
def test_a_leaning_box_is_loudest_for_about_the_speed_of_its_tilt(tilt):
    box = leaning_box(tilt)
    np.testing.assert_allclose(box.sum(1), 0, atol=1e-12)
    loudness = [(np.maximum(answer(moving_bar(s), box), 0) ** 2).mean() for s in SPEEDS]
    assert abs(SPEEDS[np.argmax(loudness)] - tilt) <= 0.25
    draws = tilting()
    picture, line = draws(tilt, tilt)
    here = loudness[list(SPEEDS).index(tilt)]
    assert line == f"bar {tilt:+.2f}, box {tilt:+.2f} pixels a frame: loudness {here:.2f}"
    assert (draws(tilt, tilt + 0.5)[0] != picture).any()


def test_the_answer_is_a_convolution():
    bar, box = moving_bar(1.0), leaning_box(0.5)
    y = torch.nn.functional.conv2d(torch.tensor(bar)[None, None], torch.tensor(box)[None, None])
    np.testing.assert_allclose(answer(bar, box), y[0, 0].numpy(), atol=1e-12)


def test_a_pixel_is_read_in_both_orders():
    frames = np.random.default_rng(2).integers(0, 256, (4, 10, 20, 3), dtype=np.uint8)
    picture, line = pixel(frames)(t=3, y=2, x=15)
    r, g, b = frames[3, 2, 15].tolist()
    assert line == (f"frames[3, 2, 15] = [{r}, {g}, {b}] · "
                    f"batch[0, :, 3, 2, 15] = [{r / 255:.2f}, {g / 255:.2f}, {b / 255:.2f}]")
    assert (picture == (r, g, b)).all(2).sum() >= 72 * 72      # the pixel, large
    for colour in frames[:, 2, 15]:                            # and over time
        assert (picture == colour).all(2).sum() > 500
    assert pixel(frames)()[1].startswith("frames[0, 5, 10] = ")


def test_the_longest_bar_is_the_answer_and_the_true_one_is_green():
    shown = []
    frames = np.full((8, 4, 4, 3), 200, np.uint8)
    draws = answering(lambda *asked: shown.append(asked) or frames,
                      lambda clip: np.array([0.1, 0.7, 0.2]), ("left", "right", "up"))
    picture, line = draws(action=2, noise=9, speed=0.5)
    assert shown == [(2, 9, 0.5)]
    assert line == "it shows up, the answer is right (70%)"
    pixels = {c: (picture == c).all(2).sum() for c in (draw.BLUE, draw.GREEN)}
    assert pixels[draw.BLUE] == 4 * pixels[draw.GREEN]             # 0.1 + 0.7 of wrong, 0.2 of true
