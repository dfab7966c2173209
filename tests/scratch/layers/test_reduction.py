"""The reduction of single losses: mean, sum and none, with weights and without."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.scratch.layers.reduction import reduce, reduce_backward, reduce_weighted

LOSSES = np.array([[1.0, 2.0], [3.0, 6.0]])


def test_mean_sum_and_none():
    assert reduce(LOSSES, "mean") == 3 and reduce(LOSSES, "sum") == 12
    assert reduce(LOSSES, "none") is LOSSES
    assert reduce_weighted(LOSSES, 6, "mean") == 2 and reduce_weighted(LOSSES, 6, "sum") == 12
    assert np.isnan(reduce_weighted(np.zeros(2), np.float64(0), "mean"))


def test_a_single_loss_gets_its_part_of_the_gradient_of_a_mean_and_all_of_that_of_a_sum():
    assert reduce_backward(np.float64(8), (2, 2), "mean") == 2
    assert reduce_backward(np.float64(8), (2, 2), "sum") == 8


def test_another_reduction_is_refused():
    with pytest.raises(ArgumentError, match="must be 'mean', 'sum' or 'none', not 'batchmean'"):
        reduce(LOSSES, "batchmean")
