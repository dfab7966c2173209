"""Compare a case with PyTorch: every output and every gradient, in any memory layout.

A case is written once and run twice, as `run(scratch, *Tensors)` and `run(torch, *tensors)`:

    check_agreement(case, orders, dy_order)      raises AssertionError, or returns the differences

Outputs and gradients must agree to 1e-9, also where NaN and infinities go in, and slopes by finite
differences to 1e-6. Inputs must be unchanged. float32 must stay float32. What PyTorch refuses must
be refused.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from vidlearn import scratch
from vidlearn.scratch import Tensor

NEAR, SLOPE, STEP = 1e-9, 1e-6, 1e-6
REFUSALS = (ValueError, IndexError, TypeError, RuntimeError, NotImplementedError)
NON_FINITE = np.nan, np.inf, -np.inf


class Case(NamedTuple):
    """Arrays, of which those of real numbers get a gradient, and what is computed from them."""

    run: Callable                   # (library, *arrays) -> one or several outputs
    arrays: list
    smooth: bool = True             # no kink is near, so finite differences give the slope
    non_finite: tuple = NON_FINITE  # values that are put into the arrays in a second comparison,
    non_finite_arrays: int = 99     # into the first so many of the arrays
    non_finite_gradient: bool = True        # and then the gradients must agree, too
    options: object = None          # printed if the case fails


ORDERS = {                          # the same numbers in other memory layouts
    "rows": np.array,
    "columns": lambda a: np.array(a, order="F"),
    "read-only": lambda a: _read_only(np.array(a)),
    "reversed": lambda a: np.array(a[_every(a, -1)])[_every(a, -1)],
    "first axis innermost": lambda a: _first_axis_innermost(a),
    "spread": lambda a: _every_second(a),
    "unaligned": lambda a: _unaligned(a),
}


@np.errstate(all="ignore")
def check_agreement(case, orders, dy_order="rows", seed=0):
    """Compare; returns the largest difference of outputs, gradients and slopes, by name.

    Raises   AssertionError where a difference is too large
    """
    rng = np.random.default_rng(seed)
    expected = _or_none(lambda: _theirs(case, case.arrays))
    if expected is None:
        assert _or_none(lambda: _ours(case, case.arrays)) is None, "PyTorch refuses this"
        return {"refused": 1}
    arrays = [ORDERS[order](a) for order, a in zip(orders, case.arrays, strict=True)]
    mine, dys = _ours(case, arrays), _gradients(expected[0], rng)
    found = _agree(mine, expected, dys, dy_order)
    for array, original in zip(arrays, case.arrays, strict=True):
        np.testing.assert_array_equal(array, original, "an input was changed")
    finite = all(np.isfinite(e.detach()).all() for e in expected[0] if isinstance(e, torch.Tensor))
    if case.smooth and finite and all(a.dtype != np.float32 for a in case.arrays):
        found["slope"] = _slope(case, mine[1], dys, rng)
    _check_float32(case, expected[0])
    if case.non_finite:
        arrays = [_with_non_finite(a, case.non_finite, rng) if i < case.non_finite_arrays else a
                  for i, a in enumerate(case.arrays)]
        back = dys if case.non_finite_gradient else [None] * len(dys)
        found["non-finite"] = max(_agree(_ours(case, arrays), _theirs(case, arrays), back,
                                         dy_order).values())
    return found


def _or_none(run):
    """The result of `run`, or None if it raised an error of a bad call."""
    try:
        return run()
    except REFUSALS:
        return None


def _ours(case, arrays):
    leaves = [Tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
    return flat(case.run(scratch, *leaves)), leaves


def _theirs(case, arrays):
    leaves = [torch.tensor(np.array(a, order="C")).requires_grad_(a.dtype.kind == "f")
              for a in arrays]
    return flat(case.run(torch, *leaves)), leaves


def _gradients(ys, rng):
    """A random dy for each output that has a gradient."""
    return [rng.normal(size=y.shape).astype(y.detach().numpy().dtype)
            if isinstance(y, torch.Tensor) and y.requires_grad else None for y in ys]


def _agree(mine, theirs, dys, dy_order):
    """The largest differences of outputs and of gradients."""
    (ys, leaves), (expected, twins) = mine, theirs
    assert len(ys) == len(expected), "a different count of outputs"
    found = {"output": max((_near(y, e) for y, e in zip(ys, expected, strict=True)), default=0)}
    for y, e, dy in zip(ys, expected, dys, strict=True):
        if dy is not None:
            assert y.requires_grad, "the gradient is lost"
            copy = ORDERS[dy_order](dy)
            y.backward(copy, retain_graph=True)
            np.testing.assert_array_equal(copy, dy, "backward changed dy")
            e.backward(torch.tensor(dy), retain_graph=True)
    for leaf, twin in zip(leaves, twins, strict=True):
        if leaf.requires_grad and twin.grad is not None:
            assert leaf.grad is not None, "no gradient came back"
            found["gradient"] = max(found.get("gradient", 0), _near(leaf.grad, twin.grad))
        elif leaf.requires_grad and leaf.grad is not None:
            assert not leaf.grad.data.any(), "a gradient where PyTorch has none"
    return found


def _near(mine, theirs):
    """The largest difference, relative to the number where that is above 1.

    Raises   AssertionError if dtypes, shapes, NaNs or infinities differ, or if it is above NEAR
    """
    if not isinstance(theirs, torch.Tensor):
        assert mine == theirs
        return 0
    a, b = mine.data, theirs.detach().numpy()
    assert (a.dtype, a.shape) == (b.dtype, b.shape), f"{a.dtype} {a.shape}, not {b.dtype} {b.shape}"
    if a.dtype.kind != "f":
        np.testing.assert_array_equal(a, b)
        return 0
    single = a.dtype == np.float32
    tolerance = 1e-5 if single else NEAR
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
    finite = np.isfinite(b)
    difference = np.abs(a[finite] - b[finite]) / np.maximum(1, np.abs(b[finite]))
    return 0 if single else float(difference.max(initial=0))


def _slope(case, leaves, dys, rng):
    """The difference between the slope along a random direction and the gradient's, up to SLOPE."""
    directions = [rng.normal(size=leaf.shape) for leaf in leaves]
    found = sum(np.vdot(leaf.grad.data, direction) for leaf, direction in
                zip(leaves, directions, strict=True) if leaf.grad is not None)

    def total(step):
        ys, _ = _ours(case, [leaf.data if leaf.grad is None else leaf.data + step * d
                             for leaf, d in zip(leaves, directions, strict=True)])
        return sum(np.vdot(y.data, dy) for y, dy in zip(ys, dys, strict=True) if dy is not None)
    measured = (total(STEP) - total(-STEP)) / (2 * STEP)
    difference = abs(measured - found) / max(1, abs(found))
    assert difference <= SLOPE, f"the slope is {measured}, backward says {found}"
    return float(difference)


