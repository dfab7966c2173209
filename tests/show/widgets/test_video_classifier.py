"""The widget of lesson 30: bars are probabilities, and a clip without motion has no true class."""

import numpy as np

from vidlearn.show import draw, robustness


def test_where_nothing_moves_no_bar_is_green():
    frames = np.full((8, 4, 4, 3), 200, np.uint8)
    draws = robustness(lambda *asked: frames, lambda clip: np.array([0.1, 0.9]), ("left", "right"))
    picture, line = draws(action=1, noise=4, speed=0.0)
    assert line == "nothing moves, the answer is right (90%)"
    assert not (picture == draw.GREEN).all(2).any() and (picture == draw.BLUE).all(2).any()


def test_bars_are_probabilities_and_that_of_the_true_class_is_green():
    shown = []
    frames = np.full((8, 4, 4, 3), 200, np.uint8)
    draws = robustness(lambda *asked: shown.append(asked) or frames,
                      lambda clip: np.array([0.1, 0.7, 0.2]), ("left", "right", "up"))
    picture, line = draws(action=2, noise=9, speed=0.5)
    assert shown == [(2, 9, 0.5)]
    assert line == "it shows up, the answer is right (70%)"
    pixels = {c: (picture == c).all(2).sum() for c in (draw.BLUE, draw.GREEN)}
    assert pixels[draw.BLUE] == 4 * pixels[draw.GREEN]             # 0.1 + 0.7 of wrong, 0.2 of true
