"""x[index]: choose numbers by place, list or mask; and x[index] = value where no gradient is kept.

Slices and single places are taken first, lists and masks after, as torch does it. (NumPy would
count a single place beside a list as a list of one, and put the axes in another order.)
"""

import numpy as np

from vidlearn.scratch.core.tensor import array_of, lift


def getitem_forward(x, index):
    """The numbers at `index`: a view for slices and places, a copy for lists and masks."""
    steps = _steps(index)
    y = x[steps[0]]
    return y if len(steps) == 1 else y[steps[1]], (x.shape, steps)


def getitem_backward(dy, cache):
    """Put `dy` where its numbers were taken from; one that was taken twice gets both."""
    shape, steps = cache
    dx = np.zeros(shape, dy.dtype)
    if len(steps) == 1:
        dx[steps[0]] = dy
    elif any(isinstance(i, np.ndarray) and i.dtype != bool for i in steps[1]):
        np.add.at(dx[steps[0]], steps[1], dy)
    else:                                             # a mask takes nothing twice
        dx[steps[0]][steps[1]] = dy
    return dx


_getitem = lift(getitem_forward, getitem_backward)


def getitem(x, index):
    """x[index].

    Raises   IndexError that names the shape, if there is no such place in it
    """
    try:
        return _getitem(x, index=index)
    except (IndexError, ValueError) as error:         # ValueError: lists of different lengths
        raise unfit(index, x, error) from None


def unfit(index, x, error):
    """The error that says which index into what NumPy's `error` is about."""
    return IndexError(f"an index into a Tensor {x.shape}: {error}; it is {index!r:.60}")


def put(x, index, value):
    """Write `value` into the array `x` at `index`."""
    first, *second = _steps(index)
    if second:
        x[first][second[0]] = value
    else:
        x[first] = value


def _steps(index):
    """The index in one step; or in two, places and slices first, where it has lists or masks."""
    index = tuple(_plain(i) for i in (index if isinstance(index, tuple) else (index,)))
    if not any(isinstance(i, np.ndarray) for i in index):
        return [index]
    first, second = [], []
    for i in index:
        if isinstance(i, np.ndarray):                 # a mask lies on as many axes as it has
            first += [slice(None)] * (i.ndim if i.dtype == bool else 1)
        else:
            first.append(i)
        if not isinstance(i, int):
            second.append(Ellipsis if i is Ellipsis else
                          i if isinstance(i, np.ndarray) else slice(None))
    return [tuple(first), tuple(second)]


def _plain(i):
    """One part of an index as int, slice, None, Ellipsis or array."""
    if isinstance(i, slice) or i is None or i is Ellipsis:
        return i
    i = array_of(i)
    return i.item() if i.ndim == 0 else i if i.size else i.astype(np.int64)
