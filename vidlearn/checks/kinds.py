"""Kinds of arguments: what is wanted in words, and what is taken for it.

NumPy is met only where an array comes: who asks the command for help waits for nothing.
"""

import math
from contextlib import suppress
from inspect import isclass
from operator import index
from os import PathLike
from typing import NamedTuple

MOST = 2**31 - 1             # no count is larger: more is a slip of the keys
FAR = 2**128                 # but a seed may be


class Kind(NamedTuple):
    """What is wanted in words, and `take`, which gives the value to go on with, or any error."""

    words: str
    take: object
    runs: bool = False       # the reader's own code runs in the function: its errors are its own


def fitting(words, fits, runs=False):
    """All values for which `fits(value)` is true."""
    def take(value):
        if not fits(value):
            raise ValueError
        return value
    return Kind(words, take, runs)


def whole(least=0, most=MOST):
    """Whole numbers, be they written 4.0; True is none."""
    def take(value):
        count = int(value) if is_real(value) and int(value) == value else index(value)
        if isinstance(value, bool) or not least <= count <= most:
            raise ValueError
        return count
    return Kind(f"a whole number{_reach(least, most)}", take)


def number(least=-math.inf, most=math.inf, above=False):
    """Real numbers that are finite; with `above`, more than `least`."""
    reach = f", more than {least}" if above else _reach(least, most)
    return fitting(f"a finite number{reach}", lambda value: is_real(value) and not (
        above and value <= least) and least <= value <= most and math.isfinite(value))


def array(words, *axes, last=(), dtypes="biuf", empty=False):
    """Arrays of numbers, and what NumPy makes one of: of so many axes, the last of them so long.

    `dtypes` are NumPy's letters of kinds, such as f for all real numbers, or of types: B is uint8.
    """
    def take(value):
        import numpy as np

        made = value if isinstance(value, np.ndarray) else np.asarray(value)
        if empty and not made.size and made is not value:
            made = made.astype(int)                   # NumPy calls an empty list real numbers
        if (made.dtype.kind not in dtypes and made.dtype.char not in dtypes
                or made.ndim not in (axes or range(1, 9)) or last and made.shape[-1] not in last
                or not made.size and not empty):
            raise ValueError
        return made
    return Kind(words, take)


def row(words, each, *counts):
    """A list of values of a kind, one or more, or as many as one of `counts`."""
    def take(value):
        found = tuple(map(each.take, LIST.take(value)))
        if not found or counts and len(found) not in counts:
            raise ValueError
        return found
    return Kind(words, take)


def either(words, *kinds):
    """What the first of some kinds takes that takes it."""
    def take(value):
        for kind in kinds[:-1]:
            with suppress(Exception):
                return kind.take(value)
        return kinds[-1].take(value)
    return Kind(words, take, any(kind.runs for kind in kinds))


def choice(*words):
    """One of a few words."""
    return fitting(f"{', '.join(words[:-1])} or {words[-1]}", lambda value: value in words)


def having(words, *names, runs=True):
    """Whatever has these attributes: a class of the reader's own will do."""
    return fitting(words, lambda value: not isclass(value) and all(
        hasattr(value, name) for name in names), runs)


def is_real(value):
    """Is it a real number, be it NaN? True is none."""
    if type(value) in (int, float):                   # nearly all: widgets draw with them
        return True
    try:
        return (not isinstance(value, (str, bytes)) and not _is_truth(value)
                and getattr(value, "ndim", 0) == 0 and isinstance(float(value), float))
    except (TypeError, ValueError, OverflowError):
        return False


def _is_truth(value):
    return isinstance(value, bool) or getattr(getattr(value, "dtype", None), "kind", "") == "b"


def _iterates(value):
    try:
        return not isinstance(value, (str, bytes, dict, set)) and iter(value) is not None
    except TypeError:
        return False


def _reach(least, most):
    if least == -math.inf:
        return ""
    return f", {least} or more" if most >= MOST else f" from {least} to {most}"


FLAG = fitting("True or False",
               lambda value: (isinstance(value, int) or _is_truth(value)) and value in (0, 1))
INTEGER = whole(-MOST)           # which, and which REAL number, the function says better itself
REAL = fitting("a number", is_real)
WORD = fitting("a word", lambda value: isinstance(value, str))
PATH = fitting("the path of a file", lambda value: isinstance(value, (str, PathLike)))
FUNCTION = fitting("a function", callable, runs=True)
RNG = having("a generator, as np.random.default_rng(0) makes one", "random", "integers",
             "bit_generator", runs=False)
LIST = fitting("a list", _iterates)
WORDS = row("a list of words", WORD)
LABEL = either("a word or a number", WORD, REAL)
NAMES = row("a list of words or numbers", LABEL)
ONE_SEED, SHARE, ABOVE = whole(0, FAR), number(0, 1), number(0, above=True)
SEED = either("a whole number, 0 or more, or a list of them", ONE_SEED, row("", ONE_SEED))
WIDTHS = row("a list of whole numbers, each 1 or more", whole(1))
STEPS = either("a whole number, 1 or more, or one an axis", whole(1), WIDTHS)
PADS = either("a whole number, 0 or more, or one an axis", whole(), row("", whole()))
SIDES = either("a length or (height, width) in whole pixels, 1 or more", whole(1),
               row("", whole(1), 2))
COLOUR = row("(red, green, blue), each 0 to 255", number(0, 255), 3)
MATRIX = array("a matrix (H, W) of numbers", 2)
PICTURE = array("a picture (H, W, 3) of uint8", 3, last=(3,), dtypes="B")
GREY = array("a picture (H, W)", 2)
CLIP = array("an array (T, H, W, C), uint8 in 0..255 or floating in 0..1", 4, dtypes="Bf")
COLOURS = array("an array (T, H, W, 3), uint8 in 0..255 or floating in 0..1", 4, last=(3,),
                dtypes="Bf")
BYTES = array("an array (T, H, W, 3) of uint8", 4, last=(3,), dtypes="B")
LABELS = array("a list of labels, whole numbers", 1, dtypes="iu", empty=True)
CLIPS = either("a list of clip numbers, or a slice", fitting("", lambda it: isinstance(it, slice)),
               array("", 1, dtypes="biu", empty=True))
VIEW = fitting("a Clip, or frames (T, H, W, 3) or (T, H, W)", lambda value: array("").take(
    getattr(value, "frames", value)).size > 0)
STREAM = Kind("an array (T, H, W, 3) of uint8, or what yields frame after frame", LIST.take, True)
ENGINE = fitting("scratch, torch, or an Engine", lambda value: isinstance(value, str)
                 or hasattr(value, "no_grad") and hasattr(value, "functional"), runs=True)
MODEL = having("a network of vidlearn.scratch.nn or torch.nn", "state_dict", "eval")
NN = having("torch.nn or vidlearn.scratch.nn", "Module", "Conv3d", runs=False)
DATA = having("a dataset: with len(data), data[i] and data.classes", "__len__", "__getitem__",
              "classes")
DICT = having("a dict", "items", runs=False)
