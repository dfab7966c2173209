"""An array that remembers how it was made, so that gradients can walk back along the way.

Every operation of `vidlearn.scratch` is a pair of plain functions on NumPy arrays:

    y, cache = forward(x, ...)          dx, ... = backward(dy, cache)

`lift` turns such a pair into a function of Tensors. That is all there is to autograd here.
The operators and methods of a Tensor are lifted pairs too: `methods.py` hangs them on it.
"""

from functools import partial, wraps
from inspect import signature, unwrap
from itertools import compress

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import GraphError, ShapeError, broadcast_shape
from vidlearn.scratch.core.graph import Hook, is_grad_enabled, walk_back


class Tensor:
    """A NumPy array with a gradient, under the names that torch.Tensor uses.

    Twin     torch.Tensor
    """

    __array_priority__ = 1000       # array * tensor is the Tensor's to answer

    def __init__(self, data, requires_grad=False, parents=(), pull=None):
        self.data = as_array(data)
        self._grad = None           # see `grad`
        self.requires_grad = False
        self._parents = parents     # the Tensors this one was made from, if they need a gradient
        self._pull = pull           # dy -> one gradient for each parent; None at a leaf
        self._hooks = ()            # functions that see the gradient on its way
        self._keeps_grad = pull is None
        if requires_grad is not False:
            self.requires_grad_(requires_grad)

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)
    is_leaf = property(lambda self: self._pull is None)

    @property
    def grad(self):
        """A Tensor of the same shape, once backward() has run; else None."""
        return self._grad

    @grad.setter
    def grad(self, grad):
        if grad is not None and not isinstance(grad, Tensor):
            raise ArgumentError(f"grad must be a Tensor or None, not {type(grad).__name__}")
        if grad is not None and grad.shape != self.shape:
            raise ShapeError(f"a grad {grad.shape} does not fit a Tensor {self.shape}")
        self._grad = grad

    def requires_grad_(self, requires_grad=True):
        """Ask for a gradient from now on, or for none; returns the Tensor itself."""
        if type(requires_grad) not in (bool, np.bool_):
            raise ArgumentError(f"requires_grad must be True or False, not {requires_grad!r:.60}")
        if requires_grad and self.dtype.kind != "f":
            raise GraphError(f"a Tensor of {self.dtype} has no gradient: make it .float() first")
        if not (requires_grad or self.is_leaf):
            raise GraphError("this Tensor is a result: .detach() gives one without a gradient")
        self.requires_grad = requires_grad
        return self

    def backward(self, gradient=None, retain_graph=False):
        """Add d self / d leaf to `leaf.grad`, for every leaf that requires a gradient.

        The way back is forgotten step by step, which frees its memory, unless `retain_graph`.

        Raises   GraphError if nothing here requires a gradient or the way back is forgotten
                 ShapeError if `gradient` has another shape, or is missing and `self` is no scalar
        """
        if not self.requires_grad:
            raise GraphError("backward() of a Tensor that does not require a gradient")
        if gradient is None:
            if self.data.size != 1:
                raise ShapeError(f"backward() of shape {self.shape} needs a gradient of that shape")
            gradient = np.ones_like(self.data)
        gradient = gradient if isinstance(gradient, Tensor) else Tensor(gradient)
        walk_back(self, self._gather(gradient.data), retain_graph)

    def retain_grad(self):
        """Keep `grad` here too, though this Tensor is a result and not a leaf."""
        self._keeps_grad = True

    def register_hook(self, hook):
        """Call `hook(gradient)` when the gradient gets here; what it returns, if anything, goes on.

        Returns  a handle whose `remove()` takes the hook off again
        """
        if not self.requires_grad:
            raise GraphError("register_hook() of a Tensor that does not require a gradient")
        return Hook(self, hook)

    def detach(self):
        """The same numbers, without the way they came."""
        return Tensor(self.data)

    def numpy(self):
        """The array itself, not a copy.

        Raises   GraphError if the Tensor requires a gradient, which the array would lose
        """
        if self.requires_grad:
            raise GraphError("an array has no gradient and this Tensor needs one: detach() first")
        return self.data

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numpy(), dtype) if copy else np.asarray(self.numpy(), dtype)

    def __getstate__(self):
        """What a copy or a pickle holds: a result becomes a leaf, its way back stays behind."""
        return {**vars(self), "_parents": (), "_pull": None, "_keeps_grad": True}

    def _gather(self, share, before=None):
        """Add one more gradient to what has arrived `before`."""
        if share.shape != self.shape:
            raise ShapeError(f"a gradient {share.shape} came back for a Tensor {self.shape}")
        share = np.asarray(share, self.dtype)
        return share if before is None else before + share

    def _take(self, dy):
        """Show the whole gradient to the hooks, and keep it in `grad` where that is wanted."""
        for hook in self._hooks:
            changed = hook(Tensor(dy))
            dy = dy if changed is None else self._gather(array_of(changed))
        if self._keeps_grad and self.grad is None:
            self.grad = Tensor(dy.copy())             # dy may be somebody else's array
        elif self._keeps_grad:
            self.grad.data += dy
        return dy


