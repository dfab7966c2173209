"""The Tensor: an array that keeps the graph it was computed by, for the backward pass.

Every operation of `vidlearn.scratch` is a pair of plain functions on NumPy arrays:

    y, cache = forward(x, ...)          dx, ... = backward(dy, cache)

`lift` turns such a pair into a function of Tensors. That is all there is to autograd here.
The operators and methods of a Tensor are lifted pairs, too: `numbers/methods.py` attaches them.
"""

from functools import partial, wraps
from inspect import signature, unwrap
from itertools import compress

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import GraphError, ShapeError, broadcast_shape
from vidlearn.scratch.core.graph import HookHandle, is_grad_enabled, run_backward


class Tensor:
    """A NumPy array with a gradient, under the names that torch.Tensor uses.

    Twin     torch.Tensor
    """

    __array_priority__ = 1000       # array * tensor calls Tensor.__rmul__

    def __init__(self, data, requires_grad=False, parents=(), backward_fn=None):
        self.data = as_array(data)
        self._grad = None           # see `grad`
        self.requires_grad = False
        self._parents = parents     # the Tensors this one was made from that require a gradient
        self._backward_fn = backward_fn     # dy -> one gradient for each parent; None at a leaf
        self._hooks = ()            # functions that are called with the gradient
        self._keeps_grad = backward_fn is None
        if requires_grad is not False:
            self.requires_grad_(requires_grad)

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)
    is_leaf = property(lambda self: self._backward_fn is None)

    @property
    def grad(self):
        """The gradient, a Tensor of the same shape, after backward(); None before."""
        return self._grad

    @grad.setter
    def grad(self, grad):
        if grad is not None and not isinstance(grad, Tensor):
            raise ArgumentError(f"grad must be a Tensor or None, not {type(grad).__name__}")
        if grad is not None and grad.shape != self.shape:
            raise ShapeError(f"a grad of shape {grad.shape} does not fit a Tensor {self.shape}")
        self._grad = grad

    def requires_grad_(self, requires_grad=True):
        """Switch the gradient of this Tensor on or off. Returns the Tensor itself."""
        if type(requires_grad) not in (bool, np.bool_):
            raise ArgumentError(f"requires_grad must be True or False, not {requires_grad!r:.60}")
        if requires_grad and self.dtype.kind != "f":
            raise GraphError(f"a Tensor of {self.dtype} has no gradient: convert it with .float()")
        if not (requires_grad or self.is_leaf):
            raise GraphError("this Tensor is not a leaf: .detach() returns one without a gradient")
        self.requires_grad = requires_grad
        return self

    def backward(self, gradient=None, retain_graph=False):
        """Add d self / d leaf to `leaf.grad`, for every leaf that requires a gradient.

        The graph is freed node by node, unless `retain_graph`.

        Raises   GraphError if this Tensor requires no gradient or the graph was freed before
                 ShapeError if `gradient` has another shape, or is missing for several numbers
        """
        if not self.requires_grad:
            raise GraphError("backward() of a Tensor that does not require a gradient")
        if gradient is None:
            if self.data.size != 1:
                raise ShapeError(f"backward() of shape {self.shape} needs a gradient of that shape")
            gradient = np.ones_like(self.data)
        gradient = gradient if isinstance(gradient, Tensor) else Tensor(gradient)
        run_backward(self, self._accumulate(gradient.data), retain_graph)

    def retain_grad(self):
        """Keep `grad` here, too, though this Tensor is not a leaf."""
        self._keeps_grad = True

    def register_hook(self, hook):
        """Call `hook(gradient)` in the backward pass; what it returns replaces the gradient.

        Returns  a handle whose `remove()` takes the hook off
        """
        if not self.requires_grad:
            raise GraphError("register_hook() of a Tensor that does not require a gradient")
        return HookHandle(self, hook)

    def detach(self):
        """The same numbers, in shared memory, without the graph."""
        return Tensor(self.data)

    def numpy(self):
        """The array itself, not a copy.

        Raises   GraphError if the Tensor requires a gradient, which the array would lose
        """
        if self.requires_grad:
            raise GraphError("the array would lose this Tensor's gradient: call detach() first")
        return self.data

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numpy(), dtype) if copy else np.asarray(self.numpy(), dtype)

    def __getstate__(self):
        """The state of a copy or a pickle: without the graph, so that it is a leaf."""
        return {**vars(self), "_parents": (), "_backward_fn": None, "_keeps_grad": True}

    def _accumulate(self, gradient, total=None):
        """Add one more gradient to the total of those that have arrived."""
        if gradient.shape != self.shape:
            raise ShapeError(f"a gradient of shape {gradient.shape} arrived at a Tensor of shape "
                             f"{self.shape}")
        gradient = np.asarray(gradient, self.dtype)
        return gradient if total is None else total + gradient

    def _receive(self, dy):
        """Call the hooks with the whole gradient, and add it to `grad` where that is kept."""
        for hook in self._hooks:
            changed = hook(Tensor(dy))
            dy = dy if changed is None else self._accumulate(array_of(changed))
        if self._keeps_grad and self.grad is None:
            self.grad = Tensor(dy.copy())             # others may use dy's array
        elif self._keeps_grad:
            self.grad.data += dy
        return dy


