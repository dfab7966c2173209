"""Indexing: x[index] by integer, slice, list or mask, and x[index] = value without a gradient.

Integers and slices are applied first, lists and masks after, as in torch. (NumPy would count an
integer beside a list as a list of one, and put the axes in another order.)
"""

import numpy as np

from vidlearn.scratch.core.tensor import array_of, lift


def getitem_forward(x, index):
    """The numbers at `index`: a view for slices and integers, a copy for lists and masks."""
    steps = _split_index(index)
    y = x[steps[0]]
    return y if len(steps) == 1 else y[steps[1]], (x.shape, steps)


def getitem_backward(dy, cache):
    """Put `dy` where the numbers came from; a number that was chosen twice gets the sum."""
    shape, steps = cache
    dx = np.zeros(shape, dy.dtype)
    if len(steps) == 1:
        dx[steps[0]] = dy
    elif any(isinstance(i, np.ndarray) and i.dtype != bool for i in steps[1]):
        np.add.at(dx[steps[0]], steps[1], dy)
    else:                                             # a mask chooses no number twice
        dx[steps[0]][steps[1]] = dy
    return dx


_getitem = lift(getitem_forward, getitem_backward)


def getitem(x, index):
    """x[index].

    Raises   IndexError that names the shape and the index, if the index does not fit the shape
    """
    try:
        return _getitem(x, index=index)
    except (IndexError, ValueError) as error:         # ValueError: lists of different lengths
        raise index_error(index, x, error) from error


def index_error(index, x, error):
    """An IndexError that adds the shape and the index to NumPy's `error`."""
    return IndexError(f"index {index!r:.60} into a Tensor of shape {x.shape}: {error}")


def put(x, index, value):
    """Write `value` into the array `x` at `index`."""
    first, *second = _split_index(index)
    if second:
        x[first][second[0]] = value
    else:
        x[first] = value


def _split_index(index):
    """The index, or two if it has lists or masks: first the integers and slices, then these."""
    index = tuple(_simplest(i) for i in (index if isinstance(index, tuple) else (index,)))
    if not any(isinstance(i, np.ndarray) for i in index):
        return [index]
    first, second = [], []
    for i in index:
        if isinstance(i, np.ndarray):                 # a mask covers as many axes as it has
            first += [slice(None)] * (i.ndim if i.dtype == bool else 1)
        else:
            first.append(i)
        if not isinstance(i, int):
            second.append(Ellipsis if i is Ellipsis else
                          i if isinstance(i, np.ndarray) else slice(None))
    return [tuple(first), tuple(second)]


def _simplest(i):
    """One part of an index as an int, slice, None, Ellipsis or array."""
    if isinstance(i, slice) or i is None or i is Ellipsis:
        return i
    i = array_of(i)
    return i.item() if i.ndim == 0 else i if i.size else i.astype(np.int64)
