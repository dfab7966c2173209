"""Random numbers, all from one generator that `manual_seed` seeds."""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.core.tensor_kinds import INTEGER, REAL
from vidlearn.scratch.numbers.create import choose_dtype
from vidlearn.scratch.numbers.shape import as_shape

GENERATOR = kinds.fitting("a np.random.Generator",
                          lambda value: isinstance(value, np.random.Generator))
_generator = np.random.default_rng()


def manual_seed(seed: kinds.ONE_SEED.or_none()):
    """Seed the generator: the same seed gives the same numbers from here on.

    Returns  the generator, a np.random.Generator
    """
    global _generator
    _generator = np.random.default_rng(seed)
    return _generator


def generator():
    """The generator that initial weights, dropout and `randn` draw from."""
    return _generator


def randn(*size, generator: GENERATOR = None, dtype=None, device=None, requires_grad=False):
    """Random numbers from the normal distribution with mean 0 and standard deviation 1.

    Units    `generator` is a np.random.Generator; None means the one of `manual_seed`
    """
    rng, dtype = _source(generator), _real_dtype("randn", dtype, device)
    return Tensor(rng.standard_normal(as_shape(size), dtype), requires_grad)


def rand(*size, generator: GENERATOR = None, dtype=None, device=None, requires_grad=False):
    """Random numbers from the uniform distribution on 0 to 1, without 1."""
    rng, dtype = _source(generator), _real_dtype("rand", dtype, device)
    return Tensor(rng.random(as_shape(size), dtype), requires_grad)


def _source(generator):
    """The generator to draw from; None means the one of `manual_seed`."""
    return _generator if generator is None else generator


def _real_dtype(name, dtype, device):
    dtype = choose_dtype(dtype, device)
    if dtype.name not in ("float32", "float64"):
        raise ArgumentError(f"{name}: dtype must be float32 or float64, not {dtype}")
    return dtype


def randint(low, high=None, size=None, generator: GENERATOR = None, dtype=np.int64, device=None):
    """Random integers from `low` up to but without `high`; randint(9, (2,)) starts at 0."""
    if size is None:
        low, high, size = 0, low, high
    if size is None or INTEGER.look(high, "randint: high") <= INTEGER.look(low, "randint: low"):
        raise ArgumentError(f"randint: size must be given, and low must be below high; they are "
                            f"size {size!r}, low {low}, high {high}")
    rng, dtype = _source(generator), choose_dtype(dtype, device)
    return Tensor(rng.integers(low, high, as_shape((size,))).astype(dtype))


def randperm(n: kinds.COUNT, generator: GENERATOR = None, dtype=np.int64, device=None):
    """The numbers from 0 to n - 1 in random order."""
    rng, dtype = _source(generator), choose_dtype(dtype, device)
    return Tensor(rng.permutation(n).astype(dtype))


def randn_like(x, dtype=None):
    """Random numbers from the normal distribution, with the shape and dtype of x."""
    return randn(*x.shape, dtype=_dtype_like("randn_like", x, dtype))


def rand_like(x, dtype=None):
    """Random numbers from 0 to 1, with the shape and dtype of x."""
    return rand(*x.shape, dtype=_dtype_like("rand_like", x, dtype))


def _dtype_like(name, x, dtype):
    """`dtype`, or that of x for None."""
    if dtype is None:
        REAL.look(x, f"{name}: x")
    return x.dtype if dtype is None else dtype
