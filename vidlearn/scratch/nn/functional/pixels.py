"""Windows as columns, channels as pixels, and sampling at any position, by torch's names."""

from vidlearn.checks import kinds
from vidlearn.scratch.core.errors import ShapeError, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import REAL, TENSOR
from vidlearn.scratch.layers.grid_sample import (
    MODES,
    PADDINGS,
    grid_sample_backward,
    grid_sample_forward,
)
from vidlearn.scratch.layers.unfold import (
    fold_backward,
    fold_forward,
    unfold_backward,
    unfold_forward,
)
from vidlearn.scratch.nn.functional.batch import batched

_unfold, _fold = lift(unfold_forward, unfold_backward), lift(fold_forward, fold_backward)
_grid_sample = lift(grid_sample_forward, grid_sample_backward)


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Each window of (N, C, H, W) as a column: (N, C·KH·KW, number of places)."""
    return batched("unfold", 2, _unfold, input, kernel_size=kernel_size, dilation=dilation,
                   padding=padding, stride=stride)


def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Add columns (N, C·KH·KW, number of places) back to their windows in (N, C, *output_size)."""
    return batched("fold", 1, _fold, input, output_size=output_size, kernel_size=kernel_size,
                   dilation=dilation, padding=padding, stride=stride)


def pixel_shuffle(input: TENSOR, upscale_factor: kinds.POSITIVE_COUNT):
    """Move channels into space: (..., C·r², H, W) -> (..., C, H·r, W·r), r the `upscale_factor`."""
    r, axes = upscale_factor, input.ndim - 3
    if input.ndim < 3 or input.shape[-3] % (r * r):
        raise ShapeError(f"pixel_shuffle: input {input.shape} must be (..., C, H, W), and C a "
                         f"multiple of {r * r}")
    *batch, channels, height, width = input.shape
    parts = input.reshape(*batch, channels // (r * r), r, r, height, width)
    order = [*range(axes), *(axes + axis for axis in (0, 3, 1, 4, 2))]   # C, H, r, W, r
    return parts.permute(*order).reshape(*batch, channels // (r * r), height * r, width * r)


def pixel_unshuffle(input: TENSOR, downscale_factor: kinds.POSITIVE_COUNT):
    """Move space into channels: (..., C, H·r, W·r) -> (..., C·r², H, W)."""
    r, axes = downscale_factor, input.ndim - 3
    if input.ndim < 3 or input.shape[-2] % r or input.shape[-1] % r:
        raise ShapeError(f"pixel_unshuffle: input {input.shape} must be (..., C, H, W), H and W "
                         f"multiples of {r}")
    *batch, channels, height, width = input.shape
    parts = input.reshape(*batch, channels, height // r, r, width // r, r)
    order = [*range(axes), *(axes + axis for axis in (0, 2, 4, 1, 3))]   # C, r, r, H, W
    return parts.permute(*order).reshape(*batch, channels * r * r, height // r, width // r)


def grid_sample(input, grid: REAL, mode: kinds.choice(*MODES) = "bilinear",
                padding_mode: kinds.choice(*PADDINGS) = "zeros", align_corners=None):
    """Read (N, C, *S) at the positions of grid (N, *P, D), -1 to 1, the last axis first."""
    if input.ndim not in (4, 5):
        raise ShapeError(f"grid_sample: input must have 4 or 5 axes, but it has {input.ndim}: "
                         f"{input.shape}")
    refuse_mixed_dtypes("grid_sample", input=input, grid=grid)
    return _grid_sample(input, grid, mode=mode, padding_mode=padding_mode,
                        align_corners=bool(align_corners))
