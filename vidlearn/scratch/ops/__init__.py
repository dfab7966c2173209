"""Operations on boxes and regions, with the names of torchvision.ops."""

from vidlearn.scratch.ops.roi_align import roi_align

__all__ = ["roi_align"]
