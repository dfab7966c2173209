"""Do the two sides agree? The same call by hand and by PyTorch, forward and back, in float64."""

import inspect

import numpy as np
import torch

from vidlearn.checks import given, kinds
from vidlearn.compare.sides import HAND, TORCH, called, flat, prepared, torchs_masks

CLOSE = 1e-10


class Disagreement(AssertionError):
    """By hand and PyTorch differ by more than rounding."""


def twins(name, *arrays, seed=0, **options):
    """Call both sides with the same arrays; compare the output and the gradient of each array.

    A function is called by its name in `nn.functional`; a layer (`"LSTM"`) is made with the
    options, given the same weights on both sides, and its weights' gradients are compared, too.
    The gradient that comes back into the output is random: ones would hide a transposed answer.
    What dropout silences is drawn once, by PyTorch, for both sides.

    Shapes   as torch's function takes them; arrays of whole numbers, None and plain Python values
             are passed on and have no gradient
    Raises   Disagreement, which says what differs first, where, and both numbers
    """
    ours, theirs = (_run(side, name, arrays, options, seed) for side in (HAND, TORCH))
    if ours.keys() != theirs.keys():
        raise Disagreement(f"{name}: by hand gives {', '.join(ours)}; PyTorch {', '.join(theirs)}")
    for what, value in ours.items():
        _same(f"{name}: {what}", value, theirs[what])
    outputs = sum(not what.startswith("gradient") for what in ours)
    print(f"✓ {name}: {_count(outputs, 'output')} and {_count(len(ours) - outputs, 'gradient')} "
          f"agree (float64, max |Δ| < {CLOSE:g})")


def _run(side, name, arrays, options, seed):
    """Everything that one side gives: {"output": array, "gradient of weight": array, ...}."""
    rng = np.random.default_rng([seed, 1])        # a stream that no caller's arrays came from
    torch.manual_seed(seed)                       # a layer takes PyTorch's weights on both sides
    inputs = [prepared(side, a, np.float64, gradient=True) for a in arrays]
    function, weights = called(side, name, options, np.float64)
    with torchs_masks():
        outputs = flat(function(*inputs))
    found = {"output" if len(outputs) == 1 else f"output {i}": _numbers(y)
             for i, y in enumerate(outputs)}
    slopes = [y for y in outputs if y.requires_grad]
    for i, y in enumerate(slopes):
        dy = prepared(side, rng.normal(size=tuple(y.shape)), np.float64, gradient=False)
        y.backward(dy, retain_graph=i + 1 < len(slopes))
    leaves = dict(zip(_names(name, len(inputs)), inputs, strict=True)) | weights
    return found | {f"gradient of {what}": _numbers(leaf.grad) for what, leaf in leaves.items()
                    if getattr(leaf, "requires_grad", False) and leaf.grad is not None}


def _names(name, count):
    """What torch calls the first arguments."""
    twin = getattr(torch.nn.functional, name, None)
    try:
        names = list(inspect.signature(twin).parameters)
    except (TypeError, ValueError):                    # built in: torch gives no signature
        names = ["input", "weight", "bias"] if count <= 3 else []
    return [*names, *(f"argument {i}" for i in range(len(names), count))][:count]


def _same(what, ours, theirs):
    if ours.shape != theirs.shape:
        raise Disagreement(f"{what} has shape {ours.shape} by hand and {theirs.shape} in PyTorch")
    wrong = ~np.isclose(ours, theirs, rtol=0, atol=CLOSE, equal_nan=True)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise Disagreement(f"{what} differs at {list(first)}: by hand {ours[first]:.12g}, "
                           f"PyTorch {theirs[first]:.12g}; {wrong.sum()} of {wrong.size} differ")


def _numbers(tensor):
    return np.array(tensor.detach().numpy())


def _count(number, what):
    if (number, what) == (1, "output"):
        return what
    return f"{number} {what}{'s' * (number != 1)}"


given.check(globals(), {"name": kinds.WORD, "seed": kinds.whole()})
