"""Kinds of arguments that only the pairs need, beside those of `vidlearn.checks.kinds`."""

import numpy as np

from vidlearn.checks import kinds

MOST_AXES = 64                                        # of an array in NumPy


def array(*axes):
    """NumPy's own arrays of numbers, with the axes of one of these: array("O, F", "F").

    A star stands for any number of axes: array("N, C, *S"). A list is refused.
    """
    counts = frozenset().union(*map(_counts, axes))

    def fits(value):
        return isinstance(value, np.ndarray) and value.ndim in counts and value.dtype.kind in "biuf"

    def take(value):
        if not fits(value):
            raise ValueError
        return value
    return kinds.Kind("an array " + " or ".join(f"({names})" for names in axes), take, right=fits)


def _counts(names):
    """The numbers of axes that these names stand for."""
    plain = [name for name in names.split(", ") if name and name[0] != "*"]
    return range(len(plain), MOST_AXES + 1) if "*" in names else [len(plain)]


def _array_of_numbers(value):
    return np.asarray(value) if kinds.is_real(value) else _ANY_SHAPE.take(value)


_ANY_SHAPE = array("*S")
NUMBERS = kinds.Kind("an array or a number", _array_of_numbers, right=_ANY_SHAPE.right)

# The window that slides over x knows how many numbers it needs, and refuses others itself.
PER_AXIS = kinds.Kind("a whole number, or one for each axis", lambda value: value,
                      right=lambda value: True)
