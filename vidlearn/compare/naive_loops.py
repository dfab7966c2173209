"""How long plain loops would take: they run on a part of the input, and their time is scaled up."""

import re
import time
from inspect import signature

import numpy as np

from vidlearn import naive
from vidlearn.checks import ArgumentError

NAMES = "conv", "conv_transpose", "max_pool", "avg_pool", "linear"
ENOUGH = 0.1                         # seconds that can be measured well


def estimate(name, arrays, options, outputs):
    """The seconds that `vidlearn.naive` would take for a call, and how they were found, in words.

    The loops run on a corner of the first clip, and for one output channel. The corner grows until
    they take long enough to be timed. Then each of the `outputs` is taken to cost as much.

    Returns  (None, "") if there are no loops for the call
    """
    stem, axes = re.fullmatch(r"(.*?)(?:([123])d)?", name).groups()
    if stem not in NAMES or arrays[0].ndim != int(axes or 0) + 2:
        return None, ""
    loops = getattr(naive, stem)
    if not options.keys() <= signature(loops).parameters.keys():
        return None, ""
    x, *others = (a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in arrays)
    if stem in ("conv", "linear") and "groups" not in options:
        others = [a[:1] if isinstance(a, np.ndarray) else a for a in others]
    length, longest = 4, max(x.shape[2:], default=0)
    while True:
        corner = x[(slice(1), slice(None), *[slice(length)] * (x.ndim - 2))]
        try:
            seconds, count = _run(loops, corner, others, options)
        except ArgumentError:                          # such as padding="same"
            return None, ""
        if seconds >= ENOUGH or length >= longest:
            break
        length *= 2
    words = "" if count == outputs else f"loops timed for {count:,} results and scaled"
    return seconds * outputs / count, words


def _run(loops, corner, others, options):
    """Seconds and number of outputs; 0 and 0 if the kernel does not fit into the corner."""
    start = time.perf_counter()
    try:
        count = loops(corner, *others, **options).size
    except ArgumentError:
        raise
    except ValueError:                                 # NumPy refuses the negative size of y
        count = 0
    return (time.perf_counter() - start if count else 0.0), count
