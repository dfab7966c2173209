"""Boxes: left, top, right and bottom in pixels, right and bottom excluded.

No gradient goes through these functions.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.checks.kinds import Kind

_FOUR = kinds.array("", 2, last=(4,), empty=True)


def _any_boxes(value):
    """An array (N, 4) in which areas do not overflow: of int64, or of float32 or wider."""
    if isinstance(value, (list, tuple)) and not len(value):
        return np.zeros((0, 4))
    boxes = _FOUR.take(value)
    return boxes.astype(np.int64 if boxes.dtype.kind in "biu" else np.promote_types(
        boxes.dtype, np.float32), copy=False)


def _true_boxes(value):
    boxes = _any_boxes(value)
    finite, turned = np.isfinite(boxes).all(1), (boxes[:, 2:] < boxes[:, :2]).any(1)
    for wrong, why in ((~finite, "every number must be finite"),
                       (turned, "right and bottom must not be less than left and top; of sizes, "
                                "box_convert(boxes, 'xywh', 'xyxy') makes corners")):
        if wrong.any():
            raise ValueError(f"box {wrong.argmax()} is {boxes[wrong.argmax()].tolist()}: {why}")
    return boxes


def _ordered(value):
    scores = kinds.array("", 1, empty=True).take(value)
    if np.isnan(scores).any():
        raise ValueError(f"score {np.isnan(scores).argmax()} is NaN, so nothing is the best")
    return scores


NUMBERS = Kind("boxes (N, 4)", _any_boxes)
BOXES = Kind("boxes (N, 4) as left, top, right, bottom", _true_boxes)
SCORES = Kind("a list of scores, one a box", _ordered)
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


def _iou(box, boxes, area, areas):
    """Of one box with each of several, whose areas are known."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    np.maximum(sides, 0, out=sides)
    shared = sides[:, 0] * sides[:, 1]
    with np.errstate(invalid="ignore"):
        return shared / (area + areas - shared)


@checked
def box_convert(boxes: NUMBERS, in_fmt: FORMATS, out_fmt: FORMATS):
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
def clip_boxes_to_image(boxes: NUMBERS, size: SIZE):
    """Move corners that lie outside an image (height, width) to its edge.

    Shapes   (N, 4)  ->  (N, 4)
    Twin     torchvision.ops.clip_boxes_to_image
    """
    height, width = size
    return np.clip(boxes, 0, np.array([width, height, width, height], boxes.dtype))


@checked
def remove_small_boxes(boxes: NUMBERS, min_size: kinds.NOT_NEGATIVE):
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
    _check_length("scores", scores, boxes)
    order = _best_first(scores)
    boxes, areas = boxes[order], box_area(boxes)[order]
    dropped = np.zeros(len(order), bool)
    for i in range(len(order) - 1):
        if not dropped[i]:
            dropped[i + 1:] |= _iou(boxes[i], boxes[i + 1:], areas[i], areas[i + 1:]) > np.float64(
                iou_threshold)
    return order[~dropped]


@checked
def batched_nms(boxes: BOXES, scores: SCORES, idxs: GROUPS, iou_threshold: kinds.FRACTION):
    """NMS within each group of boxes: a box drops only boxes with the same number in `idxs`.

    Shapes   boxes (N, 4), scores (N,), idxs (N,)  ->  (n,), the best first
    Twin     torchvision.ops.batched_nms, which moves the groups apart and so rounds far boxes
    """
    _check_length("scores", scores, boxes)
    _check_length("idxs", idxs, boxes)
    groups = [np.flatnonzero(idxs == group) for group in np.unique(idxs)]
    kept = np.sort(np.concatenate([np.array([], int), *(
        group[nms(boxes[group], scores[group], iou_threshold)] for group in groups)]))
    return kept[_best_first(scores[kept])]


def _best_first(scores):
    """The order of falling scores; of equal ones the first comes first, also of whole numbers."""
    return len(scores) - 1 - np.argsort(scores[::-1], kind="stable")[::-1]


def _check_length(name, values, boxes):
    if len(values) != len(boxes):
        raise ArgumentError(f"{name}: {len(values)} for {len(boxes)} boxes; each box needs one")
