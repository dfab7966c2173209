"""What public functions may be given, asked in one place: by the names of their arguments.

A module ends with `check(globals(), {...})`. Its public functions and classes then look at what
they are given first, and a refusal says which argument it is, what it must be, and what came. An
option needs no entry: one whose default is a whole number, a number, a word or a truth value takes
no other kind.
"""

import dis
import re
from functools import wraps
from inspect import Parameter, getdoc, isclass, isfunction, signature
from itertools import chain, repeat
from pathlib import Path

from vidlearn.checks import kinds as sorts

HERE = Path(__file__).parents[1]
UNTOLD = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
AXES = re.compile(r"(\w+(?: and \w+)?) \(([^)]+)\)")          # x (N, C, *S); h and c (N, U)
AXIS = re.compile(r"(\d*)([A-Z])(?:/(\w+))?")                  # N; 4U; C/groups
BY_NAME = {"rng": sorts.RNG, "seed": sorts.SEED, "path": sorts.PATH}


def check(namespace, kinds=None, shapes=False):
    """Let a module's public functions and classes look at what they are given.

    `kinds` maps names of arguments, several in one string, to a Kind, or to None, which lets
    anything pass; "motion.size" is the `size` of `motion` alone. With `shapes`, axes of one letter
    in a docstring's Shapes must be of one length.

    Raises   (they do) TypeError for what is of another kind; ValueError for what is out of reach,
             or does not go together
    """
    kinds = {name: kind for names, kind in (kinds or {}).items() for name in names.split()}
    for name, value in list(namespace.items()):
        if name.startswith("_") or getattr(value, "__module__", "") != namespace["__name__"]:
            continue
        if isfunction(value):
            namespace[name] = _checked(value, name, kinds, shapes)
        elif isclass(value) and not issubclass(value, BaseException):
            for method, function in list(vars(value).items()):
                if isfunction(function) and (method == "__init__" or method[0] != "_"):
                    where = name if method == "__init__" else f"{name}.{method}"
                    setattr(value, method, _checked(function, where, kinds))


def _checked(function, where, kinds, shapes=False):
    """`function`, which first asks whether its arguments are of their kinds."""
    named, rows, rest = _asked(function, where, kinds)
    every = [asked for asked in [*named.values(), rest] if asked]
    runs, axes = any(asked[1].runs for asked in every), shapes and _axes(getdoc(function) or "")

    @wraps(function)
    def look_first(*given, **options):
        given = [_taken(where, *asked, value) if asked else value
                 for asked, value in zip(chain(rows, repeat(rest)), given)]    # noqa: B905
        for name, value in options.items():
            if named.get(name):
                options[name] = _taken(where, *named[name], value)
        try:
            if axes:
                _fit(where, axes, signature(function).bind(*given, **options))
            return function(*given, **options)
        except Exception as error:
            if runs or _is_told(error):
                raise
            names = chain(named, repeat(rest and rest[0]))
            raise _explained(where, names, given, options, error) from None
    return look_first if every else function


def _asked(function, where, kinds):
    """For each argument its name, its Kind and whether it may be None; None where nothing is asked.

    Returns  those by name, those in their places, and that of all further places
    """
    named, rows, rest = {}, [], None
    for name, parameter in signature(function).parameters.items():
        kind = _by_default(name, parameter.default)
        kind = kinds.get(f"{where}.{name}", kinds.get(name, kind))
        asked = (name, kind, parameter.default in (None, "")) if kind else None
        if parameter.kind == Parameter.VAR_POSITIONAL:
            rest = asked
        elif parameter.kind != Parameter.VAR_KEYWORD:
            named[name] = asked
            rows += [asked] * (parameter.kind != Parameter.KEYWORD_ONLY)
    return named, rows, rest


def _by_default(name, default):
    """The Kind of an argument, by its name or by its default; None if neither tells."""
    if name in BY_NAME:
        return BY_NAME[name]
    if isinstance(default, bool):
        return sorts.FLAG
    if isinstance(default, int):
        return sorts.whole(min(default, 1))
    return {float: sorts.number(), str: sorts.WORD}.get(type(default))


