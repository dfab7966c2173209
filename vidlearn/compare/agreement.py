"""Do our engine and PyTorch agree? The same call on both, forward and backward, in float64."""

import inspect

import numpy as np
import torch

from vidlearn.checks import checked, kinds
from vidlearn.compare.backends import (
    SCRATCH,
    TORCH,
    as_tensor,
    check_call,
    flatten,
    function_and_weights,
    torch_masks,
)

TOLERANCE = 1e-10


class MismatchError(AssertionError):
    """Our engine and PyTorch differ by more than rounding."""


@checked
def twins(name: kinds.WORD, *arrays: kinds.ANYTHING, seed: kinds.COUNT = 0, **options):
    """Call both libraries with the same arrays; compare the output and the gradient of each array.

    A function is given by its name in `nn.functional`. A layer (`"LSTM"`) is made with the options
    and the same weights in both libraries; the gradients of its weights are compared, too. The
    gradient that enters the output is random: ones would hide a transposed result. PyTorch draws
    the masks of dropout for both.

    Shapes   as torch's function takes them; arrays of whole numbers, None and plain Python values
             are passed on and have no gradient
    Raises   MismatchError, which names the first difference, its place and both numbers

    >>> rng = np.random.default_rng(0)
    >>> twins("conv2d", rng.normal(size=(1, 1, 5, 5)), rng.normal(size=(2, 1, 3, 3)))
    ✓ conv2d: output and 2 gradients agree (float64, max |Δ| < 1e-10)
    """
    ours, theirs = (_run(backend, name, arrays, options, seed) for backend in (SCRATCH, TORCH))
    if ours.keys() != theirs.keys():
        raise MismatchError(f"{name}: by hand gives {', '.join(ours)}; PyTorch {', '.join(theirs)}")
    for what, value in ours.items():
        _compare(f"{name}: {what}", value, theirs[what])
    outputs = sum(not what.startswith("gradient") for what in ours)
    print(f"✓ {name}: {_count(outputs, 'output')} and {_count(len(ours) - outputs, 'gradient')} "
          f"agree (float64, max |Δ| < {TOLERANCE:g})")


def _run(backend, name, arrays, options, seed):
    """All results of one library: {"output": array, "gradient of weight": array, ...}."""
    rng = np.random.default_rng([seed, 1])        # a stream from which no caller's arrays came
    torch.manual_seed(seed)                       # layers of both libraries take PyTorch's weights
    inputs = [as_tensor(backend, a, np.float64, gradient=True) for a in arrays]
    function, weights = function_and_weights(backend, name, options, np.float64)
    if backend is SCRATCH:
        check_call(name, function, *inputs)
    with torch_masks():
        outputs = flatten(function(*inputs))
    found = {"output" if len(outputs) == 1 else f"output {i}": _numbers(y)
             for i, y in enumerate(outputs)}
    ends = [y for y in outputs if y.requires_grad]
    for i, y in enumerate(ends):
        dy = as_tensor(backend, rng.normal(size=tuple(y.shape)), np.float64, gradient=False)
        y.backward(dy, retain_graph=i + 1 < len(ends))
    leaves = dict(zip(_names(name, len(inputs)), inputs, strict=True)) | weights
    return found | {f"gradient of {what}": _numbers(leaf.grad) for what, leaf in leaves.items()
                    if getattr(leaf, "requires_grad", False) and leaf.grad is not None}


def _names(name, count):
    """The names of the first arguments in torch."""
    twin = getattr(torch.nn.functional, name, None)
    try:
        names = list(inspect.signature(twin).parameters)
    except (TypeError, ValueError):               # functions in C++ have no signature
        names = ["input", "weight", "bias"] if count <= 3 else []
    return [*names, *(f"argument {i}" for i in range(len(names), count))][:count]


def _compare(what, ours, theirs):
    if ours.shape != theirs.shape:
        raise MismatchError(f"{what} has shape {ours.shape} by hand and {theirs.shape} in PyTorch")
    wrong = ~np.isclose(ours, theirs, rtol=0, atol=TOLERANCE, equal_nan=True)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise MismatchError(f"{what} differs at {list(first)}: by hand {ours[first]:.12g}, "
                            f"PyTorch {theirs[first]:.12g}; {wrong.sum()} of {wrong.size} differ")


def _numbers(tensor):
    return np.array(tensor.detach().numpy())


def _count(number, what):
    if (number, what) == (1, "output"):
        return what
    return f"{number} {what}{'s' * (number != 1)}"
