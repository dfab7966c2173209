"""Pooling drawn: the winners are those of PyTorch, and each stands in a ring."""

import numpy as np
import pytest
import torch

from tests.show.structure.layout import words
from vidlearn.show import pooling, pooling_winners
from vidlearn.show.structure.sheet import INK

X = np.array([[1, 5, 0, 0], [3, 5, 0, 0], [7, 1, -1, -4], [0, 4, -2, -3]])


@pytest.mark.parametrize("size, stride", [(2, None), ((2, 3), None), (2, (3, 2)), (3, 1)])
def test_the_winners_are_pytorchs(size, stride):
    x = np.random.default_rng(11).normal(size=(6, 7))
    _, where = torch.nn.functional.max_pool2d(torch.tensor(x)[None], size, stride,
                                              return_indices=True)
    assert pooling_winners(x, size, stride) == {
        place: tuple(divmod(int(where[0][place]), 7)) for place in np.ndindex(*where.shape[1:])}


def test_of_equal_numbers_the_first_wins():
    assert pooling_winners(X) == {(0, 0): (0, 1), (0, 1): (0, 2), (1, 0): (2, 0), (1, 1): (2, 2)}


def _rings(sheet):
    return [patch.center for patch in sheet.chart.axes[0].patches
            if type(patch).__name__ == "Circle" and patch.get_edgecolor()[:3] == INK]


def test_each_winner_is_circled(drawn):
    sheet = drawn(pooling, X)
    numbers = {text.get_position(): text.get_text() for text, inside in sheet.labels if inside}
    circled = [next(word for (x, y), word in numbers.items() if np.hypot(x - a, y - b) < 0.01)
               for a, b in _rings(sheet)]
    assert circled == ["5", "0", "7", "−1"]
    assert words(sheet).count("5") == 3                              # two in x, one in y


def test_a_mean_has_no_winner(drawn):
    sheet = drawn(pooling, X, kind="mean")
    assert _rings(sheet) == [] and {"3.5", "−2.5", "mean"} <= set(words(sheet))


def test_without_answers_nothing_is_given_away(drawn):
    sheet = drawn(pooling, X, answers=False)
    assert _rings(sheet) == [] and words(sheet).count("5") == 2


def test_a_window_and_its_result_have_one_colour(drawn):
    sheet = drawn(pooling, np.arange(48).reshape(6, 8), (2, 2), (2, 3))
    edges = [patch.get_edgecolor()[:3] for patch in sheet.chart.axes[0].patches
             if type(patch).__name__ == "Rectangle" and patch.get_linewidth() > 1.5]
    assert edges[::2] == edges[1::2] and len(edges) == 2 * 9
    assert edges[0] != edges[2] and edges[0] != edges[6]


def test_windows_that_share_cells_are_refused():
    with pytest.raises(ValueError, match=r"windows of \(3, 3\) at stride \(2, 2\) share cells"):
        pooling(X, 3, 2)
    with pytest.raises(ValueError, match="a picture of 20 x 30 cannot be read"):
        pooling(np.zeros((20, 30)))
