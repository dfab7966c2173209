"""The widget of lesson 21: its line gives the prediction, its picture the clamped gates."""

import numpy as np

from vidlearn.scratch.layers.clamped_lstm import clamped_lstm
from vidlearn.show import draw, lstm_gates

RNG = np.random.default_rng(0)
X, LABELS = RNG.normal(size=(2, 7, 3)), np.array([1, 0])
WEIGHTS = RNG.normal(size=(8, 3)), RNG.normal(size=(8, 2)), RNG.normal(size=8)


def test_the_line_says_what_was_shown_and_what_is_said():
    draws = lstm_gates(X, LABELS, WEIGHTS, lambda h: f"class {h.argmax()}")
    _, cells, states = clamped_lstm(X[1], WEIGHTS)
    picture, line = draws(sequence=1)
    assert line == (f"it was shown 0 and says class {states[-1].argmax()}; largest number in the "
                    f"last cell {np.abs(cells[-1]).max():.2f}, in the last state "
                    f"{np.abs(states[-1]).max():.2f}")
    assert picture.shape[1] <= 800
    assert "says nothing;" in draws(output_gate=0.0)[1]
    assert "says nothing; largest number in the last cell 0.00" in draws(input_gate=0.0)[1]


def test_a_gate_clamped_open_is_white_and_one_clamped_shut_is_black():
    draws = lstm_gates(X, LABELS, WEIGHTS)
    shades = [(draws(forget_gate=value)[0] == colour).all(2).sum()
              for value in (0.0, 1.0) for colour in ((0, 0, 0), draw.PAPER)]
    assert shades[0] > 20_000 + shades[2] and shades[3] > 20_000 + shades[1]
    assert draws(forget_gate=-0.1)[1] == draws()[1]
