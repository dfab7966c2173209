"""The sliding window: its taps and its views see the same, and PyTorch counts the same places."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from vidlearn.scratch import ShapeError
from vidlearn.scratch.layers.sliding_window import each_axis, sliding_window

AXIS = st.tuples(st.integers(1, 7), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2),
                 st.integers(1, 2))


@given(st.lists(AXIS, min_size=1, max_size=2))
def test_the_taps_see_what_the_views_see(axes):
    size, kernel, stride, padding, dilation = zip(*axes, strict=True)
    assume(all(s + 2 * p > d * (k - 1) for s, k, _, p, d in axes))
    window = sliding_window(size, kernel, stride, padding, dilation)
    x = 1.0 + np.arange(np.prod(size)).reshape(size)
    views = window.views(np.pad(x, [(p, p) for p in padding]), 0)      # (*S', *K); padding is 0
    total = np.zeros(window.places)
    for places, seen in window.taps():
        total[places] += x[seen]
    np.testing.assert_array_equal(total, views.sum(tuple(range(-len(size), 0))))
    assert not window.disjoint or np.unique(views[views > 0]).size == (views > 0).sum()


@given(AXIS, st.booleans())
def test_the_places_are_those_of_pytorch(axis, ceil_mode):
    size, kernel, stride, padding, dilation = axis
    assume(size + 2 * padding > dilation * (kernel - 1) and 2 * padding <= kernel)
    window = sliding_window((size,), kernel, stride, padding, dilation, ceil_mode)
    theirs = torch.nn.functional.max_pool1d(torch.zeros(1, 1, size), kernel, stride, padding,
                                            dilation, ceil_mode)
    assert window.places == theirs.shape[2:]


def test_one_number_serves_every_axis():
    assert each_axis("stride", 3, 2, 1) == each_axis("stride", [3], 2, 1) == (3, 3)
    assert each_axis("stride", np.array([1, 2]), 2, 1) == (1, 2)


@pytest.mark.parametrize("value", [None, 0, 1.5, "same", (1, 2, 3), {1, 2}, []])
def test_what_is_no_whole_number_for_each_axis_is_refused(value):
    with pytest.raises(ShapeError, match="stride must be one whole number or 2 of them, at least"):
        each_axis("stride", value, 2, 1)
