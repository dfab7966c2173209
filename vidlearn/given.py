"""What public functions may be given, asked in one place: by the names of their arguments.

A module ends with `check(globals(), {...})`. Its public functions and classes then look at what
they are given first, and a refusal says which argument it is, what it must be, and what came. An
option needs no entry: one whose default is a whole number, a number, a word or a truth value takes
no other kind.
"""

import dis
from functools import wraps
from inspect import Parameter, isclass, isfunction, signature
from itertools import chain, repeat
from pathlib import Path

from vidlearn import kinds as sorts

HERE = Path(__file__).parent
UNTOLD = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
BY_NAME = {"rng": sorts.RNG, "seed": sorts.SEED, "path": sorts.PATH}


def check(namespace, kinds=None):
    """Let a module's public functions and classes look at what they are given.

    `kinds` maps names of arguments, several in one string, to a Kind, or to None, which lets
    anything pass; "motion.size" is the `size` of `motion` alone.

    Raises   (they do) TypeError for what is of another kind; ValueError for what is out of reach,
             or does not go together
    """
    kinds = {name: kind for names, kind in (kinds or {}).items() for name in names.split()}
    for name, value in list(namespace.items()):
        if name.startswith("_") or getattr(value, "__module__", "") != namespace["__name__"]:
            continue
        if isfunction(value):
            namespace[name] = _checked(value, name, kinds)
        elif isclass(value) and not issubclass(value, BaseException):
            for method, function in list(vars(value).items()):
                if isfunction(function) and (method == "__init__" or method[0] != "_"):
                    where = name if method == "__init__" else f"{name}.{method}"
                    setattr(value, method, _checked(function, where, kinds))


def _checked(function, where, kinds):
    """`function`, which first asks whether its arguments are of their kinds."""
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
    every = [asked for asked in [*named.values(), rest] if asked]
    runs = any(kind.runs for _, kind, _ in every)

    @wraps(function)
    def look_first(*given, **options):
        given = [_taken(where, *asked, value) if asked else value
                 for asked, value in zip(chain(rows, repeat(rest)), given)]    # noqa: B905
        for name, value in options.items():
            if named.get(name):
                options[name] = _taken(where, *named[name], value)
        try:
            return function(*given, **options)
        except Exception as error:
            if runs or _is_told(error):
                raise
            names = chain(named, repeat(rest and rest[0]))
            raise _explained(where, names, given, options, error) from None
    return look_first if every else function


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
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return (not hasattr(error, "why") and Path(code.co_filename).is_relative_to(HERE)
            and code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"])


def _explained(where, names, given, options, error):
    """An error from deep inside, with the arguments that the reader gave."""
    told = ", ".join(f"{name} {said(value)}" for name, value in
                     [*zip(names, given), *options.items()] if name != "self")   # noqa: B905
    sort = TypeError if isinstance(error, (TypeError, AttributeError)) else ValueError
    why = getattr(error, "why", " ".join(str(error).split()))
    explained = sort(f"{where} cannot take {told}: {why}")
    explained.why = why      # a public function that called this one says it in the reader's words
    return explained
