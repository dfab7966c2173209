"""Hypothesis strategies for arrays, shapes, axes and memory layouts, and the table of cases.

    @operation("exp", "sin")
    def elementwise(draw, name): ...return Case(...)

fills CASES, a dict of name -> strategy of Cases.
"""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from tests.scratch.agreement import ORDERS

CASES = {}
SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)
FILLED = st.lists(st.integers(1, 4), max_size=4).map(tuple)           # no axis is empty


def operation(*names):
    """Put a function of (draw, name) into CASES under each of the names."""
    def register(function):
        for name in names:
            CASES[name] = st.composite(function)(name)
        return function
    return register


def numbers(draw, *shapes, ties=False):
    """Arrays of -2..2: distinct numbers without 0, or integers with many ties and zeros."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    if ties:
        return [rng.integers(-2, 3, shape).astype(float) for shape in shapes]
    return [_apart(rng, shape) for shape in shapes]


def _apart(rng, shape):
    size = int(np.prod(shape, dtype=int))
    places = rng.permutation(size) + rng.uniform(0.2, 0.8, size)      # 0 is between two numbers
    return (4 * (places - size // 2) / max(size, 1)).reshape(shape)


def broadcastable(draw, count, least=0):
    """Shapes that can be broadcast together."""
    return draw(mutually_broadcastable_shapes(
        num_shapes=count, max_dims=4, min_side=least, max_side=4)).input_shapes


def per_axis(axes, low, high):
    """One number, or one for each axis."""
    return st.integers(low, high) | st.tuples(*[st.integers(low, high)] * axes)


def axis_of(shape):
    """One axis, from the front or from the back."""
    reach = max(len(shape), 1)
    return st.integers(-reach, reach - 1)


def axes_of(shape):
    """None, one axis or several."""
    several = st.lists(st.integers(0, max(len(shape) - 1, 0)), unique=True, min_size=1)
    return st.none() | axis_of(shape) | several.map(tuple)


def layouts(case):
    """A memory layout for each array, and one for dy."""
    order = st.sampled_from(sorted(ORDERS))
    return st.tuples(st.tuples(*[order] * len(case.arrays)), order)
