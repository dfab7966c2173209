"""Create Tensors: from numbers, or filled with one number."""

from numbers import Number

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import Tensor, as_array
from vidlearn.scratch.numbers.arithmetic import result_type
from vidlearn.scratch.numbers.elementwise import as_dtype
from vidlearn.scratch.numbers.shape import as_shape

FLOAT32 = np.dtype("float32")


def choose_dtype(dtype, device, default=FLOAT32):
    """The dtype of a new Tensor: `dtype`, or the default for None.

    Raises   UnsupportedOption if `device` is not the CPU
    """
    if device not in (None, "cpu"):
        raise UnsupportedOption(f"device={device!r} is not implemented: NumPy runs on the CPU only")
    return default if dtype is None else as_dtype(dtype)


def tensor(data, dtype=None, device=None, requires_grad=False):
    """A Tensor with a copy of `data`: a number, nested lists of numbers or an array."""
    array = as_array(data)
    return Tensor(np.array(array, choose_dtype(dtype, device, array.dtype)), requires_grad)


def from_numpy(array):
    """A Tensor that shares the memory of an array: changing one changes the other."""
    if isinstance(array, np.ndarray) and not array.dtype.isnative:
        raise ArgumentError(f"from_numpy: {array.dtype} has another byte order than this machine, "
                            "so its memory cannot be shared: use scratch.tensor(array)")
    return Tensor(array)


def full(size, fill_value, dtype=None, device=None, requires_grad=False):
    """A Tensor of `fill_value` everywhere."""
    dtype = choose_dtype(dtype, device, as_array(fill_value).dtype)
    return Tensor(np.full(as_shape((size,)), fill_value, dtype), requires_grad)


def zeros(*size, dtype=None, device=None, requires_grad=False):
    """A Tensor of zeros."""
    return Tensor(np.zeros(as_shape(size), choose_dtype(dtype, device)), requires_grad)


def ones(*size, dtype=None, device=None, requires_grad=False):
    """A Tensor of ones."""
    return Tensor(np.ones(as_shape(size), choose_dtype(dtype, device)), requires_grad)


def zeros_like(x, dtype=None, device=None, requires_grad=False):
    """A Tensor of zeros with the shape and dtype of x."""
    return full_like(x, 0, dtype, device, requires_grad)


def ones_like(x, dtype=None, device=None, requires_grad=False):
    """A Tensor of ones with the shape and dtype of x."""
    return full_like(x, 1, dtype, device, requires_grad)


def full_like(x, fill_value, dtype=None, device=None, requires_grad=False):
    """A Tensor of `fill_value` with the shape and dtype of x."""
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype, device, requires_grad)


def arange(start, end=None, step=1, dtype=None, device=None, requires_grad=False):
    """Numbers from `start` up to but without `end`, `step` apart; arange(3) is 0, 1, 2."""
    start, end = (0, start) if end is None else (start, end)
    if step == 0 or not all(isinstance(n, (Number, np.generic)) for n in (start, end, step)):
        raise ArgumentError("arange: start, end and step must be numbers, and step must not be 0; "
                            f"they are {start!r:.40}, {end!r:.40}, {step!r:.40}")
    dtype = choose_dtype(dtype, device, result_type(start, end, step))
    return Tensor(np.arange(start, end, step).astype(dtype), requires_grad)


def linspace(start, end, steps: kinds.COUNT, dtype=None, device=None, requires_grad=False):
    """`steps` evenly spaced numbers from `start` to `end`, both included."""
    return Tensor(np.linspace(start, end, steps, dtype=choose_dtype(dtype, device)), requires_grad)


def eye(n: kinds.COUNT, m: kinds.COUNT = None, dtype=None, device=None, requires_grad=False):
    """Ones on the diagonal, zeros elsewhere."""
    return Tensor(np.eye(n, m, dtype=choose_dtype(dtype, device)), requires_grad)


def new_full(x, size, fill_value, dtype=None, device=None, requires_grad=False):
    """A Tensor of `fill_value` with the dtype of x and another size."""
    return full(size, fill_value, x.dtype if dtype is None else dtype, device, requires_grad)


def new_zeros(x, *size, dtype=None, device=None, requires_grad=False):
    """A Tensor of zeros with the dtype of x and another size."""
    return new_full(x, as_shape(size), 0, dtype, device, requires_grad)


def new_ones(x, *size, dtype=None, device=None, requires_grad=False):
    """A Tensor of ones with the dtype of x and another size."""
    return new_full(x, as_shape(size), 1, dtype, device, requires_grad)
