"""The drawing of an assignment: the cheapest pairs are bold, and no label covers another."""

import numpy as np
import pytest

from tests.show.structure.layout import words
from vidlearn.checks import ArgumentError
from vidlearn.show import pairing
from vidlearn.show.structure.pairing import chosen_pairs

COSTS = np.array([[3.0, 9.0], [1.0, 5.0]])


def test_the_pairs_are_those_of_the_least_sum():
    assert chosen_pairs(COSTS) == [(0, 0), (1, 1)]
    assert chosen_pairs([[9.0, 1, 2]]) == [(0, 1)]


def test_every_pair_has_its_cost(drawn):
    sheet = drawn(pairing, COSTS, ["A", "B"], ["p", "q"])
    assert sorted(words(sheet)) == ["1", "3", "5", "9", "A", "B", "p", "q"]
    assert len(sheet.discs) == 4


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (3, 3), (4, 2), (4, 4)])
def test_no_label_covers_another(drawn, shape):
    costs = np.arange(np.prod(shape), dtype=float).reshape(shape)
    sheet = drawn(pairing, costs, list("ABCDE")[:shape[0]], list("pqrst")[:shape[1]])
    assert len(words(sheet)) == sum(shape) + np.prod(shape)


def test_names_that_do_not_fit_are_refused():
    with pytest.raises(ArgumentError, match="2 and 1 came"):
        pairing(COSTS, ["A", "B"], ["3"])
    with pytest.raises(ArgumentError, match="at most 4"):
        pairing(np.zeros((5, 2)), list("abcde"), [1, 2])
