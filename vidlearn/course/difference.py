"""How two results differ: in type, length, shape, the first wrong number, or dtype."""

import numpy as np


def difference(got, want, tolerance=1e-6, names=()):
    """Say how `got` differs from `want`; None where it does not.

    Numbers may differ by `tolerance`, relative to 1 or to the number, whichever is larger; where
    whole numbers are wanted, by nothing.
    `names` are the names of a tuple's parts. Arrays must agree in shape and dtype, too.
    """
    try:
        return _difference(got, want, tolerance, names)
    except Exception as error:                # `got` may be any object, and refuse to be compared
        _difference(want, want, tolerance, names)         # but not `want`: then the fault is here
        return (f"it gave a {type(got).__name__} that cannot be compared "
                f"({type(error).__name__}), should be {_a(want)}")


def _difference(got, want, tolerance, names):
    kind = _kind(want)
    if _kind(got) != kind:
        return f"it gave {_a(got)}, should be {_a(want)}"
    if kind in ("tuple", "list"):
        return _items(got, want, tolerance, names)
    if kind == "dict":
        return _keys(got, want, tolerance)
    if kind in ("array", "tensor", "number"):
        return _numbers(array(got), array(want), tolerance)
    return None if got == want else f"it gave {got!r}, should be {want!r}"


def array(value):
    """The numbers of an array, a number or a Tensor of either engine."""
    return np.asarray(value.detach().numpy() if hasattr(value, "detach") else value)


def _kind(value):
    if hasattr(value, "detach"):
        return "tensor"
    if isinstance(value, np.ndarray):
        return "array" if value.ndim else "number"
    if isinstance(value, (bool, int, float, complex, np.number, np.bool_)):
        return "number"
    return next((k.__name__ for k in (str, tuple, list, dict) if isinstance(value, k)),
                type(value).__name__)


def _a(value):
    kind = _kind(value)
    if kind in ("array", "tensor"):
        return f"{'an array' if kind == 'array' else 'a tensor'} of shape {array(value).shape}"
    if kind in ("tuple", "list"):
        return f"a {kind} of {len(value)}"
    return f"the number {_number(value)}" if kind == "number" else f"a {kind}"


def _items(got, want, tolerance, names):
    if len(got) != len(want):
        return f"it gave {len(got)} results, should be {len(want)}"
    for i, (g, w) in enumerate(zip(got, want, strict=True)):
        wrong = difference(g, w, tolerance)
        if wrong:
            return f"{names[i] if i < len(names) else f'result [{i}]'}: {wrong}"
    return None


def _keys(got, want, tolerance):
    if got.keys() != want.keys():
        return f"it gave the keys {sorted(got, key=str)}, should be {sorted(want, key=str)}"
    wrong = ((key, difference(got[key], want[key], tolerance)) for key in want)
    return next((f"[{key!r}]: {text}" for key, text in wrong if text), None)


def _numbers(got, want, tolerance):
    if got.shape != want.shape:
        return f"shape {got.shape}, should be {want.shape}{_reordered(got, want, tolerance)}"
    wrong = ~_close(got, want, tolerance)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = f" at {list(first)}" if first else ""
        many = f" ({wrong.sum()} of {want.size} differ)" if want.size > 1 else ""
        gave, should = _apart(got[first], want[first])
        return (f"it gave {gave}{place}, should be {should}"
                f"{many}{_reordered(got, want, tolerance)}")
    if not _same_type(got, want):
        return f"the numbers are right, but {got.dtype}; should be {want.dtype}"
    return None


def _close(got, want, tolerance):
    if want.dtype.kind not in "biu" and _numeric(got) and _numeric(want):
        return np.isclose(got, want, rtol=tolerance, atol=tolerance, equal_nan=True)
    return np.asarray(got == want)


def _reordered(got, want, tolerance):
    """What to add where only the order of the numbers is wrong."""
    if got.size != want.size or want.size < 2 or not (_numeric(got) and _numeric(want)):
        return ""
    same = _close(np.sort(got, axis=None), np.sort(want, axis=None), tolerance).all()
    return ": the right numbers, in another order" if same else ""


def _same_type(got, want):
    """Whether the kind and the precision of numbers agree.

    A whole number may stand for a single real number. Whole numbers may have any width, unless one
    of them is a byte: pictures are uint8.
    """
    kinds = got.dtype.kind.replace("u", "i"), want.dtype.kind.replace("u", "i")
    if want.ndim == 0:
        return kinds == ("i", "f") or kinds[0] == kinds[1] and (
            kinds[1] not in "fc" or got.itemsize >= want.itemsize)
    exact = kinds[1] in "fc" or 1 in (got.itemsize, want.itemsize)
    return kinds[0] == kinds[1] and (got.dtype == want.dtype or not exact)


def _numeric(values):
    return values.dtype.kind in "biufc"


def _apart(got, want):
    """Two numbers, each with as many digits as it takes to see that they differ."""
    for digits in range(6, 18):
        words = _number(got, digits), _number(want, digits)
        if words[0] != words[1]:
            break
    return words


def _number(value, digits=6):
    value = array(value).item()
    return f"{value:.{digits}g}" if isinstance(value, (float, complex)) else repr(value)