def lift(forward, backward):
    """Make a function of Tensors out of a forward and backward pair on arrays.

    The positional arguments may be Tensors; the keyword arguments are plain options. Where
    `forward` gives a tuple of outputs, `backward` gets a tuple of gradients, zeros for an output
    that was not used. `backward` must not change `dy`; if it names an argument `needs`, it is told
    which inputs need a gradient (a bool each) and may give None for the others.
    """
    forward, backward = unwrap(forward), unwrap(backward)      # a Tensor was looked at before
    carry_back, names = _for_those_who_need_it(backward), [*signature(forward).parameters]

    @wraps(forward)
    def function(*inputs, **options):
        try:
            y, cache = forward(*(x.data if isinstance(x, Tensor) else x for x in inputs), **options)
        except ValueError as error:
            if "broadcast" in str(error):             # where the inputs do not fit, say which
                broadcast_shape(function.__name__, **dict(zip(names, inputs, strict=False)))
            raise
        needs = tuple(isinstance(x, Tensor) and x.requires_grad for x in inputs)
        if not (any(needs) and is_grad_enabled()):
            return _each(Tensor, y)
        parents = tuple(compress(inputs, needs))
        pull = partial(carry_back, cache=cache, needs=needs, since=versions.ledger.count)
        if isinstance(y, tuple):
            return _Knot(parents, pull, y).outputs(y)
        return Tensor(y, True, parents, pull)

    function.__name__ = forward.__name__.removesuffix("_forward")
    return function


def _for_those_who_need_it(backward):
    """`backward`, giving the gradients of those inputs only that need one."""
    choosy = "needs" in signature(backward).parameters

    def carry_back(dy, cache, needs, since):
        if versions.ledger.count != since:
            versions.refuse(cache, since, backward.__name__.removesuffix("_backward"))
        shares = backward(dy, cache, needs=needs) if choosy else backward(dy, cache)
        shares = shares if isinstance(shares, tuple) else (shares,)
        if len(shares) != len(needs):
            raise ShapeError(f"{backward.__name__} gave {len(shares)} gradients "
                             f"for {len(needs)} inputs")
        return list(compress(shares, needs))
    return carry_back


class _Knot:
    """Ties several outputs of one step together, so that they go back through it as one.

    Its gradient is a dict: the number of an output -> the dy that came from there.
    """

    def __init__(self, parents, pull, ys):
        empty = [(y.shape, y.dtype) for y in ys]

        def pull_all(dys):
            return pull(tuple(dys[i] if i in dys else np.zeros(*zeros)
                              for i, zeros in enumerate(empty)))
        self._parents, self._pull = parents, pull_all

    def outputs(self, ys):
        """The outputs as Tensors, in a tuple of the kind that `ys` is."""
        numbers = iter(range(len(ys)))
        return _each(lambda y: self._output(next(numbers), y), ys)

    def _output(self, i, y):
        if y.dtype.kind != "f":                       # the place of a maximum has no gradient
            return Tensor(y)
        return Tensor(y, True, (self,), lambda dy: ({i: dy},))

    def _gather(self, share, before=None):
        return share if before is None else before | share

    def _take(self, dys):
        return dys


def _each(make, y):
    """`make` of the output, or of each one where there are several."""
    if not isinstance(y, tuple):
        return make(y)
    made = [make(part) for part in y]
    return type(y)(*made) if hasattr(y, "_fields") else tuple(made)


def as_array(data):
    """`data` as an array; Python's own floats become float32, as in torch.

    Raises   TypeError for what are no real numbers, ShapeError for rows of different lengths
    """
    try:
        array = np.asarray(data)
    except ValueError:
        raise ShapeError(f"rows of different lengths make no Tensor: {data!r:.60}") from None
    if array.dtype.kind not in "biuf":
        words = "" if hasattr(data, "dtype") else f": {' '.join(f'{data!r:.60}'.split())}"
        raise ArgumentError(f"a Tensor holds real numbers, not {array.dtype}{words}")
    if not array.dtype.isnative:                      # from a file of another kind of machine
        return array.astype(array.dtype.newbyteorder("="))
    own = not hasattr(data, "dtype") and array.dtype == np.float64
    return array.astype(np.float32) if own else array


def array_of(x):
    """The array of a Tensor, or of anything that NumPy takes."""
    return x.data if isinstance(x, Tensor) else np.asarray(x)
