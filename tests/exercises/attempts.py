"""What careless readers hand in, made from the right answer of any exercise.

`unwritten(right)` are blanks, `broken(right)` fail before they give a result, `careless(right)`
give another one, `meddling(right, ...)` the right one, after they have changed an argument.
"""

import inspect
from copy import deepcopy

import numpy as np

PARTS = (list, tuple)


def unwritten(right):
    """Attempts that are blank: {what: attempt}."""
    def prints(*arguments):
        print(right(*arguments))

    def raises(*arguments):
        raise NotImplementedError("your turn")
    return {"None": None, "an ellipsis": ..., "raises NotImplementedError": raises,
            "passes": lambda *_: None, "returns an ellipsis": lambda *_: ...,
            "prints the result, and returns nothing": prints}


def broken(right):
    """Attempts that give no result: {what: (attempt, a part of the words that refuse it)}."""
    named = inspect.signature(right).parameters
    one_less = eval(f"lambda {', '.join(list(named)[1:])}: 0")      # the answer's own names
    fewer = {"one argument less": (one_less, " should be ")} if named else {}
    return fewer | {
        "a string": ("text", "takes the function itself, not a str"),
        "a number": (5, "takes the function itself, not a int"),
        "one argument more": (lambda *arguments, more: 0, " should be "),
        "raises": (_raises(KeyError("careless")), "it raised KeyError: 'careless'"),
        "leaves": (_raises(SystemExit(3)), "it raised SystemExit: 3"),
        "stops": (_raises(KeyboardInterrupt()), "it raised KeyboardInterrupt"),
        "raises what has no words": (_raises(Wordless()), "it raised Wordless"),
        "never ends": (_for_ever, "does a loop never end?")}


def careless(right):
    """Attempts that give another result than `right` does: {what: attempt}."""
    return {what: _after(right, change) for what, change in CHANGES.items()}


def meddling(right, arguments):
    """Attempts that give the right result and change an argument: {its position: attempt}."""
    return {place: _meddles(right, place) for place, argument in enumerate(arguments)
            if _spoil(deepcopy(argument))}


def print_of(value):
    """What tells two results apart: the type, shape and bytes of every part."""
    if isinstance(value, PARTS):
        return type(value), [print_of(part) for part in value]
    if isinstance(value, dict):
        return dict, [(key, print_of(part)) for key, part in value.items()]
    if isinstance(value, (np.ndarray, np.generic, float, int, bool)):
        numbers = np.asarray(value)
        whole = numbers.dtype.kind in "iu" and numbers.ndim == 0        # any width will do
        return numbers.shape, "int" if whole else numbers.dtype.str, (
            numbers.tolist() if whole or numbers.dtype.kind == "O" else numbers.tobytes())
    return type(value), repr(value)


class Wordless(Exception):
    """An error that cannot even be printed."""

    def __str__(self):
        raise RuntimeError("no words")


class Touchy(float):
    """A number that cannot be compared, nor shown."""

    def _refuses(self, *_):
        raise RuntimeError("touchy")
    __eq__ = __ne__ = __repr__ = __str__ = __sub__ = __float__ = __array__ = _refuses
    __hash__ = float.__hash__


def _raises(error):
    def attempt(*arguments):
        raise error
    return attempt


def _for_ever(*arguments):
    while True:
        pass


def _after(right, change):
    return lambda *arguments: change(right(*arguments))


def _meddles(right, place):
    def attempt(*arguments):
        result = right(*arguments)
        _spoil(arguments[place])
        return result
    return attempt


def _spoil(argument):
    """Change an array, a list or a dict in place; say whether there was something to change."""
    if isinstance(argument, np.ndarray) and argument.size:
        argument.flat[-1] = ~argument.flat[-1] if argument.dtype == bool else argument.flat[-1] + 1
        return True
    if isinstance(argument, list) and argument:
        return _spoil(argument[-1]) or bool(argument.append(argument[0]) or True)
    if isinstance(argument, dict) and argument:
        return bool(argument.popitem())
    return False


