"""The version counter: a backward pass must not read an array that was changed in place.

Every change in place is counted. A node of the graph keeps the count from its forward pass. If the
count has risen since, its backward pass asks whether one of the arrays it needs was changed.
PyTorch has such a counter for each tensor, `_version`.
"""

import weakref

import numpy as np

from vidlearn.scratch.core.errors import GraphError


class _Counter:
    """How many changes in place there were, and for each array the number of its last one."""

    def __init__(self):
        self.total = 0
        self.last_change = {}           # id of the array that owns the memory -> number


counter = _Counter()


def bump(array):
    """Count a change in place of `array`, and so of every array that shares its memory."""
    owner = _memory_owner(array)
    counter.total += 1
    if id(owner) not in counter.last_change:
        weakref.finalize(owner, counter.last_change.pop, id(owner)).atexit = False
    counter.last_change[id(owner)] = counter.total


def check(cache, version, name):
    """Refuse a backward pass if an array of its `cache` was changed after `version`.

    Raises   GraphError
    """
    for array in _arrays(cache):
        if counter.last_change.get(id(_memory_owner(array)), 0) > version:
            raise GraphError(
                f"the backward pass of {name} needs an array {array.shape} from its forward pass, "
                "but the array was changed in place since, by an optimizer's step or inside "
                "no_grad(): call backward() before the change, or run forward again after it")


def _memory_owner(array):
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
