"""The drawn anchors are those of torchvision, before it rounds them, round the corner of a cell."""

import numpy as np
import pytest
from torchvision.models.detection.anchor_utils import AnchorGenerator

from tests.show.structure.layout import words
from vidlearn.show import anchors, cell_anchors
from vidlearn.show.structure.anchors import COLOURS

PICTURE = np.full((96, 128, 3), 90, np.uint8)


@pytest.mark.parametrize("sizes, ratios", [([32], [1.0]), ([16, 40], [0.5, 1, 3]), ([7], [2, 0.3])])
def test_anchors_are_torchvisions(sizes, ratios):
    theirs = AnchorGenerator().generate_anchors(sizes, ratios).numpy()
    ours = cell_anchors(sizes, ratios)
    np.testing.assert_allclose(ours, theirs, atol=0.5001)
    np.testing.assert_allclose(ours[:, 2:], -ours[:, :2])
    np.testing.assert_allclose((ours[:, 2:] - ours[:, :2]).prod(1),
                               np.tile(np.square(sizes), len(ratios)))


@pytest.mark.parametrize("cell, cut", [((3, 4), False), ((0, 0), True), ((5, 7), True)])
def test_each_anchor_lies_round_the_corner_of_its_cell(drawn, cell, cut):
    sheet = drawn(anchors, PICTURE, (6, 8), cell, sizes=(30,), ratios=(0.5, 2))
    whole, = (block for block in sheet.blocks if block.width > 3)
    inch, expected = whole.width / 128, cell_anchors([30], [0.5, 2])
    corner = np.array([whole.x, whole.y]) + np.array(cell[::-1]) * 16 * inch
    drawn_boxes = [patch.get_xy() for patch in sheet.chart.axes[0].patches
                   if type(patch).__name__ == "Polygon" and patch.get_facecolor()[:3] in COLOURS]
    assert len(drawn_boxes) == 2
    for box, anchor in zip(drawn_boxes, expected, strict=True):
        low, high = (np.clip(corner + side * inch, whole[:2], np.add(whole[:2], whole[2:]))
                     for side in (anchor[:2], anchor[2:]))
        np.testing.assert_allclose([box.min(0), box.max(0)], [low, high], atol=1e-9)
        assert (np.ptp(box, axis=0) < anchor[2:] * 2 * inch - 1e-9).any() == cut
    dot, = (patch for patch in sheet.chart.axes[0].patches if type(patch).__name__ == "Circle")
    assert np.allclose(dot.center, corner)
    assert "width x height of its 2 anchors:  42 x 21,   21 x 42" in words(sheet)
    assert "picture:  $H = 96$,  $W = 128$,   step $s = 16$" in words(sheet)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"cell \(6, 0\) is not on a feature map of \(6, 8\)"):
        anchors(PICTURE, (6, 8), (6, 0))
    with pytest.raises(ValueError, match="9 anchors: at most 6"):
        anchors(PICTURE, (6, 8), (1, 1), sizes=(8, 16, 32))
