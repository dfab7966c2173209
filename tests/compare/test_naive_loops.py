"""The time of plain loops is measured on a part of the input and scaled."""

import numpy as np
import pytest

from vidlearn.compare import naive_loops

RNG = np.random.default_rng(0)


def test_loops_run_on_a_corner_and_are_scaled_by_the_number_of_outputs(monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr(naive_loops.time, "perf_counter", lambda: next(ticks))   # a second a run
    x, weight = np.ones((2, 3, 10, 10)), np.ones((4, 3, 3, 3))
    seconds, words = naive_loops.estimate("conv2d", [x, weight], {}, outputs=2 * 4 * 8 * 8)
    assert seconds == 2 * 4 * 8 * 8 / (2 * 2)          # a corner of 4 x 4 holds 2 x 2 windows
    assert words == "loops timed for 4 results and scaled"


def test_the_corner_grows_until_a_window_fits_in_it():
    x, weight = np.ones((1, 1, 32)), np.ones((1, 1, 20))
    seconds, words = naive_loops.estimate("conv1d", [x, weight], {}, outputs=13)
    assert seconds > 0 and words == ""


def test_loops_on_the_whole_input_are_not_scaled():
    x, weight = RNG.normal(size=(1, 5)), RNG.normal(size=(1, 5))
    seconds, words = naive_loops.estimate("linear", [x, weight], {}, outputs=1)
    assert seconds > 0 and words == ""


@pytest.mark.parametrize("name, shape, options", [
    ("relu", (2, 3), {}),                              # no loops of that name
    ("conv2d", (3, 6, 6), {}),                         # a lone picture
    ("conv2d", (1, 3, 6, 6), {"padding": "same"}),     # an option they do not have
])
def test_where_there_are_no_loops_there_is_no_row(name, shape, options):
    arrays = [np.ones(shape), np.ones((4, 3, 3, 3))]
    assert naive_loops.estimate(name, arrays, options, 1) == (None, "")
