"""Kinds of arguments that only the pairs need, beside those of `vidlearn.checks.kinds`."""

import numpy as np

from vidlearn.checks import kinds


def arrays(*axes):
    """NumPy arrays with one of these lists of axes: arrays("O, F", "F")."""
    words = " or ".join(f"({names})" for names in axes)
    return kinds.either(f"an array {words}", *map(kinds.ndarray, axes))


def _array_of_numbers(value):
    return np.asarray(value) if kinds.is_real(value) else _ANY_SHAPE.take(value)


_ANY_SHAPE = kinds.ndarray("*S")
NUMBERS = kinds.Kind("an array or a number", _array_of_numbers, right=lambda value: type(
    value) is np.ndarray and value.dtype.kind in "biuf")

# The window that slides over x knows how many numbers it needs, and refuses others itself.
PER_AXIS = kinds.Kind("a whole number, or one for each axis", lambda value: value,
                      right=lambda value: True)
