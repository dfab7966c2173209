"""Operations on boxes and regions of pictures, under the names of torchvision.ops."""

# ruff: noqa: F401    (the imports are the point: these are the package's names)

from vidlearn.scratch.core import missing, tensor_kinds
from vidlearn.scratch.ops.boxes import (
    batched_nms,
    box_area,
    box_convert,
    box_iou,
    clip_boxes_to_image,
    generalized_box_iou,
    generalized_box_iou_loss,
    nms,
    remove_small_boxes,
)
from vidlearn.scratch.ops.focal_loss import sigmoid_focal_loss
from vidlearn.scratch.ops.roi_align import RoIAlign, roi_align

tensor_kinds.check_public(globals(), tensor_kinds.FUNCTIONAL)     # each checks its arguments
__getattr__ = missing.attribute(globals())
