"""Windows as columns and back against PyTorch; each is the other's backward pass."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.scratch.pair_agreement import normal, per_axis, spread
from tests.scratch.torch_samples import agree_by_name, ops_agree
from vidlearn.scratch import ShapeError
from vidlearn.scratch.layers.conv import conv_forward
from vidlearn.scratch.layers.unfold import fold_forward, unfold_forward
from vidlearn.scratch.nn import functional as F

test_ops = ops_agree({
    "nn.functional.unfold": F.unfold, "nn.functional.pixel_shuffle": F.pixel_shuffle,
    "nn.functional.pixel_unshuffle": F.pixel_unshuffle,
})
OPTIONS = st.fixed_dictionaries({
    "kernel_size": per_axis(2, 1, 3), "stride": per_axis(2, 1, 3), "padding": per_axis(2, 0, 2),
    "dilation": per_axis(2, 1, 2)})


@given(st.integers(1, 2), st.integers(1, 3), st.tuples(st.integers(1, 7), st.integers(1, 6)),
       OPTIONS)
def test_any_window_there_and_back(n, channels, size, options):
    x = spread(normal(n, channels, *size))
    try:
        y, _ = unfold_forward(x, **options)
    except ShapeError:
        assume(False)
    agree_by_name("unfold", [x], **options)
    agree_by_name("fold", [spread(normal(*y.shape))], output_size=size, **options)
    agree_by_name("unfold", [x[0]], **options)
    agree_by_name("fold", [y[0]], output_size=size, **options)


def test_a_convolution_is_a_product_with_the_columns():
    x, weight = normal(2, 3, 7, 6), normal(4, 3, 2, 3)
    columns, window = unfold_forward(x, (2, 3), stride=2, padding=1)
    y = (weight.reshape(4, -1) @ columns).reshape(2, 4, *window.places)
    np.testing.assert_allclose(y, conv_forward(x, weight, None, 2, 1)[0], atol=1e-12)


def test_folding_what_was_unfolded_counts_the_windows_over_each_pixel():
    columns, _ = unfold_forward(np.ones((1, 1, 3, 3)), 2)
    np.testing.assert_array_equal(fold_forward(columns, 3, 2)[0][0, 0],
                                  [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


@pytest.mark.parametrize("shape, size", [((1, 4, 5), 3), ((1, 3, 4), 3)])
def test_columns_that_do_not_fit_are_refused(shape, size):
    with pytest.raises(ShapeError, match=r"fold: x .* must be \(N, C·4, 4\) for kernel \(2, 2\)"):
        F.fold(np.ones(shape), size, 2)


def test_channels_that_make_no_square_are_refused():
    with pytest.raises(ShapeError, match=r"pixel_shuffle: input \(1, 6, 2, 2\) .* multiple of 4"):
        F.pixel_shuffle(np.ones((1, 6, 2, 2)), 2)
    with pytest.raises(ShapeError, match="pixel_unshuffle: input .* multiples of 2"):
        F.pixel_unshuffle(np.ones((1, 1, 2, 3)), 2)
