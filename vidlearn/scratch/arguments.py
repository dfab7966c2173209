"""What a function of Tensors may be given: Tensors, and what can be made one; nothing else.

A tensor of torch's would be computed with, and its gradient lost without a word. So each public
name looks at its arguments first, by the names of its parameters.
"""

import re
from functools import wraps
from inspect import isfunction, signature
from numbers import Number
from operator import index

import numpy as np

from vidlearn.scratch.errors import ShapeError
from vidlearn.scratch.tensor import Tensor

TENSORS = {"x", "input", "weight", "bias", "target", "condition", "mask", "anchor", "positive",
           "negative", "input1", "input2", "x1", "x2", "tensor", "pos_weight", "running_mean",
           "running_var"}
SIDES = {"a", "b", "other"}                            # a plain number will do, and stays one
LISTS = {"tensors"}
REAL = {"input", "anchor", "positive", "negative", "input1", "input2", "x1", "x2"}
MAY_BE_NONE = {"running_mean", "running_var"}
KINDS = {bool: "True or False", Number: "a number", str: "a word"}    # by an option's default
OF_KIND = {"True or False": (bool, int, np.bool_), "a number": (Number, np.generic),
           "a word": str}


def check_all(namespace, real=()):
    """The functions of a package's names that take Tensors, each `checked`.

    Those named in `real` refuse whole numbers: they would round their results, or become float64.
    """
    return {name: checked(function, name in real) for name, function in namespace.items()
            if isfunction(function) and not name.startswith("_")}


def checked(function, real=False):
    """`function`, which first refuses what is no Tensor where it needs one.

    Arrays and lists of numbers are made Tensors.

    Raises   TypeError that names the function, the argument and what came
    """
    places = [(i, name, parameter.default is None or name in MAY_BE_NONE)
              for i, (name, parameter) in enumerate(signature(function).parameters.items())
              if name in TENSORS | SIDES | LISTS and parameter.kind != parameter.VAR_POSITIONAL]
    if not places or getattr(function, "is_checked", False):
        return function

    @wraps(function)
    def asked(*given, **options):
        given = list(given)
        for i, name, optional in places:
            if i == len(given) and name in options:
                given.append(options.pop(name))
            if i < len(given):
                given[i] = taken(function.__name__, name, given[i], optional)
            elif name in options:
                options[name] = taken(function.__name__, name, options[name], optional)
            if real and name in REAL and i < len(given):
                real_numbers(function.__name__, name, given[i])
        try:
            return function(*given, **options)
        except (TypeError, ValueError, AttributeError, RuntimeError) as error:
            blame_option(error, function, given, options)
            raise
    asked.is_checked = True
    return asked


def blame_option(error, function, given, options):
    """Where an option is of another kind than its default, and `error` does not name it, do so.

    Raises   TypeError that names the function, the option and what came
    """
    parameters = signature(function).parameters
    for name, value in [*zip(parameters, given, strict=False), *options.items()]:
        said = re.search(rf"\b{name}\b", str(error))
        if said or name not in parameters or isinstance(value, Tensor):
            continue
        wanted = next((words for kind, words in KINDS.items()
                       if isinstance(parameters[name].default, kind)), None)
        if wanted and not isinstance(value, OF_KIND[wanted]) and not _are_numbers(value):
            raise TypeError(f"{function.__name__}: {name} must be {wanted}, not "
                            f"{_said(value)}") from None


def _are_numbers(value):
    return isinstance(value, (list, tuple)) and all(isinstance(v, Number) for v in value)


def _said(value):
    return " ".join(f"{type(value).__name__}: {value!r:.60}".split())


def taken(where, name, value, optional=False):
    """`value` as a Tensor, or as the plain number that it is where that will do."""
    if isinstance(value, Tensor) and name not in LISTS or value is None and optional:
        return value
    if name in LISTS and isinstance(value, (list, tuple)):
        return [taken(where, f"{name}[{i}]", x) for i, x in enumerate(value)]
    if name in SIDES and isinstance(value, (Number, np.generic)):
        return value
    if isinstance(value, (np.ndarray, np.generic, Number, list, tuple)) and name not in LISTS:
        try:
            return Tensor(value)
        except (TypeError, ShapeError) as error:
            raise type(error)(f"{where}: {name}: {error}") from None
    kind = type(value)
    wanted = "a list of Tensors" if name in LISTS else "a Tensor"
    if kind.__module__.partition(".")[0] == "torch":
        raise TypeError(f"{where}: {name} must be a Tensor of ours, not torch's; "
                        f"scratch.tensor({name}.detach().numpy()) makes one")
    raise TypeError(f"{where}: {name} must be {wanted}, not {kind.__name__}: {value!r:.60}")


def real_numbers(where, name, x):
    """Refuse a Tensor of whole numbers, or of truth values.

    Raises   TypeError that says what it is
    """
    if x.dtype.kind != "f":
        raise TypeError(f"{where}: {name} {x.shape} must hold real numbers, not {x.dtype}: "
                        "make it .float() first")


def whole(name, value, least=0):
    """`value`, if it is a whole number of at least `least`.

    Raises   ShapeError that says what it is
    """
    try:
        number = index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise ShapeError(f"{name} must be a whole number, at least {least}; it is {value!r}")
    return number


def within(name, value, low, high=float("inf")):
    """`value`, if it is a number in low..high.

    Raises   ValueError that says what it is
    """
    if not isinstance(value, (Number, np.generic)) or not low <= value <= high:
        reach = f"at least {low}" if high == float("inf") else f"in {low}..{high}"
        raise ValueError(f"{name} must be {reach}, it is {value!r}")
    return value