def _taken(where, name, kind, optional, value):
    if value is None and optional:
        return value
    try:
        return kind.take(value)
    except Exception as error:
        right = isinstance(value, (float, int, list, tuple)) or hasattr(value, "shape")
        sort = ValueError if right and not isinstance(value, bool) else TypeError
        why = f": {error}" if isinstance(error, RuntimeError) else ""     # PyTorch's: detach()
        came = _hint(value) or said(value)
        raise sort(f"{where}: {name} must be {kind.words}, not {came}{why}") from None


def _axes(doc):
    """What a docstring's Shapes say of the arguments: name -> its axes, as ("N", "C", "*S")."""
    line = re.search(r"^Shapes +(.*?)(?:->|\n\n|\Z)", doc, re.DOTALL | re.MULTILINE)
    found = AXES.findall(line[1]) if line else ()
    return {name: tuple(re.findall(r"[^\s,]+", axes))
            for names, axes in found for name in names.split(" and ")}


def _fit(where, axes, bound):
    """Refuse arrays of which axes of one letter differ in length, or that have more or fewer."""
    bound.apply_defaults()
    lengths, arguments, fits = {}, bound.arguments, True
    named = {name: wanted for name, wanted in axes.items() if arguments.get(name) is not None}
    for name, wanted in named.items():
        shape, plain = arguments[name].shape, [axis for axis in wanted if axis[0] != "*"]
        more = len(shape) - len(plain)
        fits &= more >= 0 and lengths.setdefault(len(plain) < len(wanted) and "*", more) == more
        for axis, length in zip(plain, shape):                                   # noqa: B905
            times, letter, over = AXIS.fullmatch(axis).groups()
            one = length * arguments.get(over, 1) / int(times or 1)
            fits &= lengths.setdefault(letter, one) == one
    if not fits or lengths.get(False):
        told = ", ".join(f"{name} {arguments[name].shape}" for name in named)
        want = ", ".join(f"{name} ({', '.join(wanted)})" for name, wanted in named.items())
        raise ValueError(f"{where}: {told} must be {want}")


def said(value):
    """A value in a few words, as a message names what came."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        name = "array" if type(value).__name__ == "ndarray" else type(value).__name__
        return f"{name} {tuple(value.shape)} {value.dtype}"
    if value is None or isinstance(value, (bool, int, float)):
        return f"{value!r:.60}"
    if isinstance(value, (list, tuple)) and any(hasattr(part, "shape") for part in value):
        return f"{type(value).__name__} of {len(value)}, the first {said(value[0])}"
    words = getattr(value, "__name__", f"{value!r:.60}")     # of a module or a function
    return " ".join(f"{type(value).__name__}: {words}".split())


def _hint(value):
    """What has arrays of its own, a Clip or a dataset, and where they are; else nothing."""
    names = [name for name in ("frames", "clips", "pictures")
             if hasattr(getattr(value, name, None), "shape")]
    return f"{type(value).__name__}: its .{names[0]} are an array" if names else ""


def _is_told(error):
    """Has this package said what is wrong? Or is it nothing that arguments do?"""
    sort = type(error)
    if sort.__module__.startswith("vidlearn") or not (
            isinstance(error, UNTOLD) or sort.__module__ == "cv2"):
        return True
    return not hasattr(error, "why") and raised_here(error.__traceback__)


def raised_here(trace):
    """Did this package raise on purpose, at the end of this traceback?"""
    while trace.tb_next:
        trace = trace.tb_next
    raised = trace.tb_frame.f_code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"]
    return raised and is_ours(trace)


def is_ours(trace):
    """Is the first step of a traceback in this package?"""
    return Path(trace.tb_frame.f_code.co_filename).is_relative_to(HERE)


def _explained(where, names, given, options, error):
    """An error from deep inside, with the arguments that the reader gave."""
    told = ", ".join(f"{name} {said(value)}" for name, value in
                     [*zip(names, given), *options.items()] if name != "self")   # noqa: B905
    sort = TypeError if isinstance(error, (TypeError, AttributeError)) else ValueError
    why = getattr(error, "why", " ".join(str(error).split()))
    explained = sort(f"{where} cannot take {told}: {why}")
    explained.why = why      # a public function that called this one says it in the reader's words
    return explained
