"""Kinds of arguments, for the signature of a public function: `frames: kinds.COLOURS`.

A kind says in words what an argument must be, and `take` gives the value to go on with: an array
for a list of numbers, 4 for 4.0. NumPy is imported only where an array comes, so that the
command's --help stays fast.
"""

import math
from contextlib import suppress
from copy import copy
from inspect import isclass
from os import PathLike

from vidlearn.checks.errors import ArgumentError
from vidlearn.checks.words import said

LARGEST = 2**31 - 1          # no count is larger: more is a slip of the keys
LARGEST_SEED = 2**128
UNUSUAL = (TypeError, ValueError, OverflowError)        # how `take` says no


class Kind:
    """What an argument must be.

    words    as they follow "must be" in a message, and in help()
    take     value -> the value to go on with; raises TypeError or ValueError, with a hint or bare
    types    types of which every value is right
    right    a quick test that spares `take`; False says nothing
    axes     names of an array's axes: those of one letter must agree in a call
    placed   put in its place even if it came by name: a lifted function wants its Tensors there
    """

    def __init__(self, words, take, *types, right=lambda value: False, axes=(), placed=False):
        self.words, self.take, self.types = words, take, frozenset(types)
        self.right, self.axes, self.placed = right, axes, placed

    def __repr__(self):
        return self.words

    def or_none(self):
        """This kind, or None."""
        kind = copy(self)
        kind.types |= {type(None)}
        return kind

    def look(self, value, name):
        """The value to go on with.

        Raises   ArgumentError that says what `name` must be and what came
        """
        if type(value) in self.types:
            return value
        try:
            return self.take(value)
        except UNUSUAL as error:
            hint = f": {error}" if str(error) else ""
        raise ArgumentError(f"{name} must be {self.words}, not {said(value)}{hint}")


def fitting(words, fits, *types):
    """All values for which `fits(value)` is true."""
    def take(value):
        if not fits(value):
            raise ValueError
        return value
    return Kind(words, take, *types)


def whole(least=0, most=LARGEST):
    """Whole numbers, also written 4.0; not True or False."""
    def take(value):
        if not is_real(value) or int(value) != value or not least <= value <= most:
            raise ValueError
        return int(value)
    return Kind(f"a whole number{_range(least, most)}", take,
                right=lambda value: type(value) is int and least <= value <= most)


def number(least=-math.inf, most=math.inf, above=False):
    """Finite real numbers; with `above`, more than `least`."""
    words = f", more than {least}" if above else _range(least, most)
    return fitting(f"a finite number{words}", lambda value: is_real(value) and not (
        above and value <= least) and least <= value <= most and math.isfinite(value))


def array(words, *ndims, last=(), dtypes="biuf", empty=False, axes=()):
    """Arrays of numbers, or what NumPy makes one of.

    `ndims` are the numbers of axes and `last` the lengths of the last one that are taken; `dtypes`
    are NumPy's letters of kinds (f: real numbers) or types (B: uint8).
    """
    def take(value):
        made = _as_array(value)
        if empty and not made.size and made is not value:
            made = made.astype(int)                   # NumPy makes an empty list real numbers
        if ((made.dtype.kind not in dtypes and made.dtype.char not in dtypes)
                or made.ndim not in (ndims or range(1, 9)) or (last and made.shape[-1] not in last)
                or not (made.size or empty)):
            raise ValueError
        return made
    return Kind(words, take, axes=axes)


def axes(names):
    """An array with these axes: axes("N, C, *S"), axes("O, C/groups, *K"), axes("4U, F").

    In one call, axes of one letter must have one length; *S stands for any number of axes, the
    same number wherever a star is.
    """
    return array(f"an array ({names})", axes=tuple(names.split(", ")))


def row(words, each, *counts):
    """A list of values of one kind: one or more, or as many as one of `counts`."""
    def take(value):
        found = tuple(map(each.take, LIST.take(value)))
        if not found or counts and len(found) not in counts:
            raise ValueError
        return found
    return Kind(words, take)


def either(words, *kinds):
    """Try each kind in turn and take what the first of them takes."""
    def take(value):
        for kind in kinds[:-1]:
            with suppress(*UNUSUAL):
                return kind.take(value)
        return kinds[-1].take(value)
    return Kind(words, take)


def choice(*words):
    """One of a few words."""
    return fitting(f"{', '.join(map(repr, words[:-1]))} or {words[-1]!r}",
                   lambda value: isinstance(value, str) and value in words)


