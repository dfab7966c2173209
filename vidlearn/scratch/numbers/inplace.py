"""Changes in place: only where no gradient would have to pass through the change.

Inside `no_grad`, or on Tensors that need no gradient, they write into the array itself, so that
every view of it changes too. Elsewhere they are refused: the way back would lead to numbers that
are no longer there. What is changed inside `no_grad` between forward and backward is written down
in `changes`, and a backward that needs the numbers from before refuses to run.
"""

from functools import wraps
from inspect import signature

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import GraphError, not_broadcast
from vidlearn.scratch.core.graph import is_grad_enabled
from vidlearn.scratch.core.tensor import Tensor, array_of
from vidlearn.scratch.core.tensor_kinds import ITSELF
from vidlearn.scratch.numbers import index


def guard(x, *others):
    """Refuse a change of x that a gradient would have to pass through, and note any other.

    Raises   GraphError
    """
    needed = any(isinstance(t, Tensor) and t.requires_grad for t in (x, *others))
    if needed and is_grad_enabled():
        raise GraphError("a change in place would lose the way back of the gradient: "
                         "make a new Tensor, or change it inside no_grad()")
    versions.note(x.data)
    return x


def fitting(change):
    """`change`, which says what did not fit into what.

    Raises   ShapeError
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
            raise ArgumentError(f"{change.__name__}: x {x.shape} {x.dtype} cannot hold the result "
                                "of another type: make it .float() first") from error
    return method


@fitting
def setitem(x: ITSELF, i, value):
    """x[i] = value."""
    try:
        index.put(guard(x, value).data, i, array_of(value))
    except IndexError as error:
        raise index.unfit(i, x, error) from error


def zero_(x: ITSELF):
    """Set every number to 0."""
    return fill_(x, 0)


@fitting
def fill_(x: ITSELF, value):
    """Set every number to `value`."""
    guard(x, value).data[...] = array_of(value)
    return x


def copy_(x: ITSELF, other):
    """Take over the numbers of `other`."""
    return fill_(x, other)


@fitting
def add_(x: ITSELF, other, alpha=1):
    """x = x + alpha other, in place."""
    guard(x, other).data += array_of(other) if alpha == 1 else alpha * array_of(other)
    return x


def sub_(x: ITSELF, other, alpha=1):
    """x = x - alpha other, in place."""
    return add_(x, other, -alpha)


@fitting
def mul_(x: ITSELF, other):
    """x = x other, in place."""
    guard(x, other).data *= array_of(other)
    return x


@fitting
def div_(x: ITSELF, other):
    """x = x / other, in place."""
    guard(x, other).data /= array_of(other)
    return x


@fitting
def clamp_(x: ITSELF, min=None, max=None):
    """Keep x between `min` and `max`, in place; None is no limit."""
    if min is None and max is None:
        raise ArgumentError("clamp_ needs min, max or both")
    guard(x).data.clip(min, max, out=x.data)
    return x


def augmented(change, new):
    """x += y: in place where that is allowed, else a new Tensor, which the name then stands for."""
    def method(x, other):
        free = not (x.requires_grad or isinstance(other, Tensor) and other.requires_grad)
        if free or not is_grad_enabled() or x.requires_grad and x.is_leaf:
            return change(x, other)
        return new(x, other)
    return method
