"""The heat map is warm where feet were."""

import numpy as np
import pytest

from tests.surveillance.walks import straight, track
from vidlearn.checks import ArgumentError
from vidlearn.surveillance.heat import HeatMap, heat_map


def test_a_foot_is_counted_where_it_stands():
    heat = HeatMap((6, 8))
    heat.update([[2, 0, 4, 5], [2, 1, 4, 5], [-9, 0, -1, 5], [0, 0, 2, 9]])
    assert heat.counts.sum() == heat.counts[4, 3] == 2
    heat.update([[0, 0, 14, 6]])
    assert heat.counts[5, 7] == 1                            # the lower edge is in the picture
    heat.update(np.zeros((0, 4)))
    assert heat.counts.sum() == 3


def test_a_blur_keeps_the_sum():
    heat = HeatMap((60, 80))
    heat.update([[38, 10, 42, 30]])
    smooth = heat.smooth(3)
    assert abs(smooth.sum() - 1) < 1e-6 and smooth.argmax() == 29 * 80 + 40
    column = np.abs(np.arange(60) - 29)
    assert abs((smooth.sum(1) * column**2).sum() - 9) < .2              # its variance


def test_the_map_is_warmest_where_people_stay():
    tracks = {1: track(straight((5, 50), (75, 50), 71)), 2: track(np.full((40, 2), (20., 30)))}
    found = heat_map(tracks, (60, 80), blur=2)
    assert found.shape == (60, 80) and found.max() == 1 and found.min() >= 0
    assert np.unravel_index(found.argmax(), found.shape) == (29, 20)
    assert found[49, 40] > 20 * found[10, 40] and found[49, 40] < .5


def test_without_a_foot_in_the_picture_there_is_no_map():
    with pytest.raises(ArgumentError, match="no foot of these 0 tracks is in a picture of 80x60"):
        heat_map({}, (60, 80))
    with pytest.raises(ArgumentError, match="no foot of these 1 tracks"):
        heat_map({1: track([(500, 20)])}, (60, 80))
    with pytest.raises(ArgumentError, match="boxes must be finite"):
        HeatMap((6, 8)).update([[0, 0, np.inf, 3]])
