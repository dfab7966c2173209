"""Random numbers, all from one generator that `manual_seed` starts anew."""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.core.tensor_kinds import INTEGER, REAL
from vidlearn.scratch.numbers.create import pick_dtype
from vidlearn.scratch.numbers.shape import sizes_of

GENERATOR = kinds.fitting("a np.random.Generator",
                          lambda value: isinstance(value, np.random.Generator))
_generator = np.random.default_rng()


def manual_seed(seed: kinds.ONE_SEED.or_none()):
    """Start the generator anew: the same seed gives the same numbers from here on.

    Returns  the generator, a np.random.Generator
    """
    global _generator
    _generator = np.random.default_rng(seed)
    return _generator


def generator():
    """The generator that start weights, dropout and `randn` draw from."""
    return _generator


def randn(*size, generator: GENERATOR = None, dtype=None, device=None, requires_grad=False):
    """Normal numbers of mean 0 and spread 1.

    Units    `generator` is a np.random.Generator; the common one if None
    """
    rng, dtype = _source(generator), _real_dtype("randn", dtype, device)
    return Tensor(rng.standard_normal(sizes_of(size), dtype), requires_grad)


def rand(*size, generator: GENERATOR = None, dtype=None, device=None, requires_grad=False):
    """Numbers from 0 to 1, 1 not included, each as likely as any other."""
    rng, dtype = _source(generator), _real_dtype("rand", dtype, device)
    return Tensor(rng.random(sizes_of(size), dtype), requires_grad)


def _source(generator):
    """What to draw from: the common generator if none is given."""
    return _generator if generator is None else generator


def _real_dtype(name, dtype, device):
    dtype = pick_dtype(dtype, device)
    if dtype.name not in ("float32", "float64"):
        raise ArgumentError(f"{name}: dtype must be float32 or float64, not {dtype}")
    return dtype


def randint(low, high=None, size=None, generator: GENERATOR = None, dtype=np.int64, device=None):
    """Whole numbers from `low` to `high`, `high` not included; randint(9, (2,)) starts at 0."""
    if size is None:
        low, high, size = 0, low, high
    if size is None or INTEGER.look(high, "randint: high") <= INTEGER.look(low, "randint: low"):
        raise ArgumentError(f"randint: a size is needed, and low {low} below high {high}; size is "
                            f"{size!r}")
    rng, dtype = _source(generator), pick_dtype(dtype, device)
    return Tensor(rng.integers(low, high, sizes_of((size,))).astype(dtype))


def randperm(n: kinds.COUNT, generator: GENERATOR = None, dtype=np.int64, device=None):
    """The numbers from 0 to n - 1 in random order."""
    rng, dtype = _source(generator), pick_dtype(dtype, device)
    return Tensor(rng.permutation(n).astype(dtype))


def randn_like(x, dtype=None):
    """Normal numbers in the shape and type of x."""
    return randn(*x.shape, dtype=_dtype_like("randn_like", x, dtype))


def rand_like(x, dtype=None):
    """Numbers from 0 to 1 in the shape and type of x."""
    return rand(*x.shape, dtype=_dtype_like("rand_like", x, dtype))


def _dtype_like(name, x, dtype):
    """The type asked for, or else that of x."""
    if dtype is None:
        REAL.look(x, f"{name}: x")
    return x.dtype if dtype is None else dtype
