"""What is given to a public name is looked at first, argument by argument; see `names`.

A tensor of torch's would be computed with, and its gradient lost without a word; "no" for a flag
would count as yes. What is of the right kind and does not fit, the functions refuse themselves.
"""

import re
from functools import wraps
from inspect import isclass, isfunction, signature
from math import inf
from numbers import Real
from operator import index

from vidlearn.scratch.core import tensor_kinds as kinds
from vidlearn.scratch.core.errors import ShapeError, named
from vidlearn.scratch.core.names import kind_of
from vidlearn.scratch.core.tensor import Tensor

PLAIN = (TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError, OverflowError,
         ShapeError)


def check_names(package, real=()):
    """Have the public functions and classes of a package, its `vars`, look at their arguments.

    Those named in `real` refuse whole numbers: they would round their results, or become float64.
    """
    for name, thing in [*package.items()]:
        own = (getattr(thing, "__module__", None) or "").startswith(package["__name__"])
        if isfunction(thing) and own and not name.startswith("_"):
            package[name] = checked(thing, name in real)
        elif isclass(thing) and own and not issubclass(thing, Exception) and (
                thing is not Tensor):
            check_methods(thing, "__init__")


def check_methods(kind, names):
    """Have some methods of a class look at their arguments."""
    for name in names.split():
        if isfunction(getattr(kind, name)):
            setattr(kind, name, checked(getattr(kind, name)))


def checked(function, real=False):
    """`function`, which first refuses an argument of another kind than it needs.

    Arrays and lists of numbers are made Tensors. An error from inside that names no argument gets
    them all put in front.

    Raises   TypeError that names the function, the argument and what came
    """
    wanted = _Wanted(function, real)
    if not wanted.names or getattr(function, "is_checked", False):
        return function
    at_once = wanted.at_once

    @wraps(function)
    def asked(*given, **options):
        for value, (types, quick) in zip(given, at_once):  # noqa: B905  (strict=False costs 2 %)
            if type(value) not in types and not quick(value):        # seldom, and slower
                given = wanted.looked_at(given)
                break
        if options:
            given = wanted.looked_at_by_name(given, options)
        try:
            return function(*given, **options)
        except PLAIN as error:
            if (explained := wanted.explained(error, given, options)) is None:
                raise
            raise explained from None
    asked.is_checked = True
    return asked


class _Wanted:
    """The kinds of a function's arguments."""

    def __init__(self, function, real):
        self.function, self.names = function, signature(function).parameters
        found = [(name, kind_of(parameter, function.__name__, self.names, real))
                 for name, parameter in self.names.items()
                 if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)]
        self.kinds = {name: kind for name, kind in found if kind}
        variadic = [p.kind is p.VAR_POSITIONAL for p in self.names.values()]
        self.in_order = [kind or kinds.ANYTHING for _, kind in found][
            :variadic.index(True) if True in variadic else None]
        self.at_once = tuple((kind.types, kind.quick) for kind in self.in_order)
        self.tensors = [(i, name) for i, (name, kind) in enumerate(found)
                        if kind and kind.take in kinds.MAKE_TENSORS]
        self.last_tensor = max((i for i, _ in self.tensors), default=-1)
        self.runs = any(kind in (kinds.FUNCTION, kinds.PAIR) for kind in self.kinds.values())

    def where(self, given):
        """The function, or the class whose __init__ it is."""
        name = self.function.__name__
        return type(given[0]).__name__ if name == "__init__" else name

    def looked_at(self, given):
        """The arguments without names, each of its kind."""
        return [*(value if type(value) in kind.types or kind.quick(value) else
                  kind.look(value, f"{self.where(given)}: {name}")
                  for name, kind, value in zip(self.names, self.in_order, given, strict=False)),
                *given[len(self.in_order):]]

    def looked_at_by_name(self, given, options):
        """`given`, with the Tensors among the `options`: a lifted function wants them in places."""
        for name, value in options.items():
            kind = self.kinds.get(name)
            if kind and type(value) not in kind.types and not kind.quick(value):
                options[name] = kind.look(value, f"{self.where(given)}: {name}")
        if len(given) <= self.last_tensor:
            for i, name in self.tensors:
                if i == len(given) and name in options:
                    given = (*given, options.pop(name))
        return given

    def explained(self, error, given, options):
        """An error that names the arguments, where `error` names none; else None."""
        words = str(error)
        method, built = "self" in self.names, self.function.__name__ == "__init__"
        told = method and (not built or words.startswith(self.where(given)))
        if self.runs or told or type(error) not in PLAIN:
            return None
        if "could not be broadcast" in words:
            return named(error, self.where(given), self.function, given, options)
        if _named(self.names, words.replace("dtype='", "")):
            return None
        said = [f"{name} {x.shape}" if hasattr(x, "shape") else f"{name} {x!r:.60}"
                for name, x in [*zip(self.names, given, strict=False), *options.items()][built:]]
        first = said[0] if len(said) > 1 else [*self.names][built]     # its value is in the words
        return type(error)(f"{self.where(given)}: {', '.join([first, *said[1:]])}: {words}")


def _named(names, words):
    """Is one of the arguments spoken of? (A letter alone may be the article.)"""
    return not names.keys().isdisjoint(re.findall(r"\b(\w{2,}|\w(?= must| ?[(=\d]))\b", words))


def taken(where, name, value):
    """`value` as a Tensor."""
    return kinds.TENSOR.look(value, f"{where}: {name}")


def whole(name, value, least=0):
    """`value`, if it is a whole number of at least `least`.

    Raises   ShapeError that says what it is
    """
    if not kinds.is_whole(value) or index(value) < least:
        reach = "" if least == -inf else f", at least {least}"
        raise ShapeError(f"{name} must be a whole number{reach}; it is {value!r:.60}")
    return index(value)


def within(name, value, low, high=inf):
    """`value`, if it is a number in low..high.

    Raises   ValueError that says what it is
    """
    if not isinstance(value, Real) or not low <= value <= high:
        reach = f"at least {low}" if high == inf else f"in {low}..{high}"
        reach = "a number" if (low, high) == (-inf, inf) else reach
        raise ValueError(f"{name} must be {reach}, it is {value!r:.60}")
    return value
