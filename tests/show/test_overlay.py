"""A heat map over a clip, and the errors of a mask in colour."""

from types import SimpleNamespace

import numpy as np
import pytest

from vidlearn.show import draw, mask_errors, overlay
from vidlearn.show.overlay import BACKGROUND


def test_a_heat_map_is_bright_at_one_and_grey_at_zero():
    frames = np.full((2, 3, 4, 3), (30, 60, 120), np.uint8)
    heatmap = np.zeros((2, 3, 4))
    heatmap[0, 1, 2], heatmap[1, 0, 0] = 1, 5            # 5 is no more than 1
    laid = overlay(SimpleNamespace(frames=frames), heatmap, strength=1)
    assert laid.dtype == np.uint8 and laid[0, 1, 2].tolist() == laid[1, 0, 0].tolist()
    assert laid[0, 1, 2].tolist() == [252, 255, 164]   # the last colour of inferno
    laid[0, 1, 2] = laid[1, 0, 0] = 70
    assert (laid == 70).all() and (frames == (30, 60, 120)).all()
    faint = overlay(frames, heatmap, strength=0.5)
    assert faint[0, 1, 2].tolist() == [161, 162, 117]


def test_a_heat_map_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"clip \(2, 3, 4\) and heatmap \(3, 4\)"):
        overlay(np.zeros((2, 3, 4, 3), np.uint8), np.zeros((3, 4)))


def test_found_false_and_missed_have_their_colours():
    sheet = mask_errors([[1, 1, 0, 0]], [[5, 0, 5, 0]])
    assert [tuple(p) for p in sheet[0]] == [draw.GREEN, draw.RED, draw.BLUE, BACKGROUND]
