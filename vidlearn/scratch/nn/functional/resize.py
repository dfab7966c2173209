"""Padding and resizing on Tensors, under the names of torch.nn.functional."""

from math import floor

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import ShapeError, UnsupportedOption
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import ANY_NUMBER, NOT_NEGATIVE, REAL, TENSOR
from vidlearn.scratch.layers.adaptive_pool import (
    adaptive_avg_pool_backward,
    adaptive_avg_pool_forward,
)
from vidlearn.scratch.layers.resize import (
    PADDING_MODES,
    linear_sources,
    nearest_sources,
    pad_backward,
    pad_forward,
    padding_sources,
    resample_backward,
    resample_forward,
)
from vidlearn.scratch.numbers.shape import as_ints

_pad = lift(pad_forward, pad_backward)
_resample = lift(resample_forward, resample_backward)
_area = lift(adaptive_avg_pool_forward, adaptive_avg_pool_backward)

LINEAR_MODES = {"linear": 3, "bilinear": 4, "trilinear": 5}      # mode -> axes of its input


def pad(input: TENSOR, pad, mode="constant", value: ANY_NUMBER = None):
    """Pad the input; `pad` holds the sizes before and after each axis, the last axis first.

    The padding is `value` (0 by default), the mirror image of the input ("reflect"), copies of its
    edge ("replicate") or its opposite end ("circular"). A negative size crops.
    """
    pad = as_ints((pad,))
    if mode == "constant":
        return _pad(input, pad=pad, value=0 if value is None else value)
    if mode not in PADDING_MODES:
        raise ArgumentError("pad: mode must be constant, " + ", ".join(PADDING_MODES)
                            + f", not {mode!r}")
    if value:
        raise ArgumentError(f"pad: value is for mode 'constant', and mode is {mode!r}")
    _not_empty("pad", input)
    return _resample(input, sources=padding_sources(input.data, pad, mode))


def interpolate(input: TENSOR, size=None, scale_factor=None, mode="nearest", align_corners=None,
                recompute_scale_factor=None, antialias=False):
    """Resize the last axes of (N, C, *S) to `size`, or by `scale_factor`.

    Modes: "nearest", "nearest-exact", "linear" (N, C, T), "bilinear" (N, C, H, W), "trilinear"
    (N, C, T, H, W), and "area", the mean of the numbers of x that each number of y covers.
    """
    _check(input, mode, align_corners, antialias)
    _not_empty("interpolate", input)
    size, scales = _sizes(input.shape[2:], size, scale_factor, recompute_scale_factor)
    if mode == "area":
        return _area(input, output_size=size)
    if mode in LINEAR_MODES:
        sources = linear_sources(input.data, size, scales, bool(align_corners))
    else:
        sources = nearest_sources(input.data, size, scales, exact=mode == "nearest-exact")
    return _resample(input, sources=sources)


def _not_empty(name, input):
    if 0 in input.shape[2:]:
        raise ShapeError(f"{name}: input {input.shape} has an empty axis")


def check_mode(mode):
    """Refuse a mode that does not exist or is not implemented.

    Raises   UnsupportedOption for "bicubic", else ArgumentError
    """
    if mode == "bicubic":
        raise UnsupportedOption(f"interpolate: mode {mode!r} is not implemented; use nearest, "
                                "area, " + ", ".join(LINEAR_MODES))
    if mode not in (*LINEAR_MODES, "nearest", "nearest-exact", "area"):
        raise ArgumentError("interpolate: mode must be nearest, nearest-exact, area, "
                            f"{', '.join(LINEAR_MODES)}, not {mode!r:.60}")


def _check(input, mode, align_corners, antialias):
    if antialias:
        raise UnsupportedOption("interpolate: antialias is not implemented")
    check_mode(mode)
    if input.ndim != LINEAR_MODES.get(mode, input.ndim) or input.ndim not in LINEAR_MODES.values():
        raise ShapeError(f"interpolate: input must have {LINEAR_MODES.get(mode, '3, 4 or 5')} axes "
                         f"for mode {mode!r}, but it has {input.ndim}: {input.shape}")
    if mode in LINEAR_MODES or mode == "area":
        REAL.look(input, "interpolate: input")
    if align_corners is not None and mode not in LINEAR_MODES:
        raise ArgumentError(f"interpolate: align_corners is for {', '.join(LINEAR_MODES)}, not "
                            f"{mode!r}")


def _sizes(before, size, scale_factor, recompute):
    """The size of y, and for each axis the step in x for one step in y."""
    if (size is None) == (scale_factor is None):
        raise ArgumentError(f"interpolate: give either size or scale_factor, not {size!r:.60} and "
                            f"{scale_factor!r:.60}")
    if size is not None and recompute:
        raise ArgumentError("interpolate: recompute_scale_factor is for a scale_factor, not a size")
    asked = np.ravel(scale_factor if size is None else size).tolist()
    for number in asked:
        if scale_factor is None:
            kinds.POSITIVE_COUNT.look(number, "interpolate: size")
        else:
            NOT_NEGATIVE.look(number, "interpolate: scale_factor")
    asked = asked * len(before) if len(asked) == 1 else asked
    if len(asked) != len(before):
        raise ShapeError(f"interpolate: {asked} must be one number or {len(before)}, one for each "
                         f"axis of {tuple(before)}")
    size = asked if scale_factor is None else [floor(s * f) for s, f in
                                               zip(before, asked, strict=True)]
    if min(size) < 1:
        raise ShapeError(f"interpolate: {tuple(before)} would shrink to {tuple(size)}")
    if scale_factor is None or recompute:
        return size, [old / new for old, new in zip(before, size, strict=True)]
    return size, [1 / factor for factor in asked]
