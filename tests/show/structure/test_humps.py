"""Two humps and a threshold: the shares are those of the normal distribution."""

import numpy as np
import pytest

from tests.show.structure.layout import words
from vidlearn.show import hump_shares, two_humps
from vidlearn.show.structure.sheet import BLUE, ORANGE, RED


@pytest.mark.parametrize("threshold, means, spread", [
    (5, (3, 6), 1.2), (0, (-1, 1), 0.5), (9, (8, 8.5), 3)])
def test_shares_are_those_of_many_draws(threshold, means, spread):
    draws = np.random.default_rng(6).normal(np.reshape(means, (2, 1)), spread, (2, 200_000))
    below = (draws < threshold).mean(1)
    shares = hump_shares(threshold, means, spread)
    assert np.allclose((shares.tn, shares.fn), below, atol=0.005)
    assert shares.tn + shares.fp == pytest.approx(1) == shares.fn + shares.tp


@pytest.mark.parametrize("given", [(5,), (3.0, (2, 3.5)), (-40,), (40,), (0, (-1, 1), 0.3)])
def test_each_side_of_each_hump_is_named_with_its_share(drawn, given):
    sheet, shares = drawn(two_humps, *given), hump_shares(*given)
    for name, verdict, share in (("TN", "right", shares.tn), ("FP", "false alarm", shares.fp),
                                 ("FN", "missed", shares.fn), ("TP", "right", shares.tp)):
        assert f"${name}$  {verdict}, {share:.0%}" in words(sheet)


def test_the_shaded_areas_have_the_shares(drawn):
    areas = [(patch.get_facecolor()[:3], _area(patch.get_xy()))
             for patch in drawn(two_humps, 5).chart.axes[0].patches
             if type(patch).__name__ == "Polygon"]
    assert [colour for colour, _ in areas] == [BLUE, RED, ORANGE, BLUE]
    (tn, fp), (fn, tp) = ([area for _, area in areas[k:k + 2]] for k in (0, 2))
    shares = hump_shares(5)
    assert fp / (tn + fp) == pytest.approx(shares.fp, abs=0.003)
    assert fn / (fn + tp) == pytest.approx(shares.fn, abs=0.003)


def _area(corners):
    x, y = corners.T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
