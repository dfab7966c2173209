"""Boxes: left, top, right and bottom in pixels, right and bottom excluded.

No gradient goes through these functions.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

BOXES = kinds.array("boxes (N, 4) as left, top, right, bottom", 2, last=(4,), empty=True)
SCORES = kinds.array("a list of scores, one a box", 1, empty=True)
GROUPS = kinds.array("a list of whole numbers, one a box", 1, dtypes="iu", empty=True)
SIZE = kinds.row("(height, width)", kinds.POSITIVE, 2)
FORMATS = kinds.choice("xyxy", "xywh", "cxcywh")


@checked
def box_area(boxes: BOXES):
    """Width times height of each box.

    Shapes   (N, 4)  ->  (N,)
    Twin     torchvision.ops.box_area
    """
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


@checked
def box_iou(boxes1: BOXES, boxes2: BOXES):
    """Intersection over union of each box of the first list with each of the second.

    Two boxes without area have the IoU NaN, as 0 / 0 has.

    Shapes   (N, 4), (M, 4)  ->  (N, M)
    Twin     torchvision.ops.box_iou

    >>> box_iou([[0, 0, 2, 2]], [[1, 0, 3, 2], [5, 5, 6, 6]])
    array([[0.33333333, 0.        ]])
    """
    shared, union = _shared_and_union(boxes1, boxes2)
    with np.errstate(invalid="ignore"):
        return shared / union


@checked
def generalized_box_iou(boxes1: BOXES, boxes2: BOXES):
    """IoU less the share of the smallest box around both that neither of them covers.

    Where boxes do not touch, IoU is 0 however far apart they are; this goes on falling, to -1.

    Shapes   (N, 4), (M, 4)  ->  (N, M)
    Source   Rezatofighi et al., arXiv:1902.09630
    Twin     torchvision.ops.generalized_box_iou
    """
    shared, union = _shared_and_union(boxes1, boxes2)
    first, second = boxes1[:, None], boxes2
    sides = np.maximum(first[..., 2:], second[:, 2:]) - np.minimum(first[..., :2], second[:, :2])
    around = sides.prod(2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return shared / union - (around - union) / around


def _shared_and_union(boxes1, boxes2):
    first, second = boxes1[:, None], boxes2
    sides = np.minimum(first[..., 2:], second[:, 2:]) - np.maximum(first[..., :2], second[:, :2])
    shared = np.maximum(sides, 0).prod(2)
    return shared, box_area(boxes1)[:, None] + box_area(boxes2) - shared


@checked
def box_convert(boxes: BOXES, in_fmt: FORMATS, out_fmt: FORMATS):
    """Write boxes in another format: corners, corner and size, or centre and size.

    Shapes   (N, 4)  ->  (N, 4)
    Twin     torchvision.ops.box_convert
    """
    first, second = boxes[:, :2], boxes[:, 2:]
    if in_fmt == out_fmt:
        return boxes.copy()
    if in_fmt == "xywh":
        first, second = first, first + second
    elif in_fmt == "cxcywh":
        first, second = first - 0.5 * second, first + 0.5 * second
    if out_fmt == "xywh":
        second = second - first
    elif out_fmt == "cxcywh":
        first, second = (first + second) / 2, second - first
    return np.concatenate([first, second], 1)


@checked
def clip_boxes_to_image(boxes: BOXES, size: SIZE):
    """Move corners that lie outside an image (height, width) to its edge.

    Shapes   (N, 4)  ->  (N, 4)
    Twin     torchvision.ops.clip_boxes_to_image
    """
    height, width = size
    return np.clip(boxes, 0, np.array([width, height, width, height], boxes.dtype))


@checked
def remove_small_boxes(boxes: BOXES, min_size: kinds.NOT_NEGATIVE):
    """The numbers of the boxes of which both sides are at least `min_size` long.

    Shapes   (N, 4)  ->  (n,)
    Twin     torchvision.ops.remove_small_boxes
    """
    return np.flatnonzero((boxes[:, 2:] - boxes[:, :2] >= min_size).all(1))


@checked
def nms(boxes: BOXES, scores: SCORES, iou_threshold: kinds.FRACTION):
    """Non-maximum suppression: keep the best box, drop all that overlap it by more, and so on.

    Of equal scores, the first box wins.

    Shapes   boxes (N, 4), scores (N,)  ->  the numbers of those kept (n,), the best first
    Twin     torchvision.ops.nms
    """
    if len(boxes) != len(scores):
        raise ArgumentError(f"scores: {len(scores)} for {len(boxes)} boxes; each box needs one")
    order = np.argsort(-scores, kind="stable")
    overlaps = box_iou(boxes[order], boxes[order]) > iou_threshold
    dropped = np.zeros(len(order), bool)
    for i, overlap in enumerate(overlaps):
        if not dropped[i]:
            dropped[i + 1:] |= overlap[i + 1:]
    return order[~dropped]


@checked
def batched_nms(boxes: BOXES, scores: SCORES, idxs: GROUPS, iou_threshold: kinds.FRACTION):
    """NMS within each group of boxes: a box drops only boxes with the same number in `idxs`.

    The groups are moved apart, so that none overlaps another.

    Shapes   boxes (N, 4), scores (N,), idxs (N,)  ->  (n,), the best first
    Twin     torchvision.ops.batched_nms
    """
    if len(idxs) != len(boxes):
        raise ArgumentError(f"idxs: {len(idxs)} for {len(boxes)} boxes; each box needs one")
    apart = idxs * (boxes.max(initial=0) - boxes.min(initial=0) + 1)
    return nms(boxes + apart[:, None], scores, iou_threshold)
