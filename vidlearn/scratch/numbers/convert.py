"""From a Tensor to Python's own things, from one number type to another, and to the screen."""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.numbers.create import pick_dtype
from vidlearn.scratch.numbers.elementwise import cast, clone
from vidlearn.scratch.numbers.join import unbind
from vidlearn.scratch.numbers.shape import axis_of

LAYOUTS = ("torch.contiguous_format", "torch.preserve_format")
PLAIN_TYPES = ("float32", "int64", "bool")            # those torch does not print


def item(x):
    """The one number of a Tensor, as Python's own.

    Raises   ValueError if it holds more or fewer than one
    """
    if x.data.size != 1:
        raise ArgumentError(f"item() of shape {x.shape}, {x.data.size} numbers: it needs "
                            "exactly one")
    return x.data.item()


def tolist(x):
    """Nested lists of Python's own numbers."""
    return x.data.tolist()


def size(x, dim=None):
    """The shape, or the length of one axis."""
    if dim is None:
        return x.shape
    if not x.ndim:
        raise IndexError(f"dim {dim} asked of a Tensor with 0 axes")
    return x.shape[axis_of(dim, x.ndim)]


def dim(x):
    """How many axes there are."""
    return x.ndim


def numel(x):
    """How many numbers there are."""
    return x.data.size


def to(x, *target, dtype=None, device=None, copy=False, memory_format=None):
    """The same numbers in another type: x.to(float64), x.to(other), x.to("cpu", float64).

    Raises   UnsupportedOption for any device but the CPU
    """
    flags = [t for t in target if isinstance(t, bool)]               # non_blocking, copy
    for t in target[:len(target) - len(flags)]:
        if isinstance(t, Tensor):
            dtype = t.dtype
        elif isinstance(t, str) and t.partition(":")[0] in ("cpu", "cuda", "mps"):
            device = t
        elif t is not None:
            dtype = t
    one_layout(memory_format)
    y = cast(x, pick_dtype(dtype, device, x.dtype))
    return clone(y) if y is x and (copy or flags[1:] == [True]) else y


def one_layout(memory_format):
    """Refuse a layout in memory other than NumPy's own.

    Raises   UnsupportedOption
    """
    if memory_format is not None and str(memory_format) not in LAYOUTS:
        raise UnsupportedOption(f"memory_format={memory_format!r:.60} is left out: "
                                "rows are kept together")


def converter(name, dtype):
    """A method that changes the type to `dtype`."""
    def method(x, memory_format=None):
        one_layout(memory_format)
        return cast(x, np.dtype(dtype))
    method.__name__, method.__doc__ = name, f"The same numbers as {dtype}."
    return method


float_, double = converter("float", "float32"), converter("double", "float64")
long, int_ = converter("long", "int64"), converter("int", "int32")
bool_ = converter("bool", "bool")


def contiguous(x, memory_format=None):
    """The same numbers, row by row in memory: x itself if they are."""
    one_layout(memory_format)
    return x if x.data.flags.c_contiguous else clone(x)


def cpu(x):
    """x itself: it never was elsewhere."""
    return x


def length(x):
    """The length of the first axis."""
    if not x.ndim:
        raise ArgumentError("len() of a Tensor without axes")
    return len(x.data)


def iterate(x):
    """The pieces along the first axis, one by one."""
    if not x.ndim:
        raise ArgumentError("a Tensor without axes has no pieces to go through")
    return iter(unbind(x))


def truth(x):
    """True or False, for the one number of a Tensor."""
    return bool(item(x))


def index(x):
    """Python's int, for the one whole number of a Tensor."""
    if x.dtype.kind == "f":
        raise ArgumentError(f"a whole number is needed, not a Tensor of {x.dtype}")
    return int(item(x))


def show(x):
    """The numbers as torch writes them: tensor([1., 2.], requires_grad=True)."""
    text = np.array2string(x.data, precision=4, separator=", ", prefix="tensor(",
                           suppress_small=True)
    kind = "" if x.dtype.name in PLAIN_TYPES else f", dtype={x.dtype.name}"
    grad = "" if not x.requires_grad else ", requires_grad=True" if x.is_leaf else ", grad_fn=<...>"
    return f"tensor({text}{kind}{grad})"


def written(x, form):
    """f"{loss:.3f}", for the one number of a Tensor."""
    return format(item(x), form) if form else show(x)
