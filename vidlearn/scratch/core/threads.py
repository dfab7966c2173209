"""Several cores for one convolution: each thread lays out its own columns and multiplies them.

A matrix product of NumPy can use several cores by itself, but copying the columns, half of the
work, cannot. So each thread does both for a share of the places, with a product on one core.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from vidlearn.checks import kinds


def _given():
    """OMP_NUM_THREADS, as for torch, if NumPy's own products keep to one core; else 1."""
    alone = os.environ.get("OPENBLAS_NUM_THREADS") == "1"
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return int(asked) if alone and asked.isdigit() and int(asked) > 0 else 1


_threads = _given()


def get_num_threads():
    """How many threads a convolution takes; at the start OMP_NUM_THREADS, as `vidlearn lab` sets.

    At the start it is 1, too, unless OPENBLAS_NUM_THREADS is 1.
    """
    return _threads


def set_num_threads(threads: kinds.POSITIVE_COUNT):
    """Take so many threads for a convolution. NumPy's own products should then take one each.

    Twin     torch.set_num_threads
    """
    global _threads
    _threads = threads


def share(work, items):
    """Deal `items` out to the threads; each runs `work` on its list. Returns what they return."""
    count = min(_threads, len(items))
    if count < 2:
        return [work(items)]
    return list(_pool(count).map(work, [items[k::count] for k in range(count)]))


@lru_cache
def _pool(count):
    return ThreadPoolExecutor(count, thread_name_prefix="vidlearn")


if hasattr(os, "register_at_fork"):                   # a child process has none of our threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
