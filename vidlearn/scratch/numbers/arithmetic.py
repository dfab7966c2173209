"""Arithmetic and comparison, element by element.

The two operands are broadcast as in NumPy. In the backward pass the gradient of an operand is
summed along the axes on which it was broadcast: a number used three times gets three gradients.
"""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import broadcast_shape
from vidlearn.scratch.core.tensor import Tensor, as_array, lift
from vidlearn.scratch.numbers.shape import unbroadcast

KIND_RANK = {"b": 0, "u": 1, "i": 1, "f": 2}
BOTH = (True, True)


def result_type(*operands):
    """The dtype of a result by torch's promotion rule: float32 with int64 is float32.

    Only operands of the highest kind (bool, int, float) count. Among these, arrays with axes come
    first, then arrays without axes, then Python's numbers, which never make an array wider.

    Twin     torch.result_type
    """
    dtypes = [as_array(x).dtype for x in operands]
    ranks = [(KIND_RANK[dtype.kind], (np.ndim(x) > 0) + isinstance(x, np.ndarray))
             for x, dtype in zip(operands, dtypes, strict=True)]
    return np.result_type(*(dtype for dtype, rank in zip(dtypes, ranks, strict=True)
                            if rank == max(ranks)))


def promote(*operands):
    """The operands in the dtype of their result. Python's numbers stay as they are."""
    if len({getattr(x, "dtype", None) for x in operands}) == 1:
        return operands
    dtype = result_type(*operands)
    return [np.asarray(x, dtype) if isinstance(x, np.ndarray) else
            x.item() if isinstance(x, np.generic) else x for x in operands]


def add_forward(a, b, alpha=1):
    """a + alpha b."""
    a, b = promote(a, b)
    y = a + b if alpha == 1 else a - b if alpha == -1 else a + alpha * b
    return y, (np.shape(a), np.shape(b), alpha)


def add_backward(dy, cache, needs=BOTH):
    """da = dy, db = alpha dy."""
    a_shape, b_shape, alpha = cache
    return (unbroadcast(dy, a_shape) if needs[0] else None,
            unbroadcast(dy if alpha == 1 else alpha * dy, b_shape) if needs[1] else None)


def mul_forward(a, b):
    """a b."""
    a, b = promote(a, b)
    return a * b, (a, b)


def mul_backward(dy, cache, needs=BOTH):
    """da = dy b, db = dy a."""
    a, b = cache
    return (unbroadcast(dy * b, np.shape(a)) if needs[0] else None,
            unbroadcast(dy * a, np.shape(b)) if needs[1] else None)


def div_forward(a, b):
    """a / b; the quotient of integers is float32."""
    a, b = promote(a, b)
    if result_type(a, b).kind != "f":
        a, b = np.asarray(a, np.float32), np.asarray(b, np.float32)
    y = a / b
    return y, (np.shape(a), b, y)


def div_backward(dy, cache, needs=BOTH):
    """da = dy / b, db = -dy a / b²."""
    a_shape, b, y = cache
    da = dy / b
    return (unbroadcast(da, a_shape) if needs[0] else None,
            unbroadcast(-da * y, np.shape(b)) if needs[1] else None)


def rounded_div_forward(a, b, rounding_mode):
    """a / b rounded down ("floor") or towards 0 ("trunc")."""
    a, b = promote(a, b)
    y = a // b if rounding_mode == "floor" else np.trunc(a / b)
    return y.astype(result_type(a, b), copy=False), (np.shape(a), np.shape(b))


def rounded_div_backward(dy, cache):
    """The gradient is 0, as for every step function."""
    return tuple(np.zeros(shape, dy.dtype) for shape in cache)


def remainder_forward(a, b):
    """The remainder of a / b; it has the sign of b."""
    a, b = promote(a, b)
    return a % b, (a, b)


def remainder_backward(dy, cache, needs=BOTH):
    """da = dy, db = -dy (a // b)."""
    a, b = cache
    return (unbroadcast(dy, np.shape(a)) if needs[0] else None,
            unbroadcast(-dy * (a // b), np.shape(b)) if needs[1] else None)


def pow_forward(a, b):
    """a to the power b."""
    a, b = promote(a, b)
    y = a ** b
    return y, (a, b, y)


def pow_backward(dy, cache, needs=BOTH):
    """da = dy b a^(b-1), which is 0 for b = 0; db = dy y log a, which is 0 for a = 0 and b >= 0."""
    a, b, y = cache
    da = db = None
    with np.errstate(divide="ignore", invalid="ignore"):
        if needs[0]:
            da = unbroadcast(np.where(np.equal(b, 0), 0, dy * b * a ** (b - (b != 0))), np.shape(a))
        if needs[1]:
            zero_base = np.equal(a, 0) & np.greater_equal(b, 0)
            db = unbroadcast(np.where(zero_base, 0, dy * y * np.log(a)), np.shape(b))
    return da, db


add = lift(add_forward, add_backward)
mul = lift(mul_forward, mul_backward)
remainder = lift(remainder_forward, remainder_backward)
pow = lift(pow_forward, pow_backward)
_div = lift(div_forward, div_backward)
_rounded_div = lift(rounded_div_forward, rounded_div_backward)


def sub(a, b, alpha=1):
    """a - alpha b."""
    return add(a, b, alpha=-alpha)


def div(a, b, rounding_mode: kinds.choice("floor", "trunc") = None):
    """a / b, rounded down ("floor"), towards 0 ("trunc") or not at all (None)."""
    if rounding_mode is None:
        return _div(a, b)
    return _rounded_div(a, b, rounding_mode=rounding_mode)


def floor_divide(a, b):
    """a / b rounded down."""
    return _rounded_div(a, b, rounding_mode="floor")


def _without_gradient(ufunc, name):
    """A function of Tensors that has no gradient: a comparison or a logical operation."""
    def function(a, b):
        arrays = promote(*(x.data if isinstance(x, Tensor) else x for x in (a, b)))
        if "bitwise" in name:
            for argument, x in zip("ab", arrays, strict=True):
                _refuse_real(name, argument, np.asarray(x))
        try:
            return Tensor(ufunc(*arrays))
        except ValueError:
            broadcast_shape(name, a=arrays[0], b=arrays[1])
            raise
    function.__name__ = name
    return function


eq, ne = _without_gradient(np.equal, "eq"), _without_gradient(np.not_equal, "ne")
lt, le = _without_gradient(np.less, "lt"), _without_gradient(np.less_equal, "le")
gt, ge = _without_gradient(np.greater, "gt"), _without_gradient(np.greater_equal, "ge")
bitwise_and = _without_gradient(np.bitwise_and, "bitwise_and")
bitwise_or = _without_gradient(np.bitwise_or, "bitwise_or")
bitwise_xor = _without_gradient(np.bitwise_xor, "bitwise_xor")


def bitwise_not(x):
    """Invert each bit of x; True becomes False.

    Raises   ArgumentError for real numbers
    """
    _refuse_real("bitwise_not", "x", x)
    return Tensor(np.invert(x.data))


def _refuse_real(name, argument, x):
    if x.dtype.kind == "f":
        raise ArgumentError(f"{name}: {argument} {x.shape} must hold whole numbers or truth "
                            f"values, not {x.dtype}")
