"""Choose the frames of a clip: every sampler returns frame numbers in rising order.

`total` is the number of frames of the video and `count` that of the clip. Where the video is too
short, some frames are repeated, so that a clip always has `count` frames.
"""

import numpy as np

from vidlearn.checks import checked, kinds


@checked
def uniform(total: kinds.POSITIVE_COUNT, count: kinds.POSITIVE_COUNT):
    """Divide the video into `count` equal parts and take the middle frame of each.

    Returns  (count,) int64
    Raises   ArgumentError if the video or the clip has no frame

    >>> uniform(10, 4)
    array([1, 3, 6, 8])
    """
    return (2 * np.arange(count) + 1) * total // (2 * count)


@checked
def segments(total: kinds.POSITIVE_COUNT, count: kinds.POSITIVE_COUNT, rng):
    """Divide the video into `count` equal parts and draw one frame from each.

    Returns  (count,) int64
    Source   Wang et al., Temporal Segment Networks, arXiv:1608.00859
    """
    edges = np.arange(count + 1) * total // count
    return rng.integers(edges[:-1], np.maximum(edges[1:], edges[:-1] + 1))


@checked
def random(total: kinds.POSITIVE_COUNT, count: kinds.POSITIVE_COUNT, rng):
    """Draw `count` different frames from anywhere; repeat frames only if there are too few.

    Returns  (count,) int64
    """
    return np.sort(rng.choice(total, count, replace=count > total))


@checked
def window(total: kinds.POSITIVE_COUNT, count: kinds.POSITIVE_COUNT, rng, step=1):
    """Draw one run of `count` frames, `step` apart, from anywhere in the video.

    Returns  (count,) int64; a run that is longer than the video repeats the last frame
    """
    starts = _starts(total, count, step, hop=1)
    return _run(rng.choice(starts), total, count, step)


@checked
def windows(total: kinds.POSITIVE_COUNT, count: kinds.POSITIVE_COUNT, step=1,
            hop: kinds.POSITIVE_COUNT = None):
    """Cover the whole video with runs of `count` frames, `step` apart, one every `hop` frames.

    The last run ends where the video ends, even if it starts less than `hop` after the one before.

    Returns  (windows, count) int64; by default, `hop` is the length of a run

    >>> windows(10, 4)
    array([[0, 1, 2, 3],
           [4, 5, 6, 7],
           [6, 7, 8, 9]])
    """
    starts = _starts(total, count, step, count * step if hop is None else hop)
    return np.stack([_run(start, total, count, step) for start in starts])


def _starts(total, count, step, hop):
    last = max(total - 1 - (count - 1) * step, 0)
    return np.unique([*range(0, last, hop), last])


def _run(start, total, count, step):
    return np.minimum(start + step * np.arange(count), total - 1)
