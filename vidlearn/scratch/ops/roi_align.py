"""RoIAlign on Tensors."""

from vidlearn.checks import kinds
from vidlearn.scratch.core.errors import ShapeError, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import REAL, REGIONS
from vidlearn.scratch.layers import roi_align as pair
from vidlearn.scratch.nn.module import Module
from vidlearn.scratch.numbers.join import cat

_roi_align = lift(pair.roi_align_forward, pair.roi_align_backward)


def roi_align(input: REAL, boxes: REGIONS, output_size: kinds.SIDES,
              spatial_scale: kinds.POSITIVE = 1.0, sampling_ratio: kinds.INTEGER = -1,
              aligned=False):
    """Cut regions out of maps (N, C, H, W): boxes (R, 5), or one (r, 4) for each of N images.

    Gradients go to the maps, none to the boxes, as in torchvision.
    """
    if isinstance(boxes, list):
        boxes = _numbered(boxes, len(input))
    if input.ndim != 4:
        raise ShapeError(f"roi_align: input must be (N, C, H, W), but it is {input.shape}")
    refuse_mixed_dtypes("roi_align", input=input, boxes=boxes)
    boxes = pair.REGIONS.look(boxes.data, "roi_align: boxes")
    return _roi_align(input, boxes=boxes, output_size=output_size,
                      spatial_scale=spatial_scale, sampling_ratio=sampling_ratio, aligned=aligned)


def _numbered(boxes, images):
    """One list of boxes for each image, as (R, 5): the number of the image comes first."""
    if len(boxes) != images:
        raise ShapeError(f"roi_align: boxes for {len(boxes)} images, but input has {images}")
    return cat([cat([x.new_full((len(x), 1), i), x], 1) for i, x in enumerate(boxes)])


class RoIAlign(Module):
    """`roi_align` as a layer."""

    def __init__(self, output_size: kinds.SIDES, spatial_scale: kinds.POSITIVE,
                 sampling_ratio: kinds.INTEGER, aligned=False):
        super().__init__()
        self.output_size, self.spatial_scale = output_size, spatial_scale
        self.sampling_ratio, self.aligned = sampling_ratio, aligned

    def forward(self, input, rois):
        return roi_align(input, rois, self.output_size, self.spatial_scale, self.sampling_ratio,
                         self.aligned)

    def extra_repr(self):
        return (f"output_size={self.output_size}, spatial_scale={self.spatial_scale}, "
                f"sampling_ratio={self.sampling_ratio}, aligned={self.aligned}")
