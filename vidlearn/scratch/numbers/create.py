"""New Tensors: from numbers, or filled with one."""

from numbers import Number

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import Tensor, as_array
from vidlearn.scratch.numbers.arithmetic import result_type
from vidlearn.scratch.numbers.elementwise import dtype_of
from vidlearn.scratch.numbers.shape import sizes_of

FLOAT32 = np.dtype("float32")


def pick_dtype(dtype, device, default=FLOAT32):
    """The type to use, once it is known that `device` is the only one there is.

    Raises   UnsupportedOption if `device` is not the CPU
    """
    if device not in (None, "cpu"):
        raise UnsupportedOption(f"device={device!r}: NumPy computes on the CPU; PyTorch has others")
    return default if dtype is None else dtype_of(dtype)


def tensor(data, dtype=None, device=None, requires_grad=False):
    """A Tensor with its own copy of `data`: numbers, lists of numbers, an array."""
    array = as_array(data)
    return Tensor(np.array(array, pick_dtype(dtype, device, array.dtype)), requires_grad)


def from_numpy(array):
    """A Tensor on the very memory of an array: a change of one is a change of the other."""
    if isinstance(array, np.ndarray) and not array.dtype.isnative:
        raise ArgumentError(f"from_numpy: the bytes of {array.dtype} are the other way round, "
                            "and its memory cannot be shared: take scratch.tensor(array)")
    return Tensor(array)


def full(size, fill_value, dtype=None, device=None, requires_grad=False):
    """A Tensor of `fill_value` everywhere."""
    dtype = pick_dtype(dtype, device, as_array(fill_value).dtype)
    return Tensor(np.full(sizes_of((size,)), fill_value, dtype), requires_grad)


def zeros(*size, dtype=None, device=None, requires_grad=False):
    """A Tensor of zeros."""
    return Tensor(np.zeros(sizes_of(size), pick_dtype(dtype, device)), requires_grad)


def ones(*size, dtype=None, device=None, requires_grad=False):
    """A Tensor of ones."""
    return Tensor(np.ones(sizes_of(size), pick_dtype(dtype, device)), requires_grad)


def zeros_like(x, dtype=None, device=None, requires_grad=False):
    """A Tensor of zeros in the shape and type of x."""
    return full_like(x, 0, dtype, device, requires_grad)


def ones_like(x, dtype=None, device=None, requires_grad=False):
    """A Tensor of ones in the shape and type of x."""
    return full_like(x, 1, dtype, device, requires_grad)


def full_like(x, fill_value, dtype=None, device=None, requires_grad=False):
    """A Tensor of `fill_value` in the shape and type of x."""
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype, device, requires_grad)


def arange(start, end=None, step=1, dtype=None, device=None, requires_grad=False):
    """The numbers from `start` in steps up to `end`, not included; arange(3) is 0, 1, 2."""
    start, end = (0, start) if end is None else (start, end)
    if step == 0 or not all(isinstance(n, (Number, np.generic)) for n in (start, end, step)):
        raise ArgumentError(f"arange: numbers are needed, and a step that is not 0; they are "
                            f"{start!r:.40}, {end!r:.40}, {step!r:.40}")
    dtype = pick_dtype(dtype, device, result_type(start, end, step))
    return Tensor(np.arange(start, end, step).astype(dtype), requires_grad)


def linspace(start, end, steps: kinds.COUNT, dtype=None, device=None, requires_grad=False):
    """`steps` numbers from `start` to `end`, both included, equally far apart."""
    return Tensor(np.linspace(start, end, steps, dtype=pick_dtype(dtype, device)), requires_grad)


def eye(n: kinds.COUNT, m: kinds.COUNT = None, dtype=None, device=None, requires_grad=False):
    """Ones on the diagonal, zeros elsewhere."""
    return Tensor(np.eye(n, m, dtype=pick_dtype(dtype, device)), requires_grad)


def new_full(x, size, fill_value, dtype=None, device=None, requires_grad=False):
    """A Tensor of `fill_value` in the type of x, of another size."""
    return full(size, fill_value, x.dtype if dtype is None else dtype, device, requires_grad)


def new_zeros(x, *size, dtype=None, device=None, requires_grad=False):
    """A Tensor of zeros in the type of x, of another size."""
    return new_full(x, sizes_of(size), 0, dtype, device, requires_grad)


def new_ones(x, *size, dtype=None, device=None, requires_grad=False):
    """A Tensor of ones in the type of x, of another size."""
    return new_full(x, sizes_of(size), 1, dtype, device, requires_grad)
