"""Which arrays were changed in place, and when: a way back must not read numbers that are gone.

Changes are counted. A step of the way back knows the count from when it was made; if the count has
risen since, it asks whether an array that it keeps was among those changed.
"""

import weakref

import numpy as np

from vidlearn.scratch.core.errors import GraphError


class _Ledger:
    """How many changes there were, and the number of the last one of each array."""

    def __init__(self):
        self.count, self.last = 0, {}       # last: id of the array that owns the memory -> number


ledger = _Ledger()


def note(array):
    """Write down that `array` is changed in place, and with it whatever shares its memory."""
    owner = _owner(array)
    ledger.count += 1
    if id(owner) not in ledger.last:
        weakref.finalize(owner, ledger.last.pop, id(owner)).atexit = False
    ledger.last[id(owner)] = ledger.count


def refuse(cache, since, name):
    """Refuse to go back with a `cache` of arrays of which one was changed after number `since`.

    Raises   GraphError
    """
    for array in _arrays(cache):
        if ledger.last.get(id(_owner(array)), 0) > since:
            raise GraphError(
                f"{name} needs an array {array.shape} as it was going forward, and it was changed "
                "in place since, by an optimizer's step or inside no_grad(): go back before the "
                "change, or forward again after it")


def _owner(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _arrays(cache):
    """Every array in nested tuples, lists and dicts."""
    if isinstance(cache, np.ndarray):
        yield cache
    elif isinstance(cache, (tuple, list, dict)):
        for part in cache.values() if isinstance(cache, dict) else cache:
            yield from _arrays(part)
