"""Assignment: as cheap as SciPy's, whatever the shape, and with ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from vidlearn.checks import ArgumentError
from vidlearn.tracking.assignment import linear_sum_assignment


@given(st.integers(0, 2**32 - 1), st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_the_cost_is_as_low_as_scipys(seed, rows, columns, tied):
    cost = np.random.default_rng(seed).normal(size=(rows, columns)) * 3
    cost = np.round(cost) if tied else cost
    found, wanted = linear_sum_assignment(cost), optimize.linear_sum_assignment(cost)
    np.testing.assert_allclose(cost[found].sum(), cost[wanted].sum(), atol=1e-9)
    assert len(found[0]) == min(rows, columns) == len(set(found[1].tolist()))
    assert (np.diff(found[0]) > 0).all()
    if not tied:
        np.testing.assert_array_equal(found[1], wanted[1])


def test_the_cheapest_column_of_a_row_is_not_always_its_own():
    assert [part.tolist() for part in linear_sum_assignment([[1, 2], [1, 9]])] == [[0, 1], [1, 0]]


def test_costs_of_very_different_size():
    cost = np.array([[1e6, 0.1, 1e6], [0.2, 0.1, 1e6], [1e6, 1e6, 0.3]])
    assert linear_sum_assignment(cost)[1].tolist() == [1, 0, 2]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_cost_is_refused(bad):
    with pytest.raises(ArgumentError, match="cost must be finite"):
        linear_sum_assignment([[1, bad], [2, 3]])
