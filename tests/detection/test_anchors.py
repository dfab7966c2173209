"""Anchors stand where torchvision's stand."""

import numpy as np
import pytest
import torch
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList

from vidlearn.checks import ArgumentError
from vidlearn.detection.anchors import anchor_boxes, grid_anchors

SHAPES = pytest.mark.parametrize("sizes, ratios", [
    ((16, 32, 48), (0.5, 1.0, 2.0)), ((14, 26, 38), (1.0, 2.4)), ((1, 3), (0.1,)), ((7,), (9.0,))])


@SHAPES
@pytest.mark.parametrize("features, image", [((6, 8), (96, 128)), ((5, 3), (97, 50)),
                                             ((1, 1), (9, 9))])
def test_anchors_are_those_of_torchvision(sizes, ratios, features, image):
    generator = AnchorGenerator((sizes,), (ratios,))
    theirs = generator(ImageList(torch.zeros(1, 3, *image), [image]),
                       [torch.zeros(1, 2, *features)])[0]
    anchors = grid_anchors(anchor_boxes(sizes, ratios), features, image)
    np.testing.assert_array_equal(anchors, theirs.numpy())


def test_the_order_is_row_then_column_then_ratio_then_size():
    anchors = grid_anchors(anchor_boxes([2, 4], [1.0, 4.0]), (2, 3), (20, 30))
    centres = (anchors[:, :2] + anchors[:, 2:]) / 2
    assert centres[::4].tolist() == [[0, 0], [10, 0], [20, 0], [0, 10], [10, 10], [20, 10]]
    sides = (anchors[:, 2:] - anchors[:, :2])[:4]
    assert sides.tolist() == [[2, 2], [4, 4], [0, 4], [2, 8]]   # 0: a half rounds to even


def test_a_map_finer_than_its_image_is_refused():
    with pytest.raises(ArgumentError, match=r"\(8, 4\) is larger than the image of \(6, 6\)"):
        grid_anchors(anchor_boxes([8], [1.0]), (8, 4), (6, 6))
    with pytest.raises(ArgumentError, match="sizes must be a list of numbers, each more than 0"):
        anchor_boxes([0], [1.0])
