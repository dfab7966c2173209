"""The widget of lesson 20: its columns are the norms of the gradient."""

import numpy as np
import pytest

from vidlearn.datasets.recall import recall
from vidlearn.scratch.layers.unrolled import unroll_rnn
from vidlearn.show import draw, unrolled_rnn


def test_columns_hang_below_one_or_stand_above_it():
    def painted(colour, **options):
        return (unrolled_rnn()(loudness=0.0, **options)[0] == colour).all(2).sum()
    assert painted(draw.BLUE, radius=0.5) > 20 * painted(draw.RED, radius=0.5)
    assert painted(draw.RED, radius=1.4) > 20 * painted(draw.BLUE, radius=1.4)
    assert painted(draw.BLUE, radius=0.5, lag=25) > painted(draw.BLUE, radius=0.9, lag=25)


def test_clipping_shortens_all_steps_and_says_so():
    _, norms, weight = unroll_rnn(0.1 * recall(1, 20, seed=20).sequences[0], 1.2)
    free, line = unrolled_rnn()(radius=1.2, lag=20, loudness=0.1)
    cut, clipped = unrolled_rnn()(radius=1.2, lag=20, loudness=0.1, clip=1.0)
    assert weight > 1 and line == (f"from step 20 back to 0 the gradient goes from 1 to "
                                   f"{norms[0]:.1e}; norm of dweight_hh {weight:.1e}")
    assert clipped == f"{line}, clipped to 1.0e+00" and (free != cut).any()
    short = unrolled_rnn()(radius=1.2, lag=20, loudness=0.1, clip=9.0 * weight)
    np.testing.assert_array_equal(short[0], free)
    assert short[1] == f"{line}, clipped to {weight:.1e}"


@pytest.mark.parametrize("lag", [1, 40])
def test_every_lag_fits_the_page(lag):
    assert unrolled_rnn()(lag=lag)[0].shape[1] <= 800