def having(words, *names):
    """Whatever has these attributes: a class of the reader's own will do."""
    return fitting(words, lambda value: not isclass(value) and all(
        hasattr(value, name) for name in names))


def is_real(value):
    """Whether it is a real number, NaN included; True and False are not."""
    if type(value) in (int, float):
        return True
    try:
        return (not isinstance(value, (str, bytes, complex)) and not is_truth(value)
                and getattr(value, "ndim", 0) == 0 and isinstance(float(value), float))
    except UNUSUAL:
        return False


def is_truth(value):
    """Whether it is True or False, NumPy's too."""
    return isinstance(value, bool) or getattr(getattr(value, "dtype", None), "kind", "") == "b"


def _as_array(value):
    import numpy as np

    try:
        return np.asarray(value)                      # of an array, the array itself
    except Exception as error:                        # an object's own __array__ may raise anything
        raise ValueError(error if isinstance(error, RuntimeError) else "") from None


def _iterates(value):
    try:
        return not isinstance(value, (str, bytes, dict, set)) and iter(value) is not None
    except TypeError:
        return False


def _range(least, most):
    if least == -math.inf:
        return ""
    return f", {least} or more" if most >= LARGEST else f" from {least} to {most}"


ANYTHING = Kind("anything", lambda value: value, int, str, tuple, list, type(None),
                right=lambda value: True)
FLAG = fitting("True or False", lambda value: (isinstance(value, int) or is_truth(value))
               and value in (0, 1), bool)
COUNT, POSITIVE_COUNT, INTEGER = whole(), whole(1), whole(-LARGEST)
REAL = fitting("a number", is_real, int, float)
NUMBER, NOT_NEGATIVE, POSITIVE = number(), number(0), number(0, above=True)
FRACTION = number(0, 1)
WORD = fitting("a word", lambda value: isinstance(value, str), str)
PATH = fitting("the path of a file", lambda value: isinstance(value, (str, PathLike)), str)
FUNCTION = fitting("a function", callable)
RNG = having("a generator, as np.random.default_rng(0) makes one", "random", "integers",
             "bit_generator")
LIST = fitting("a list", _iterates)
WORDS = row("a list of words", WORD)
LABEL = either("a word or a number", WORD, REAL)
NAMES = row("a list of words or numbers", LABEL)
ONE_SEED = whole(0, LARGEST_SEED)
SEED = either("a whole number, 0 or more, or a list of them", ONE_SEED, row("", ONE_SEED))
WIDTHS = row("a list of whole numbers, each 1 or more", POSITIVE_COUNT)
STEPS = either("a whole number, 1 or more, or one an axis", POSITIVE_COUNT, WIDTHS)
PADS = either("a whole number, 0 or more, or one an axis", COUNT, row("", COUNT))
SIDES = either("a length or (height, width) in whole pixels, 1 or more", POSITIVE_COUNT,
               row("", POSITIVE_COUNT, 2))
VALUES = array("an array of numbers")
SEQUENCE = array("a list of numbers", 1)
MATRIX = array("a matrix (H, W) of numbers", 2)
GREY = array("a picture (H, W)", 2)
CLIP = array("an array (T, H, W, C), uint8 in 0..255 or floating in 0..1", 4, dtypes="Bf")
COLOURS = array("an array (T, H, W, 3), uint8 in 0..255 or floating in 0..1", 4, last=(3,),
                dtypes="Bf")
BYTES = array("an array (T, H, W, 3) of uint8", 4, last=(3,), dtypes="B")
LABELS = array("a list of labels, whole numbers", 1, dtypes="iu", empty=True)
CLIPS = either("a list of clip numbers, or a slice", fitting("", lambda it: isinstance(it, slice)),
               array("", 1, dtypes="biu", empty=True))
STREAM = fitting("an array (T, H, W, 3) of uint8, or what yields frame after frame", _iterates)
ENGINE = fitting("scratch, torch, or an Engine", lambda value: isinstance(value, str)
                 or hasattr(value, "no_grad") and hasattr(value, "functional"))
MODEL = having("a network of vidlearn.scratch.nn or torch.nn", "state_dict", "eval")
NN = having("torch.nn or vidlearn.scratch.nn", "Module", "Conv3d")
DATA = having("a dataset: with len(data), data[i] and data.classes", "__len__", "__getitem__",
              "classes")
DICT = having("a dict", "items")
TABLE = {"rng": RNG, "seed": SEED, "path": PATH,         # names that mean the same everywhere,
         bool: FLAG, float: NUMBER, str: WORD}           # and kinds by the type of the default