def _check_float32(case, expected):
    """For float32 inputs, outputs and gradients must be float32."""
    if any(a.dtype == np.float32 for a in case.arrays):
        return                                            # the case is about dtypes
    arrays = [a.astype(np.float32) if a.dtype.kind == "f" else a for a in case.arrays]
    ys, leaves = _ours(case, arrays)
    for y, e in zip(ys, expected, strict=True):
        if isinstance(e, torch.Tensor) and e.dtype == torch.float64:
            assert y.dtype == np.float32, f"float32 became {y.dtype}"
        if isinstance(y, Tensor) and y.requires_grad:
            y.backward(np.ones(y.shape, np.float32), retain_graph=True)
    for leaf in leaves:
        assert leaf.grad is None or leaf.grad.dtype == np.float32, "a gradient became wider"


def _with_non_finite(array, values, rng):
    """A copy in which up to three real numbers are replaced by one of `values`."""
    array = np.array(array)
    if array.dtype.kind == "f" and array.size:
        for _ in range(rng.integers(0, 4)):
            array.flat[rng.integers(array.size)] = rng.choice(values)
    return array


def flat(outputs):
    if isinstance(outputs, (list, tuple)) and not isinstance(outputs, torch.Size):
        return [part for output in outputs for part in flat(output)]
    return [outputs]


def _every(a, step):
    return (slice(None, None, step),) * a.ndim


def _read_only(a):
    a.flags.writeable = False
    return a


def _first_axis_innermost(a):
    if not a.ndim:
        return np.array(a)
    return np.moveaxis(np.array(np.moveaxis(a, 0, -1), order="C"), -1, 0)


def _every_second(a):
    larger = np.full([2 * size for size in a.shape], 77, a.dtype)
    larger[_every(a, 2)] = a
    return larger[_every(a, 2)]


def _unaligned(a):
    """At an odd address, as in a record read from a file."""
    copy = np.zeros(a.nbytes + 1, np.uint8)[1:].view(a.dtype).reshape(a.shape)
    copy[...] = a
    return copy