def _each(change):
    """`change` on each array or number of a result."""
    def changed(value):
        if isinstance(value, PARTS):
            return type(value)(changed(part) for part in value)
        if isinstance(value, dict):
            return {key: changed(part) for key, part in value.items()}
        return change(value) if _is_numeric(value) else value
    return changed


def _whole(change, other=lambda value: [value]):
    """`change` on a tuple or list as a whole; `other` on any other result."""
    return lambda value: change(value) if isinstance(value, PARTS) else other(value)


def _is_numeric(value):
    return isinstance(value, (np.ndarray, np.generic, float, int)) and (
        np.asarray(value).dtype.kind in "biufc")


def _as(dtype):
    def change(x):
        with np.errstate(over="ignore"):
            return np.asarray(x).astype(dtype)
    return _each(change)


def _nan(x):
    x = np.asarray(x)
    return np.full(x.shape, np.nan, x.dtype if x.dtype.kind == "f" else float)


def _ragged(x):
    values = np.empty(np.shape(x), object)
    for place in np.ndindex(values.shape):
        values[place] = np.zeros(2)
    return values


def _last_off(x):
    x = np.array(x)
    return x.astype(float) + (np.arange(x.size).reshape(x.shape) == x.size - 1) * 0.01


CHANGES = {
    # the wrong shape
    "in a list": lambda value: [value],
    "in a tuple": lambda value: (value,),
    "in an array of objects": lambda value: np.array([value, None], object)[:1],
    "an axis more in front": _each(lambda x: np.asarray(x)[None]),
    "an axis more behind": _each(lambda x: np.asarray(x)[..., None]),
    "flat": _each(np.ravel),
    "transposed": _each(np.transpose),
    "the last row is missing": _each(lambda x: x[:-1] if np.ndim(x) else x),
    "one for all": _each(lambda x: np.asarray(x).flat[0] if np.size(x) else x),
    # the wrong type
    "lists": _each(lambda x: np.asarray(x).tolist() if np.ndim(x) else [x]),
    "whole numbers": _each(lambda x: np.nan_to_num(x).astype(int)),
    "float32": _as(np.float32),
    "float16": _as(np.float16),
    "complex": _as(complex),
    "objects": _as(object),
    "objects that are arrays": _each(_ragged),
    "strings": _as(str),
    "a string": repr,
    "bytes": _each(lambda x: np.asarray(x).tobytes()),
    "truths": _as(bool),
    "a generator": _whole(lambda value: (part for part in value),
                          lambda value: (part for part in [value])),
    "a set": lambda value: {repr(value)},
    "a dict": lambda value: {"result": value},
    "a function": lambda value: lambda: value,
    "a class": type,
    "what cannot be compared": _each(lambda x: Touchy(np.asarray(x).flat[0] if np.size(x) else 0)),
    "an array that cannot be compared":
        _each(lambda x: np.full(np.shape(x), Touchy(1), object) if np.ndim(x) else Touchy(1)),
    # the wrong order
    "backwards": _each(lambda x: np.flip(x) if np.ndim(x) else x),
    "the axes swapped": _each(lambda x: np.swapaxes(x, 0, -1) if np.ndim(x) else x),
    "the parts backwards": _whole(lambda value: value[::-1]),
    "the parts turned round": _whole(lambda value: value[1:] + value[:1]),
    # the wrong numbers, and too few or too many
    "nan": _each(_nan),
    "inf": _each(lambda x: _nan(x) + np.inf),
    "zeros": _each(np.zeros_like),
    "the last a little off": _each(_last_off),
    "the sign turned": _each(lambda x: ~np.asarray(x) if np.asarray(x).dtype == bool else -x),
    "one result less": _whole(lambda value: value[:-1]),
    "one result more": _whole(lambda value: value + value[-1:]),
    "no results": _whole(lambda value: value[:0]),
    "the first result alone": _whole(lambda value: value[0] if value else 0),
    "the type of a tuple": _whole(lambda v: list(v) if isinstance(v, tuple) else tuple(v)),
    "a constant": lambda value: 0,
}
