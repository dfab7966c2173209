"""Plain loops in a race: they run on a corner of the input, and their time is scaled up."""

import re
import time

import numpy as np

from vidlearn import naive

NAMES = "conv", "conv_transpose", "max_pool", "avg_pool", "linear"
ENOUGH = 0.1                         # seconds


def timed(name, arrays, options, outputs):
    """The seconds that the loops of `vidlearn.naive` would take, and a word on how that is known.

    They run on a corner of the first clip, and for one channel of the result. The corner grows
    until they take long enough to be timed; then each of the `outputs` is taken to cost as much.

    Returns  (None, "") where there are no loops for the call
    """
    stem, axes = re.fullmatch(r"(.*?)(?:([123])d)?", name).groups()
    if stem not in NAMES or arrays[0].ndim != int(axes or 0) + 2:
        return None, ""
    x, *others = (a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in arrays)
    if stem in ("conv", "linear") and "groups" not in options:
        others = [a[:1] if isinstance(a, np.ndarray) else a for a in others]
    side, largest = 4, max(x.shape[2:], default=0)
    while True:
        corner = x[(slice(1), slice(None), *[slice(side)] * (x.ndim - 2))]
        try:
            seconds, count = _run(getattr(naive, stem), corner, others, options)
        except TypeError:                              # an option that the loops do not have
            return None, ""
        if seconds >= ENOUGH or side >= largest:
            break
        side *= 2
    words = "" if count == outputs else f"loops timed for {count:,} results and scaled"
    return seconds * outputs / count, words


def _run(loops, corner, others, options):
    """Seconds and number of outputs; no seconds for a corner in which the kernel does not fit."""
    start = time.perf_counter()
    try:
        count = loops(corner, *others, **options).size
    except ValueError:                                 # NumPy's, of a size below zero
        count = 0
    return (time.perf_counter() - start if count else 0.0), count
