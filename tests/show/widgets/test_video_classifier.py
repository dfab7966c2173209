"""The widget of lesson 30 at its lower end: a clip that stands still shows no action."""

import numpy as np

from vidlearn.show import answering, draw


def test_where_nothing_moves_no_answer_is_right():
    frames = np.full((8, 4, 4, 3), 200, np.uint8)
    draws = answering(lambda *asked: frames, lambda clip: np.array([0.1, 0.9]), ("left", "right"))
    picture, line = draws(action=1, noise=4, speed=0.0)
    assert line == "nothing moves, the answer is right (90%)"
    assert not (picture == draw.GREEN).all(2).any() and (picture == draw.BLUE).all(2).any()
