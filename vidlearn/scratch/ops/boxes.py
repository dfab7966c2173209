"""Boxes as Tensors (N, 4): left, top, right and bottom. Gradients go through all but `nms`."""

from vidlearn.checks import kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.core.tensor_kinds import BOXES, GROUPS, REDUCTION, SCORES
from vidlearn.scratch.layers import boxes as arrays
from vidlearn.scratch.numbers.choose import clamp, maximum, minimum
from vidlearn.scratch.numbers.join import cat, stack, unbind


def box_area(boxes: BOXES):
    """Width times height of each box: (N, 4) -> (N,)."""
    left, top, right, bottom = unbind(boxes, 1)
    return (right - left) * (bottom - top)


def box_iou(boxes1: BOXES, boxes2: BOXES):
    """Intersection over union of each box with each: (N, 4), (M, 4) -> (N, M)."""
    shared, union = _shared_and_union(boxes1[:, None], boxes2[None])
    return shared / union


def generalized_box_iou(boxes1: BOXES, boxes2: BOXES):
    """IoU less the empty share of the smallest box around both: (N, 4), (M, 4) -> (N, M)."""
    return _generalized_iou(boxes1[:, None], boxes2[None])


def generalized_box_iou_loss(boxes1: BOXES, boxes2: BOXES, reduction: REDUCTION = "none",
                             eps=1e-7):
    """1 - GIoU of each box with the one beside it: (N, 4), (N, 4) -> (N,), or their sum or mean."""
    if boxes1.shape != boxes2.shape:
        raise ShapeError(f"generalized_box_iou_loss: boxes1 {boxes1.shape} and boxes2 "
                         f"{boxes2.shape} must have the same shape")
    loss = 1 - _generalized_iou(boxes1, boxes2, eps)
    if reduction == "none":
        return loss
    return loss.sum() if reduction == "sum" or not len(loss) else loss.mean()


def _sides(corners):
    return corners[..., 2] - corners[..., 0], corners[..., 3] - corners[..., 1]


def _area(boxes):
    width, height = _sides(boxes)
    return width * height


def _shared_and_union(first, second):
    corners = cat([maximum(first[..., :2], second[..., :2]),
                   minimum(first[..., 2:], second[..., 2:])], -1)
    width, height = _sides(corners)
    shared = clamp(width, min=0) * clamp(height, min=0)
    return shared, _area(first) + _area(second) - shared


def _generalized_iou(first, second, eps=0.0):
    shared, union = _shared_and_union(first, second)
    around = _area(cat([minimum(first[..., :2], second[..., :2]),
                        maximum(first[..., 2:], second[..., 2:])], -1))
    return shared / (union + eps) - (around - union) / (around + eps)


def box_convert(boxes: BOXES, in_fmt: arrays.FORMATS, out_fmt: arrays.FORMATS):
    """Write boxes as corners (xyxy), corner and size (xywh) or centre and size (cxcywh)."""
    a, b, c, d = unbind(boxes, 1)
    if in_fmt == out_fmt:
        return boxes.clone()
    if in_fmt == "xywh":
        c, d = a + c, b + d
    elif in_fmt == "cxcywh":
        a, b, c, d = a - 0.5 * c, b - 0.5 * d, a + 0.5 * c, b + 0.5 * d
    if out_fmt == "xywh":
        c, d = c - a, d - b
    elif out_fmt == "cxcywh":
        a, b, c, d = (a + c) / 2, (b + d) / 2, c - a, d - b
    return stack([a, b, c, d], 1)


def clip_boxes_to_image(boxes: BOXES, size: arrays.SIZE):
    """Move corners outside an image (height, width) to its edge."""
    height, width = size
    left, top, right, bottom = unbind(boxes, 1)
    return stack([clamp(left, 0, width), clamp(top, 0, height), clamp(right, 0, width),
                  clamp(bottom, 0, height)], 1)


def remove_small_boxes(boxes: BOXES, min_size: kinds.NOT_NEGATIVE):
    """The numbers of the boxes of which both sides are at least `min_size`."""
    return Tensor(arrays.remove_small_boxes(boxes.data, min_size))


def nms(boxes: BOXES, scores: SCORES, iou_threshold: kinds.FRACTION):
    """The numbers of the boxes that no better box overlaps by more, the best first."""
    return Tensor(arrays.nms(boxes.data, scores.data, iou_threshold))


def batched_nms(boxes: BOXES, scores: SCORES, idxs: GROUPS, iou_threshold: kinds.FRACTION):
    """`nms` within each group of boxes that have the same number in `idxs`."""
    return Tensor(arrays.batched_nms(boxes.data, scores.data, idxs.data, iou_threshold))
