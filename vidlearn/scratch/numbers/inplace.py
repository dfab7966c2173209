"""Changes in place, which are allowed only where no gradient has to pass through them.

Inside `no_grad`, or on Tensors that require no gradient, they write into the array itself, so that
every view of it changes, too. Elsewhere they are refused, because the backward pass would need
numbers that are overwritten. Every change is counted in `versions`, so that a backward pass that
needs the old numbers is refused.
"""

from functools import wraps
from inspect import signature

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import GraphError, not_broadcast
from vidlearn.scratch.core.graph import is_grad_enabled
from vidlearn.scratch.core.tensor import Tensor, array_of
from vidlearn.scratch.core.tensor_kinds import TENSOR_ONLY
from vidlearn.scratch.numbers import index


def before_change(x, *others):
    """Refuse a change of x if a gradient has to pass through it, else bump the version of x.

    Raises   GraphError
    """
    needed = any(isinstance(t, Tensor) and t.requires_grad for t in (x, *others))
    if needed and is_grad_enabled():
        raise GraphError("a change in place of a Tensor that requires a gradient is not possible: "
                         "make a new Tensor, or change it inside no_grad()")
    versions.bump(x.data)
    return x


def name_operands(change):
    """Wrap `change` so that an error about shapes or dtypes names the operands.

    Raises   ShapeError, ArgumentError
    """
    names = [*signature(change).parameters]

    @wraps(change)
    def method(x, *rest, **options):
        try:
            return change(x, *rest, **options)
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            given = dict(zip(names, (x, *rest), strict=False))
            raise not_broadcast(change.__name__, **given) from error
        except TypeError as error:
            if "cast" not in str(error):
                raise
            raise ArgumentError(f"{change.__name__}: x {x.shape} {x.dtype} cannot hold the result, "
                                "which has another dtype: convert it with .float() first"
                                ) from error
    return method


@name_operands
def setitem(x: TENSOR_ONLY, i, value):
    """x[i] = value."""
    try:
        index.put(before_change(x, value).data, i, array_of(value))
    except IndexError as error:
        raise index.index_error(i, x, error) from error


def zero_(x: TENSOR_ONLY):
    """Set every number to 0."""
    return fill_(x, 0)


@name_operands
def fill_(x: TENSOR_ONLY, value):
    """Set every number to `value`."""
    before_change(x, value).data[...] = array_of(value)
    return x


def copy_(x: TENSOR_ONLY, other):
    """Copy the numbers of `other` into x."""
    return fill_(x, other)


@name_operands
def add_(x: TENSOR_ONLY, other, alpha=1):
    """x = x + alpha other, in place."""
    before_change(x, other).data += array_of(other) if alpha == 1 else alpha * array_of(other)
    return x


def sub_(x: TENSOR_ONLY, other, alpha=1):
    """x = x - alpha other, in place."""
    return add_(x, other, -alpha)


@name_operands
def mul_(x: TENSOR_ONLY, other):
    """x = x * other, in place."""
    before_change(x, other).data *= array_of(other)
    return x


@name_operands
def div_(x: TENSOR_ONLY, other):
    """x = x / other, in place."""
    before_change(x, other).data /= array_of(other)
    return x


@name_operands
def clamp_(x: TENSOR_ONLY, min=None, max=None):
    """Limit x to at least `min` and at most `max`, in place; None means no limit."""
    if min is None and max is None:
        raise ArgumentError("clamp_ needs min, max or both")
    before_change(x).data.clip(min, max, out=x.data)
    return x


def augmented_assignment(change, new):
    """x += y: in place where that is allowed, else x becomes a new Tensor."""
    def method(x, other):
        free = not (x.requires_grad or isinstance(other, Tensor) and other.requires_grad)
        if free or not is_grad_enabled() or x.requires_grad and x.is_leaf:
            return change(x, other)
        return new(x, other)
    return method
