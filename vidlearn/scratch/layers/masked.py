"""The mean of the real frames: padding is counted neither above nor below the line."""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.numbers.elementwise import gate


def masked_mean_forward(x, mask):
    """Average each sequence over its real steps.

    Shapes   x (N, T, F), mask (N, T) of True and False  ->  y (N, F)
    Raises   ShapeError if the mask is not (N, T), or a sequence has no real step
    """
    mask = np.asarray(mask, bool)
    if x.ndim != 3 or mask.shape != x.shape[:2]:
        raise ShapeError(f"x {x.shape} must be (N, T, F), and mask {mask.shape} its (N, T)")
    if not mask.any(axis=1).all():
        empty = int(np.argmin(mask.any(axis=1)))
        raise ShapeError(f"sequence {empty} has no real step: there is nothing to average")
    share = (mask / mask.sum(axis=1, keepdims=True)).astype(x.dtype)[..., None]      # (N, T, 1)
    return (np.where(mask[..., None], x, 0) * share).sum(axis=1), share


def masked_mean_backward(dy, share):
    """Hand each real step its share; padding gets 0.

    Shapes   dy (N, F)  ->  (N, T, F)
    """
    return gate(dy[:, None], share)
