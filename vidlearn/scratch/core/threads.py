"""Several threads for one convolution: each copies its own columns (im2col) and multiplies them.

A matrix product of NumPy can use several cores by itself. Copying the columns, which is half of
the work, cannot. So each thread does both for its part, with a product on one core.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from vidlearn.checks import kinds


def _initial_threads():
    """OMP_NUM_THREADS, as for torch, if NumPy's products are limited to one core; else 1."""
    single_core_blas = os.environ.get("OPENBLAS_NUM_THREADS") == "1"
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return int(asked) if single_core_blas and asked.isdigit() and int(asked) > 0 else 1


_threads = _initial_threads()


def get_num_threads():
    """The number of threads that a convolution uses.

    It starts as OMP_NUM_THREADS if OPENBLAS_NUM_THREADS is 1, as `vidlearn lab` sets it; else as 1.

    Twin     torch.get_num_threads
    """
    return _threads


def set_num_threads(threads: kinds.POSITIVE_COUNT):
    """Use this many threads for a convolution. NumPy's products should then use one core each.

    Twin     torch.set_num_threads
    """
    global _threads
    _threads = threads


def parallel_map(work, items):
    """Distribute `items` over the threads. Each runs `work` on its list; returns their results."""
    count = min(_threads, len(items))
    if count < 2:
        return [work(items)]
    return list(_pool(count).map(work, [items[k::count] for k in range(count)]))


@lru_cache
def _pool(count):
    return ThreadPoolExecutor(count, thread_name_prefix="vidlearn")


if hasattr(os, "register_at_fork"):                   # a forked process has no threads of ours
    os.register_at_fork(after_in_child=_pool.cache_clear)
