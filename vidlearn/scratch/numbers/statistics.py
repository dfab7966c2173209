"""Statistics along axes: var, std, norm, logsumexp."""

import math

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.checks.kinds import ANYTHING
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import NUMBER, REAL
from vidlearn.scratch.numbers.elementwise import as_float, sign_of
from vidlearn.scratch.numbers.reduce import keep_axes
from vidlearn.scratch.numbers.shape import axes_of


def var_forward(x, axes, correction, keepdim):
    """The variance: the sum of the squared deviations from the mean, over n - correction."""
    deviation = x - x.mean(axes, keepdims=True)
    count = max(math.prod(x.shape[axis] for axis in axes) - correction, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.divide(np.square(deviation).sum(axes, keepdims=keepdim), x.dtype.type(count))
    return y, (deviation, count, axes)


def var_backward(dy, cache):
    """dx = dy 2 (x - mean) / (n - correction)."""
    deviation, count, axes = cache
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.divide(2, count, dtype=deviation.dtype)
        return keep_axes(dy, deviation.shape, axes) * deviation * factor


def std_forward(x, axes, correction, keepdim):
    """The square root of the variance."""
    y, cache = var_forward(x, axes, correction, keepdim)
    y = np.sqrt(y)
    return y, (y, cache)


def std_backward(dy, cache):
    """(√var)' = 1 / 2√var, and 0 where the variance is 0."""
    y, var_cache = cache
    return var_backward(np.where(y == 0, 0, dy / np.where(y == 0, 1, 2 * y)), var_cache)


def norm_forward(x, p, axes, keepdim):
    """(sum of |x|^p)^(1/p); p = 0 counts the numbers that are not 0, p = inf is the largest |x|."""
    magnitude = np.abs(x)
    if p in (np.inf, -np.inf):
        y = (magnitude.max if p > 0 else magnitude.min)(axes, keepdims=True)
    elif p == 0:
        y = (x != 0).sum(axes, keepdims=True).astype(x.dtype)
    else:
        with np.errstate(divide="ignore"):
            y = (magnitude ** p).sum(axes, keepdims=True) ** (1 / p)
    return y if keepdim else y.squeeze(axes), (x, y, p, axes)


def norm_backward(dy, cache):
    """dx = dy sign(x) (|x| / y)^(p-1), and 0 where x or y is 0."""
    x, y, p, axes = cache
    if p == 0:
        return np.zeros_like(x)
    dy, magnitude = keep_axes(dy, x.shape, axes), np.abs(x)
    if p in (np.inf, -np.inf):
        ties = (magnitude == y) | np.isnan(magnitude)
        return dy * sign_of(x) * ties / ties.sum(axes, keepdims=True)
    safe = ((x != 0) | np.isnan(y)) & (y != 0)           # if y is NaN, all gradients are NaN
    ratio = np.divide(magnitude, y, out=np.ones_like(magnitude), where=safe)
    return np.where(safe, dy * sign_of(x) * ratio ** (p - 1), 0)


def logsumexp_forward(x, axes, keepdim):
    """The logarithm of the sum of e^x. The maximum is subtracted first against overflow."""
    largest = x.max(axes, keepdims=True, initial=-np.inf)
    largest = np.where(np.isfinite(largest), largest, 0)
    y = np.log(np.exp(x - largest).sum(axes, keepdims=True)) + largest
    return y if keepdim else y.squeeze(axes), (x, y, axes)


def logsumexp_backward(dy, cache):
    """dx = dy e^(x - y): dy times the softmax of x."""
    x, y, axes = cache
    return keep_axes(dy, x.shape, axes) * np.exp(x - y)


_var = lift(var_forward, var_backward)
_std = lift(std_forward, std_backward)
_norm = lift(norm_forward, norm_backward)
_logsumexp = lift(logsumexp_forward, logsumexp_backward)


def var(x: REAL, dim=None, unbiased=None, keepdim=False, correction=1):
    """The variance, over n - correction; unbiased=False is correction=0."""
    return _var(x, keepdim=keepdim, **_var_options(x, dim, unbiased, correction))


def std(x: REAL, dim=None, unbiased=None, keepdim=False, correction=1):
    """The square root of the variance."""
    return _std(x, keepdim=keepdim, **_var_options(x, dim, unbiased, correction))


def _var_options(x, dim, unbiased, correction):
    if isinstance(dim, bool):                         # torch's older form: x.var(False)
        dim, unbiased = None, dim
    if unbiased is not None:
        if not isinstance(unbiased, (bool, int, np.bool_)):
            raise ArgumentError(f"unbiased must be True or False, not {unbiased!r:.60}")
        correction = int(unbiased)
    return {"axes": axes_of(dim, x.ndim), "correction": 1 if correction is None else correction}


def norm(x: REAL, p: ANYTHING = "fro", dim=None, keepdim=False):
    """(sum of |x|^p)^(1/p); "fro" is p = 2.

    Raises   UnsupportedOption for p="nuc", which needs singular values
    """
    if p == "nuc":
        raise UnsupportedOption('norm(p="nuc") is not implemented: use np.linalg.svd of x.data')
    if p not in ("fro", None):
        NUMBER.look(p, "norm: p")
    return _norm(x, p=2 if p in ("fro", None) else p, axes=axes_of(dim, x.ndim), keepdim=keepdim)


def logsumexp(x, dim, keepdim=False):
    """The logarithm of the sum of e^x along `dim`."""
    if dim is None:
        raise ArgumentError("logsumexp: dim must be a whole number or several, not None")
    return _logsumexp(as_float(x), axes=axes_of(dim, x.ndim), keepdim=keepdim)
