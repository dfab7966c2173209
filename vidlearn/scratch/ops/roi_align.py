"""RoIAlign on Tensors."""

from vidlearn.scratch.core.tensor import Tensor, lift
from vidlearn.scratch.layers.roi_align import roi_align_backward, roi_align_forward

_roi_align = lift(roi_align_forward, roi_align_backward)


def roi_align(input, boxes, output_size, spatial_scale=1.0, sampling_ratio=-1, aligned=False):
    """Cut regions out of feature maps. No gradient goes to the boxes."""
    boxes = boxes.data if isinstance(boxes, Tensor) else boxes
    return _roi_align(input, boxes=boxes, output_size=output_size, spatial_scale=spatial_scale,
                      sampling_ratio=sampling_ratio, aligned=aligned)
