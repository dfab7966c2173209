"""Anchors: boxes of a few sizes and shapes that stand at every cell of a feature map.

A detector does not invent a box. It chooses an anchor and says how to move and stretch it.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked
from vidlearn.detection.kinds import BOXES, POSITIVES, SIZE


@checked
def anchor_boxes(sizes: POSITIVES, ratios: POSITIVES):
    """The anchors of one cell, around the point (0, 0).

    A ratio is height / width; an anchor of size s has the area s². They come ratio by ratio, each
    in all sizes, rounded to whole pixels.

    Shapes   (len(ratios) * len(sizes), 4)
    Units    pixels
    Twin     torchvision.models.detection.anchor_utils.AnchorGenerator.generate_anchors

    >>> anchor_boxes([16], [1.0, 4.0])
    array([[ -8.,  -8.,   8.,   8.],
           [ -4., -16.,   4.,  16.]])
    """
    roots = np.sqrt(np.float32(ratios))[:, None]              # float32: the twin rounds these
    heights, widths = roots * np.float32(sizes), 1 / roots * np.float32(sizes)
    corners = np.stack([-widths, -heights, widths, heights], -1).reshape(-1, 4) / 2
    return np.round(corners).astype(float)


@checked
def grid_anchors(anchors: BOXES, feature_size: SIZE, image_size: SIZE):
    """The anchors of all cells of a feature map, row by row, at the upper left corner of each cell.

    Shapes   anchors (A, 4) of one cell  ->  (height * width * A, 4)
    Units    pixels of the image; a cell is image // feature pixels high and wide
    Raises   ArgumentError if the map is larger than the image
    Twin     torchvision.models.detection.anchor_utils.AnchorGenerator
    """
    step_y, step_x = (whole // cells for whole, cells in zip(image_size, feature_size, strict=True))
    if not (step_y and step_x):
        raise ArgumentError(f"feature_size {tuple(feature_size)} is larger than the image of "
                            f"{tuple(image_size)} pixels: a cell covers less than a pixel")
    y, x = np.meshgrid(np.arange(feature_size[0]) * step_y, np.arange(feature_size[1]) * step_x,
                       indexing="ij")
    corners = np.stack([x, y, x, y], -1).reshape(-1, 1, 4)
    return (corners + anchors).reshape(-1, 4)
