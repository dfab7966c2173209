"""Hold a drawn case against PyTorch: every number, every gradient, in any order of memory.

A case is written once and run twice, as `run(scratch, *Tensors)` and `run(torch, *tensors)`:

    hold(case, orders, dy_order)      raises AssertionError, or returns how far apart the two were

What is held: outputs and gradients to 1e-9, also where NaN and infinities go in; slopes by finite
differences to 1e-6; inputs left as they were; float32 stays float32; what PyTorch refuses, we do.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from vidlearn import scratch
from vidlearn.scratch import Tensor

NEAR, SLOPE, STEP = 1e-9, 1e-6, 1e-6
REFUSALS = (ValueError, IndexError, TypeError, RuntimeError, NotImplementedError)
ODD = np.nan, np.inf, -np.inf


class Case(NamedTuple):
    """Arrays, of which those of real numbers get a gradient, and what is done with them."""

    run: Callable                   # (library, *arrays) -> one or several outputs
    arrays: list
    smooth: bool = True             # no kink is near: finite differences say the slope
    odd: tuple = ODD                # what may also come in,
    odd_in: int = 99                # in so many of the arrays, the first
    odd_gradient: bool = True       # and then the gradients are PyTorch's, too
    options: object = None          # to be read where the case fails


ORDERS = {                          # the same numbers, laid out in memory in another way
    "rows": np.array,
    "columns": lambda a: np.array(a, order="F"),
    "read-only": lambda a: _locked(np.array(a)),
    "reversed": lambda a: np.array(a[_every(a, -1)])[_every(a, -1)],
    "first axis innermost": lambda a: _turned(a),
    "spread": lambda a: _spread(a),
    "unaligned": lambda a: _unaligned(a),
}


@np.errstate(all="ignore")
def hold(case, orders, dy_order="rows", seed=0):
    """Compare; returns the worst difference of outputs, gradients and slopes, by name.

    Raises   AssertionError where they are further apart than they may be
    """
    rng = np.random.default_rng(seed)
    expected = _refused(lambda: _theirs(case, case.arrays))
    if expected is None:
        assert _refused(lambda: _ours(case, case.arrays)) is None, "PyTorch refuses this"
        return {"refused": 1}
    arrays = [ORDERS[order](a) for order, a in zip(orders, case.arrays, strict=True)]
    mine, dys = _ours(case, arrays), _gradients(expected[0], rng)
    found = _agree(mine, expected, dys, dy_order)
    for laid, kept in zip(arrays, case.arrays, strict=True):
        np.testing.assert_array_equal(laid, kept, "an input was changed")
    finite = all(np.isfinite(e.detach()).all() for e in expected[0] if isinstance(e, torch.Tensor))
    if case.smooth and finite and all(a.dtype != np.float32 for a in case.arrays):
        found["slope"] = _slope(case, mine[1], dys, rng)
    _stays_small(case, expected[0])
    if case.odd:
        arrays = [_sprinkled(a, case.odd, rng) if i < case.odd_in else a
                  for i, a in enumerate(case.arrays)]
        back = dys if case.odd_gradient else [None] * len(dys)
        odd = _agree(_ours(case, arrays), _theirs(case, arrays), back, dy_order)
        found["odd"] = max(odd.values())
    return found


def _refused(run):
    """What `run` gives, or None if it raised what a caller expects of a bad call."""
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
    """The worst differences of outputs and of gradients."""
    (ys, leaves), (expected, twins) = mine, theirs
    assert len(ys) == len(expected), "a different count of outputs"
    found = {"output": max((_near(y, e) for y, e in zip(ys, expected, strict=True)), default=0)}
    for y, e, dy in zip(ys, expected, dys, strict=True):
        if dy is not None:
            assert y.requires_grad, "the gradient is lost"
            laid = ORDERS[dy_order](dy)
            y.backward(laid, retain_graph=True)
            np.testing.assert_array_equal(laid, dy, "backward changed dy")
            e.backward(torch.tensor(dy), retain_graph=True)
    for leaf, twin in zip(leaves, twins, strict=True):
        if leaf.requires_grad and twin.grad is not None:
            assert leaf.grad is not None, "no gradient came back"
            found["gradient"] = max(found.get("gradient", 0), _near(leaf.grad, twin.grad))
        elif leaf.requires_grad and leaf.grad is not None:
            assert not leaf.grad.data.any(), "a gradient where PyTorch has none"
    return found


def _near(mine, theirs):
    """The largest difference, by the size of the number where that is above 1.

    Raises   AssertionError if type, shape, NaN or infinities differ, or it is above NEAR
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
    apart = np.abs(a[finite] - b[finite]) / np.maximum(1, np.abs(b[finite]))
    return 0 if single else float(apart.max(initial=0))


def _slope(case, leaves, dys, rng):
    """How far the slope along a random direction is from what backward says; at most SLOPE."""
    directions = [rng.normal(size=leaf.shape) for leaf in leaves]
    found = sum(np.vdot(leaf.grad.data, direction) for leaf, direction in
                zip(leaves, directions, strict=True) if leaf.grad is not None)

    def total(step):
        ys, _ = _ours(case, [leaf.data if leaf.grad is None else leaf.data + step * d
                             for leaf, d in zip(leaves, directions, strict=True)])
        return sum(np.vdot(y.data, dy) for y, dy in zip(ys, dys, strict=True) if dy is not None)
    measured = (total(STEP) - total(-STEP)) / (2 * STEP)
    apart = abs(measured - found) / max(1, abs(found))
    assert apart <= SLOPE, f"the slope is {measured}, backward says {found}"
    return float(apart)


def _stays_small(case, expected):
    """float32 in, float32 out and back."""
    if any(a.dtype == np.float32 for a in case.arrays):
        return                                            # types are what this case is about
    small = [a.astype(np.float32) if a.dtype.kind == "f" else a for a in case.arrays]
    ys, leaves = _ours(case, small)
    for y, e in zip(ys, expected, strict=True):
        if isinstance(e, torch.Tensor) and e.dtype == torch.float64:
            assert y.dtype == np.float32, f"float32 became {y.dtype}"
        if isinstance(y, Tensor) and y.requires_grad:
            y.backward(np.ones(y.shape, np.float32), retain_graph=True)
    for leaf in leaves:
        assert leaf.grad is None or leaf.grad.dtype == np.float32, "a gradient became wider"


def _sprinkled(array, odd, rng):
    """A copy in which up to three real numbers are odd ones."""
    array = np.array(array)
    if array.dtype.kind == "f" and array.size:
        for _ in range(rng.integers(0, 4)):
            array.flat[rng.integers(array.size)] = rng.choice(odd)
    return array


def flat(outputs):
    if isinstance(outputs, (list, tuple)) and not isinstance(outputs, torch.Size):
        return [part for output in outputs for part in flat(output)]
    return [outputs]


def _every(a, step):
    return (slice(None, None, step),) * a.ndim


def _locked(a):
    a.flags.writeable = False
    return a


def _turned(a):
    if not a.ndim:
        return np.array(a)
    return np.moveaxis(np.array(np.moveaxis(a, 0, -1), order="C"), -1, 0)


def _spread(a):
    room = np.full([2 * size for size in a.shape], 77, a.dtype)
    room[_every(a, 2)] = a
    return room[_every(a, 2)]


def _unaligned(a):
    """At an odd address, as in a record read from a file."""
    room = np.zeros(a.nbytes + 1, np.uint8)[1:].view(a.dtype).reshape(a.shape)
    room[...] = a
    return room