def lift(forward, backward):
    """Make a function of Tensors from a forward and a backward function of arrays.

    The positional arguments may be Tensors; the keyword arguments are plain options. Where
    `forward` returns a tuple of outputs, `backward` gets a tuple of gradients, with zeros for an
    output that was not used. `backward` must not change `dy`. If it has an argument `needs`, it is
    told which inputs need a gradient (a bool each), and may return None for the others.
    """
    forward, backward = unwrap(forward), unwrap(backward)      # Tensors are checked already
    needed_gradients, names = _needed_gradients(backward), [*signature(forward).parameters]

    @wraps(forward)
    def function(*inputs, **options):
        try:
            y, cache = forward(*(x.data if isinstance(x, Tensor) else x for x in inputs), **options)
        except ValueError as error:
            if "broadcast" in str(error):             # name the inputs that do not fit
                broadcast_shape(function.__name__, **dict(zip(names, inputs, strict=False)))
            raise
        needs = tuple(isinstance(x, Tensor) and x.requires_grad for x in inputs)
        if not (any(needs) and is_grad_enabled()):
            return _each(Tensor, y)
        parents = tuple(compress(inputs, needs))
        backward_fn = partial(needed_gradients, cache=cache, needs=needs,
                              version=versions.counter.total)
        if isinstance(y, tuple):
            return _MultiOutputNode(parents, backward_fn, y).outputs(y)
        return Tensor(y, True, parents, backward_fn)

    function.__name__ = forward.__name__.removesuffix("_forward")
    return function


def _needed_gradients(backward):
    """`backward`, but only with the gradients of the inputs that need one."""
    takes_needs = "needs" in signature(backward).parameters

    def needed_gradients(dy, cache, needs, version):
        if versions.counter.total != version:
            versions.check(cache, version, backward.__name__.removesuffix("_backward"))
        dxs = backward(dy, cache, needs=needs) if takes_needs else backward(dy, cache)
        dxs = dxs if isinstance(dxs, tuple) else (dxs,)
        if len(dxs) != len(needs):
            raise ShapeError(f"{backward.__name__} returned {len(dxs)} gradients "
                             f"for {len(needs)} inputs")
        return list(compress(dxs, needs))
    return needed_gradients


class _MultiOutputNode:
    """The node of an operation with several outputs. Its backward pass runs once for all of them.

    Its gradient is a dict: the number of an output -> the dy of that output.
    """

    def __init__(self, parents, backward_fn, ys):
        shapes = [(y.shape, y.dtype) for y in ys]

        def with_zeros(dys):
            return backward_fn(tuple(dys[i] if i in dys else np.zeros(*shape)
                                     for i, shape in enumerate(shapes)))
        self._parents, self._backward_fn = parents, with_zeros

    def outputs(self, ys):
        """The outputs as Tensors, in a tuple of the same type as `ys`."""
        numbers = iter(range(len(ys)))
        return _each(lambda y: self._output(next(numbers), y), ys)

    def _output(self, i, y):
        if y.dtype.kind != "f":                       # an index has no gradient
            return Tensor(y)
        return Tensor(y, True, (self,), lambda dy: ({i: dy},))

    def _accumulate(self, gradient, total=None):
        return gradient if total is None else total | gradient

    def _receive(self, dys):
        return dys


def _each(make, y):
    """Call `make` on the output, or on each of several outputs."""
    if not isinstance(y, tuple):
        return make(y)
    made = [make(part) for part in y]
    return type(y)(*made) if hasattr(y, "_fields") else tuple(made)


def as_array(data):
    """`data` as an array. Python's floats become float32, as in torch.

    Raises   ArgumentError if they are not real numbers, ShapeError for rows of different lengths
    """
    try:
        array = np.asarray(data)
    except ValueError as error:
        raise ShapeError(f"rows of different lengths cannot form a Tensor: {data!r:.60}") from error
    if array.dtype.kind not in "biuf":
        words = "" if hasattr(data, "dtype") else f": {' '.join(f'{data!r:.60}'.split())}"
        raise ArgumentError(f"a Tensor holds real numbers, not {array.dtype}{words}")
    if not array.dtype.isnative:                      # from a machine with another byte order
        return array.astype(array.dtype.newbyteorder("="))
    python_floats = not hasattr(data, "dtype") and array.dtype == np.float64
    return array.astype(np.float32) if python_floats else array


def array_of(x):
    """The array of a Tensor, or of anything that NumPy takes."""
    return x.data if isinstance(x, Tensor) else np.asarray(x)
