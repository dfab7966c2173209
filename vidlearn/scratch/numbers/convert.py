"""Convert a Tensor: to Python's numbers and lists, to another dtype or to text."""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.numbers.create import choose_dtype
from vidlearn.scratch.numbers.elementwise import cast, clone
from vidlearn.scratch.numbers.join import unbind
from vidlearn.scratch.numbers.shape import axis_of

LAYOUTS = ("torch.contiguous_format", "torch.preserve_format")
UNPRINTED_DTYPES = ("float32", "int64", "bool")       # as in torch


def item(x):
    """The only number of a Tensor, as a Python number.

    Raises   ArgumentError if the Tensor holds more or fewer than one
    """
    if x.data.size != 1:
        raise ArgumentError(f"item() of shape {x.shape}, {x.data.size} numbers: the Tensor must "
                            "hold exactly one")
    return x.data.item()


def tolist(x):
    """Nested lists of Python numbers."""
    return x.data.tolist()


def size(x, dim=None):
    """The shape, or the length of one axis."""
    if dim is None:
        return x.shape
    if not x.ndim:
        raise IndexError(f"dim {dim} is out of range for a Tensor with 0 axes")
    return x.shape[axis_of(dim, x.ndim)]


def dim(x):
    """The number of axes."""
    return x.ndim


def numel(x):
    """The number of elements."""
    return x.data.size


def to(x, *target, dtype=None, device=None, copy=False, memory_format=None):
    """The same numbers in another dtype: x.to(float64), x.to(other), x.to("cpu", float64).

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
    check_memory_format(memory_format)
    y = cast(x, choose_dtype(dtype, device, x.dtype))
    return clone(y) if y is x and (copy or flags[1:] == [True]) else y


def check_memory_format(memory_format):
    """Refuse a memory layout other than NumPy's.

    Raises   UnsupportedOption
    """
    if memory_format is not None and str(memory_format) not in LAYOUTS:
        raise UnsupportedOption(f"memory_format={memory_format!r:.60} is not implemented: "
                                "memory is in row order")


def dtype_method(name, dtype):
    """A method that converts to `dtype`."""
    def method(x, memory_format=None):
        check_memory_format(memory_format)
        return cast(x, np.dtype(dtype))
    method.__name__, method.__doc__ = name, f"The same numbers as {dtype}."
    return method


float_, double = dtype_method("float", "float32"), dtype_method("double", "float64")
long, int_ = dtype_method("long", "int64"), dtype_method("int", "int32")
bool_ = dtype_method("bool", "bool")


def contiguous(x, memory_format=None):
    """The same numbers in row order in memory: x itself if it is contiguous, else a copy."""
    check_memory_format(memory_format)
    return x if x.data.flags.c_contiguous else clone(x)


def cpu(x):
    """x itself, which is always on the CPU."""
    return x


def length(x):
    """The length of the first axis."""
    if not x.ndim:
        raise ArgumentError("len() of a Tensor without axes")
    return len(x.data)


def iterate(x):
    """The slices along the first axis, one by one."""
    if not x.ndim:
        raise ArgumentError("cannot iterate over a Tensor without axes")
    return iter(unbind(x))


def to_bool(x):
    """The only number of a Tensor as True or False."""
    return bool(item(x))


def to_index(x):
    """The only number of a Tensor of integers, as a Python int."""
    if x.dtype.kind == "f":
        raise ArgumentError(f"an index must be a whole number, not a Tensor of {x.dtype}")
    return int(item(x))


def to_text(x):
    """The numbers as torch prints them: tensor([1., 2.], requires_grad=True)."""
    text = np.array2string(x.data, precision=4, separator=", ", prefix="tensor(",
                           suppress_small=True)
    dtype = "" if x.dtype.name in UNPRINTED_DTYPES else f", dtype={x.dtype.name}"
    grad = "" if not x.requires_grad else ", requires_grad=True" if x.is_leaf else ", grad_fn=<...>"
    return f"tensor({text}{dtype}{grad})"


def formatted(x, format_spec):
    """The only number of a Tensor in a format, as in f"{loss:.3f}"."""
    return format(item(x), format_spec) if format_spec else to_text(x)
