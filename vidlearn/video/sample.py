"""Which frames of a video make the clip: every sampler returns frame numbers in rising order.

A video of `total` frames, a clip of `count` of them. A video that is too short gives some of its
frames more than once, so that a clip always has `count` frames.
"""

import numpy as np

from vidlearn.checks import given, kinds


def uniform(total, count):
    """Cut the video in `count` equal parts and take the middle frame of each.

    Returns  (count,) int64
    Raises   ValueError if there is no frame to take, or none is asked for
    """
    return (2 * np.arange(count) + 1) * total // (2 * count)


def segments(total, count, rng):
    """Cut the video in `count` equal parts and draw one frame from each.

    Returns  (count,) int64
    Source   Wang et al., Temporal Segment Networks, arXiv:1608.00859
    """
    edges = np.arange(count + 1) * total // count
    return rng.integers(edges[:-1], np.maximum(edges[1:], edges[:-1] + 1))


def random(total, count, rng):
    """Draw `count` different frames anywhere; the same frame twice only if there are too few.

    Returns  (count,) int64
    """
    return np.sort(rng.choice(total, count, replace=count > total))


def window(total, count, rng, step=1):
    """Draw one run of `count` frames, `step` apart, that lies anywhere in the video.

    Returns  (count,) int64; a run that the video is too short for stays on its last frame
    """
    starts = _starts(total, count, step, hop=1)
    return _run(rng.choice(starts), total, count, step)


def windows(total, count, step=1, hop=None):
    """Lay runs of `count` frames, `step` apart, over the whole video, a run every `hop` frames.

    The last run ends where the video ends, even if it starts less than `hop` after the one before.

    Returns  (windows, count) int64; `hop` is the length of a run where it is not given
    """
    starts = _starts(total, count, step, count * step if hop is None else hop)
    return np.stack([_run(start, total, count, step) for start in starts])


def _starts(total, count, step, hop):
    last = max(total - 1 - (count - 1) * step, 0)
    return np.unique([*range(0, last, hop), last])


def _run(start, total, count, step):
    return np.minimum(start + step * np.arange(count), total - 1)


given.check(globals(), {"total count step hop": kinds.whole(1)})
