"""Margins and stretching on Tensors, under the names of torch.nn.functional."""

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
from vidlearn.scratch.numbers.shape import numbers_of

_pad = lift(pad_forward, pad_backward)
_resample = lift(resample_forward, resample_backward)
_area = lift(adaptive_avg_pool_forward, adaptive_avg_pool_backward)

LINES = {"linear": 3, "bilinear": 4, "trilinear": 5}      # mode: axes of the input it is for


def pad(input: TENSOR, pad, mode="constant", value: ANY_NUMBER = None):
    """Put a margin around the input; `pad` names before and behind, the last axis first.

    The margin is `value` (0), or mirrors the input ("reflect"), repeats its edge ("replicate"), or
    goes on at its other end ("circular"). A negative margin cuts away.
    """
    pad = numbers_of((pad,))
    if mode == "constant":
        return _pad(input, pad=pad, value=0 if value is None else value)
    if mode not in PADDING_MODES:
        raise ArgumentError(f"pad: there is no mode {mode!r}; take constant, "
                            + ", ".join(PADDING_MODES))
    if value:
        raise ArgumentError(f"pad: mode {mode!r} takes no value, and {value} was given")
    _not_empty("pad", input)
    return _resample(input, sources=padding_sources(input.data, pad, mode))


def interpolate(input: TENSOR, size=None, scale_factor=None, mode="nearest", align_corners=None,
                recompute_scale_factor=None, antialias=False):
    """Stretch the last axes of (N, C, *S) to `size`, or by `scale_factor`.

    Modes: "nearest", "nearest-exact", "linear" (N, C, T), "bilinear" (N, C, H, W), "trilinear"
    (N, C, T, H, W), and "area", the mean of what each number of y covers.
    """
    _check(input, mode, align_corners, antialias)
    _not_empty("interpolate", input)
    size, scales = _sizes(input.shape[2:], size, scale_factor, recompute_scale_factor)
    if mode == "area":
        return _area(input, output_size=size)
    if mode in LINES:
        sources = linear_sources(input.data, size, scales, bool(align_corners))
    else:
        sources = nearest_sources(input.data, size, scales, exact=mode == "nearest-exact")
    return _resample(input, sources=sources)


def _not_empty(name, input):
    if 0 in input.shape[2:]:
        raise ShapeError(f"{name}: input {input.shape} has an axis without numbers to take")


def check_mode(mode):
    """Refuse a mode that is not here.

    Raises   UnsupportedOption for "bicubic", else ArgumentError
    """
    if mode == "bicubic":
        raise UnsupportedOption(f"interpolate: mode {mode!r} is not written by hand; take nearest, "
                                "area, " + ", ".join(LINES))
    if mode not in (*LINES, "nearest", "nearest-exact", "area"):
        raise ArgumentError(f"interpolate: there is no mode {mode!r:.60}")


def _check(input, mode, align_corners, antialias):
    if antialias:
        raise UnsupportedOption("interpolate: antialias is not written by hand")
    check_mode(mode)
    if input.ndim != LINES.get(mode, input.ndim) or input.ndim not in LINES.values():
        raise ShapeError(f"interpolate: mode {mode!r} wants an input of "
                         f"{LINES.get(mode, '3, 4 or 5')} axes; it has {input.ndim}: {input.shape}")
    if mode in LINES or mode == "area":
        REAL.look(input, "interpolate: input")
    if align_corners is not None and mode not in LINES:
        raise ArgumentError(f"interpolate: align_corners is for {', '.join(LINES)}, not {mode!r}")


def _sizes(before, size, scale_factor, recompute):
    """The size of y, and for each axis how many numbers of x go to one of y."""
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
        return size, [s / places for s, places in zip(before, size, strict=True)]
    return size, [1 / factor for factor in asked]
