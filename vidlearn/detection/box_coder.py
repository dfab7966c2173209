"""The box coder: a box as four offsets from an anchor, and back.

With the centre (x, y), the width w and the height h of a box, and those of its anchor with an a:

    dx = (x - xa) / wa      dy = (y - ya) / ha      dw = log(w / wa)      dh = log(h / ha)

Each is multiplied by a weight, so that the four errors count alike in the loss.
"""

import math

import numpy as np

from vidlearn.checks import checked
from vidlearn.detection.kinds import BOXES, FOUR, OFFSETS

LARGEST = math.log(1000 / 16)              # no anchor is stretched further


@checked
def encode(boxes: BOXES, anchors: BOXES, weights: FOUR = (1.0, 1.0, 1.0, 1.0)):
    """The offsets (N, 4) that turn each anchor into the box beside it.

    Shapes   boxes (N, 4), anchors (N, 4)  ->  (N, 4); each of them with an area
    Source   Ren et al., arXiv:1506.01497
    Twin     torchvision.models.detection._utils.BoxCoder.encode
    """
    centres, sizes = _centres_and_sizes(boxes)
    starts, scales = _centres_and_sizes(anchors)
    return np.concatenate([(centres - starts) / scales, np.log(sizes / scales)], 1) * weights


@checked
def decode(offsets: OFFSETS, anchors: BOXES, weights: FOUR = (1.0, 1.0, 1.0, 1.0)):
    """The boxes that the offsets make of the anchors: the inverse of `encode`.

    No side grows more than 62.5 times: a wild offset would overflow.

    Shapes   offsets (N, 4), or (N, K, 4) for K boxes an anchor; anchors (N, 4)  ->  like offsets
    Twin     torchvision.models.detection._utils.BoxCoder.decode
    """
    offsets = offsets / np.array(weights)
    centres, sizes = _centres_and_sizes(anchors if offsets.ndim == 2 else anchors[:, None])
    centres = centres + offsets[..., :2] * sizes
    sizes = sizes * np.exp(np.minimum(offsets[..., 2:], LARGEST))
    return np.concatenate([centres - 0.5 * sizes, centres + 0.5 * sizes], -1)


def _centres_and_sizes(boxes):
    sizes = boxes[..., 2:] - boxes[..., :2]
    return boxes[..., :2] + 0.5 * sizes, sizes
