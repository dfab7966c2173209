"""Kinds of arguments: what is wanted in words, and what is taken for it. See `names`."""

from numbers import Number, Real
from operator import index
from typing import NamedTuple

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import Tensor


def _never(value):
    return False


class Kind(NamedTuple):
    """What is wanted, in words; types whose values all will do; and what takes any other value.

    `take(value, path)` gives the value to go on with. It raises a TypeError or ValueError without
    words, or one that begins with `path`: the function and the argument. What is `quick`ly seen to
    be right is not even taken.
    """

    words: str
    types: frozenset
    take: object
    quick: object = _never

    def look(self, value, path):
        """`value`, or what is made of it.

        Raises   TypeError or ValueError that names the function, the argument and what came
        """
        try:
            return self.take(value, path)
        except (TypeError, ValueError) as error:
            if error.args:
                raise
        raise TypeError(f"{path} must be {self.words}, not {said(value)}")


def said(value):
    """What came, in few words."""
    kind = type(value).__name__
    if type(value).__module__.partition(".")[0] == "torch":
        return f"torch's {kind}: scratch.tensor(x.detach().numpy()) makes one of ours"
    shape = getattr(value, "shape", None)
    return f"{kind} {shape}" if shape else " ".join(f"{kind}: {value!r:.60}".split())


def fitting(words, fits, *types):
    """All values for which `fits` is true; among them all of the `types`."""
    def take(value, path):
        if not fits(value):
            raise TypeError
        return value
    return Kind(words, frozenset(types), take, fits)


def is_flag(value):
    """True or False, also NumPy's."""
    return isinstance(value, (bool, np.bool_))


def is_whole(value):
    """A whole number, which True is not."""
    try:
        return not isinstance(value, bool) and index(value) is not None
    except (TypeError, ValueError, AttributeError):
        return False


def is_tensor(value):
    """A Tensor, or a Parameter."""
    return isinstance(value, Tensor)


def sizes(least, word=False):
    """One whole number, at least `least`, or a list of them, in which None may keep an axis."""
    def take(value, path):
        several = isinstance(value, (list, tuple)) or isinstance(value, np.ndarray) and value.ndim
        sizes = [size for size in value if size is not None] if several else [value]
        if word and isinstance(value, str):
            return value
        if not all(map(is_whole, sizes)):
            raise TypeError
        if any(size < least for size in sizes):
            raise ShapeError(f"{path} must be one whole number or several, at least {least}; "
                             f"it is {value!r:.60}")
        return value
    return Kind("a whole number or several" + ", 'same' or 'valid'" * word, frozenset(), take,
                lambda value: type(value) is int and value >= least)


def number(value, path=""):
    """A real number, also in an array or Tensor without axes."""
    value = value.item() if isinstance(value, (Tensor, np.ndarray)) and not value.ndim else value
    if not isinstance(value, (Real, np.bool_)):
        raise TypeError
    return value


def known(value, path=""):
    """A real number that is not NaN."""
    if (value := number(value)) != value:
        raise TypeError
    return value


def not_negative(value, path):
    """A number that is at least 0."""
    if not known(value) >= 0:
        raise ValueError(f"{path} must be at least 0, it is {value!r:.60}")
    return value


def not_negative_each(value, path):
    """A number that is at least 0, or a list of them."""
    for x in value if isinstance(value, (list, tuple)) else [value]:
        not_negative(x, path)
    return value


def tensor(value, path):
    """A Tensor; an array or a list of numbers is made one."""
    if isinstance(value, Tensor):
        return value
    if not isinstance(value, (np.ndarray, np.generic, Number, list, tuple)):
        raise TypeError
    try:
        return Tensor(value)
    except (TypeError, ShapeError) as error:
        raise type(error)(f"{path}: {error}") from None


def side(value, path):
    """A Tensor, or a plain number that stays one."""
    if isinstance(value, (Real, np.bool_)):
        return value
    return tensor(value, path)


def truths(value, path):
    """A Tensor of True and False."""
    x = tensor(value, path)
    if x.dtype != bool:
        raise TypeError(f"{path} {x.shape} must hold True and False, not {x.dtype}")
    return x


def real(value, path):
    """A Tensor of real numbers: whole ones would be rounded, or become float64."""
    return real_numbers(tensor(value, path), path)


def real_numbers(x, path):
    """A Tensor or an array, unless it is of whole numbers or truth values."""
    if x.dtype.kind != "f":
        raise TypeError(f"{path} {x.shape} must hold real numbers, not {x.dtype}: "
                        "make it .float() first")
    return x


def tensors(value, path):
    """A list of Tensors."""
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return [TENSOR.look(x, f"{path}[{i}]") for i, x in enumerate(value)]


def parameters(value, path):
    """A Tensor or several, in a list or as `model.parameters()` gives them."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (str, dict)) or not np.iterable(value):
        raise TypeError
    value = [*value]
    if not all(isinstance(x, Tensor) for x in value):
        raise TypeError(f"{path} must be Tensors, not {', '.join(map(said, value)):.90}")
    return value


def choice(words):
    """One of a few words."""
    said = ", ".join(map(repr, words[:-1])) + f" or {words[-1]!r}"

    def take(value, path):
        if not (isinstance(value, str) and value in words):
            raise ValueError(f"{path} must be {said}, not {value!r:.60}")
        return value
    return Kind(said, frozenset(), take, lambda value: type(value) is str and value in words)


ANYTHING = Kind("anything", frozenset({int, tuple, list, str, type(None)}),
                lambda value, path: value, lambda value: True)
FLAG = fitting("True or False", is_flag, bool)
WORD = fitting("a word", lambda value: isinstance(value, str), str)
FUNCTION = fitting("a function", callable)
PAIR = fitting("a function, or two in a tuple", lambda value: callable(value) or isinstance(
    value, tuple) and all(map(callable, value)))
DICT = fitting("a dict", lambda value: hasattr(value, "items"), dict)
ONE_WHOLE = fitting("a whole number", is_whole, int)
NUMBER = Kind("a number", frozenset({int}), known,
              lambda value: type(value) is float and value == value)
ANY_NUMBER = Kind("a number", frozenset({int, float}), number)
COUNT = Kind("a number", frozenset(), not_negative,
             lambda value: type(value) in (int, float) and value >= 0)
COUNTS = Kind("a number or several", frozenset(), not_negative_each)
TRUTHS = Kind("a Tensor of True and False", frozenset(), truths)
TENSOR = Kind("a Tensor", frozenset({Tensor}), tensor, is_tensor)
ITSELF = fitting("a Tensor", is_tensor, Tensor)
SIDE = Kind("a Tensor or a number", frozenset({Tensor, int, float}), side, is_tensor)
REAL_TENSOR = Kind("a Tensor", frozenset(), real,
                   lambda value: isinstance(value, Tensor) and value.data.dtype.kind == "f")
TENSOR_LIST = Kind("a list of Tensors", frozenset(), tensors)
PARAMETERS = Kind("a Tensor or a list of Tensors", frozenset(), parameters)
MAKE_TENSORS = (tensor, real, side, truths)
