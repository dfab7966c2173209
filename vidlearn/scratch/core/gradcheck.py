"""Gradient check: compare a backward pass with finite differences along random directions.

Let g be the gradient of a scalar L. A small step along a direction d changes L by <g, d>. Central
differences measure that change without a backward pass. They cost two runs per direction, however
many numbers there are, and a random direction shows an error in any one of them.
"""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import GradcheckError
from vidlearn.scratch.core.tensor import Tensor, array_of, lift


def gradcheck(function, inputs, directions: kinds.POSITIVE_COUNT = 3, eps=1e-6, rtol=1e-5,
              atol=1e-7, seed=0, **options):
    """Compare the gradient of each input with slopes measured along random directions.

    `function` takes Tensors and returns one or several, or it is a pair (forward, backward) of
    functions on arrays. Options are passed on to it. L is the output weighted by random numbers.

    Shapes   inputs: arrays of float64, or Tensors. Integers, and Tensors that require no
             gradient, are passed on unchecked
    Returns  True
    Raises   GradcheckError that names the input, both slopes and the worst index in its gradient
             ArgumentError for an input of float32, whose rounding would hide a wrong gradient
    Twin     torch.autograd.gradcheck

    >>> gradcheck(lambda x: (x * x).sum(), [np.array([3.0, 4.0])])
    True
    """
    call = lift(*function) if isinstance(function, tuple) else function
    rng, leaves = np.random.default_rng(seed), _leaves(inputs)
    arrays = [leaf.data for leaf in leaves]
    gradients, loss = _backward(call, leaves, options, rng)
    for i, g in gradients.items():
        for _ in range(directions):
            direction = rng.normal(size=g.shape)
            measured = _difference(loss, arrays, i, eps * direction) / eps
            ours = np.vdot(g, direction)
            if not abs(measured - ours) <= atol + rtol * max(abs(measured), abs(ours)):
                raise GradcheckError(
                    f"input {i} {g.shape}: along a random direction the slope is {measured:.6g}, "
                    f"backward says {ours:.6g}; {_worst(loss, arrays, i, g, eps, rng)}")
    return True


def _leaves(inputs):
    """A copy of each input, which requires a gradient if it is to be checked."""
    if not isinstance(inputs, (list, tuple)):
        raise ArgumentError(f"gradcheck: inputs must be a list of arrays, not {inputs!r:.60}")
    leaves = []
    for i, x in enumerate(inputs):
        array = array_of(x).copy()
        if array.dtype.kind not in "biuf":
            raise ArgumentError(f"gradcheck: inputs[{i}] must hold real numbers, not {x!r:.60}")
        checked = x.requires_grad if isinstance(x, Tensor) else array.dtype.kind == "f"
        if checked and array.dtype != np.float64:
            raise ArgumentError(f"input {i} is {array.dtype}, and gradcheck needs float64: "
                                "convert it with .double()")
        leaves.append(Tensor(array, checked))
    if not any(leaf.requires_grad for leaf in leaves):
        raise ArgumentError("gradcheck got no input that requires a gradient")
    return leaves


def _backward(call, leaves, options, rng):
    """The gradient of each checked input, by its number, and L as a function of the arrays."""
    before = [leaf.data.copy() for leaf in leaves]
    ys = _outputs(call(*leaves, **options))
    weights = [rng.normal(size=y.shape) for y in ys]
    for y, weight in zip(ys, weights, strict=True):
        dy = weight.copy()
        y.backward(dy, retain_graph=True)
        if not np.array_equal(dy, weight):
            raise GradcheckError("backward changed dy, which others may need: copy dy first")
    for i, (leaf, array) in enumerate(zip(leaves, before, strict=True)):
        if not np.array_equal(leaf.data, array):
            raise GradcheckError(f"input {i} was changed: a function must not change its inputs")

    def loss(arrays):
        ys = _outputs(call(*(Tensor(a, leaf.requires_grad)
                             for a, leaf in zip(arrays, leaves, strict=True)), **options))
        return sum(np.vdot(weight, y.data) for weight, y in zip(weights, ys, strict=True))

    return {i: np.zeros_like(leaf.data) if leaf.grad is None else leaf.grad.data
            for i, leaf in enumerate(leaves) if leaf.requires_grad}, loss


def _outputs(ys):
    """The outputs that require a gradient."""
    ys = ys if isinstance(ys, tuple) else (ys,)
    if not all(isinstance(y, Tensor) for y in ys):
        raise ArgumentError(f"gradcheck: function must return Tensors, not {ys!r:.60}")
    return [y for y in ys if y.requires_grad]


def _difference(loss, arrays, i, step):
    """How much L changes over `step` of input i, by central differences."""
    after, before = (loss([*arrays[:i], arrays[i] + s, *arrays[i + 1:]]) for s in (step, -step))
    return (after - before) / 2


def _worst(loss, arrays, i, g, eps, rng):
    """The index at which the gradient is most wrong, among 200 at most."""
    errors = []
    for flat in rng.permutation(g.size)[:200]:
        index = np.unravel_index(flat, g.shape)
        step = np.zeros_like(g)
        step[index] = eps
        measured = _difference(loss, arrays, i, step) / eps
        errors.append((abs(measured - g[index]), tuple(map(int, index)), measured, g[index]))
    _, index, measured, ours = max(errors)
    return f"worst at {list(index)}: {measured:.6g}, backward says {ours:.6g}"
