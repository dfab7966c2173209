"""Where one shot ends and the next begins: cuts and fades, found by the colours of the frames.

A frame becomes a histogram, the share of its pixels in each bin of each channel: 48 numbers for
all its pixels. A frame begins a new shot where all that came just before differs from all that
comes just after, by more than is usual nearby.
"""

import numpy as np

from vidlearn.checks import given, kinds

BINS = 16                            # a channel; 256 / 16 grey levels in each
REACH = 3                            # frames looked at on either side of a cut


def histograms(frames, bins=BINS):
    """The share of each frame's pixels in each bin of each channel.

    Goes through the frames one at a time: a video of any length takes little memory.

    Shapes   frames (T, H, W, C) uint8, or anything that yields (H, W, C)  ->  (T, C, bins)
    Raises   ValueError if there is no frame, it is not uint8, or 256 is no multiple of `bins`
    """
    if bins < 1 or 256 % bins:
        raise ValueError(f"{bins} bins must divide 256: 2, 4, 8, 16, ...")
    shares = [_shares(np.asarray(frame), bins) for frame in frames]
    if not shares:
        raise ValueError("there is no frame to look at")
    return np.stack(shares)


def distance(first, second):
    """How different two histograms are: the share of the pixels that lie in another bin.

    Shapes   (..., C, bins) twice  ->  (...)
    Units    0 for the same colours, 1 for no colour in common; the mean over the channels
    """
    return np.abs(np.asarray(first) - second).sum(-1).mean(-1) / 2


def contrast(shares, reach=REACH):
    """How much all of the `reach` frames before each frame differ from it and those that follow.

    It is the smallest distance of any before to any after: after a flash shorter than `reach` the
    frames are as they were, and the contrast is small.

    Shapes   shares (T, C, bins)  ->  (T,); the first is 0
    """
    found = np.zeros(len(shares))
    for t in range(1, len(shares)):
        before, after = shares[max(0, t - reach):t], shares[t:t + reach]
        found[t] = distance(before[:, None], after).min()
    return found


def threshold(values, radius=12, factor=6.0, floor=0.08):
    """What is more than usual near each place: the median there and `factor` times its scatter.

    Shapes   values (T,)  ->  (T,)
    Units    `radius` in frames on either side; the scatter is the median of how far the
             values lie from their median; never less than `floor`
    """
    values = np.asarray(values, float)
    padded = np.pad(values, radius, constant_values=np.nan)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1)    # (T, near)
    middle = np.nanmedian(near, axis=1)
    usual = np.nanmedian(np.abs(near - middle[:, None]), axis=1)
    return np.maximum(middle + factor * usual, floor)


def cuts(shares, reach=REACH, **options):
    """The frames that begin a new shot; a flash shorter than `reach` frames begins none.

    Of several in a row, as a quick fade gives them, it is the one of highest contrast.

    Shapes   shares (T, C, bins)  ->  (cuts,) int64, rising
    Units    `options` are those of `threshold`
    """
    values = contrast(shares, reach)
    above = values > threshold(values, **options)
    return np.array([a + values[a:b].argmax() for a, b in _runs(above)], np.int64)


def fades(shares, span=16, level=0.3, reach=REACH, **options):
    """The middles of slow changes: frames `span` apart differ, and no cut lies between.

    Nor within half a span before: a quick fade counts as a cut.

    Shapes   shares (T, C, bins)  ->  (fades,) int64, rising
    Units    `span` in frames: about as long as a fade; `level`, a distance from 0 to 1
    """
    if len(shares) <= span:
        return np.zeros(0, np.int64)
    far = distance(shares[:-span], shares[span:])                # from t to t + span
    starts = np.arange(len(far))
    for cut in cuts(shares, reach, **options):
        far[(starts - span // 2 < cut) & (cut <= starts + span)] = 0
    long = [run for run in _runs(far > level) if np.diff(run) >= reach]      # others are flashes
    return np.array([a + _peak(far[a:b]) + span // 2 for a, b in long], np.int64)


def spans(starts, total):
    """Every shot as its first frame and the first one after it.

    Shapes   starts (cuts,)  ->  (cuts + 1, 2) int64
    """
    edges = np.array([0, *starts, total])
    if (np.diff(edges) < 1).any():
        raise ValueError(f"cuts {list(starts)} must rise, and lie inside 1 to {total - 1}")
    return np.stack([edges[:-1], edges[1:]], axis=1)


def _shares(frame, bins):
    if frame.dtype != np.uint8 or frame.ndim != 3:
        raise ValueError(f"a frame is {frame.shape} {frame.dtype}: it must be (H, W, C) uint8")
    bin_of = frame.reshape(-1, frame.shape[2]) // (256 // bins)              # (H W, C)
    counts = [np.bincount(channel, minlength=bins) for channel in bin_of.T]
    return np.array(counts) / len(bin_of)


def _runs(yes):
    """Where runs of True begin and end: (runs, 2), the ends excluded."""
    return np.flatnonzero(np.diff(yes, prepend=False, append=False)).reshape(-1, 2)


def _peak(values):
    """The middle of the highest values."""
    return int(np.flatnonzero(values == values.max()).mean())


given.check(globals(), {
    "frames": kinds.STREAM, "first second": kinds.array("histograms (..., C, bins)"),
    "shares": kinds.array("histograms (T, C, bins)", 3), "values": kinds.array("numbers (T,)", 1),
    "factor floor level": kinds.number(0), "total": kinds.whole(1), "bins": kinds.INTEGER,
    "starts": kinds.array("a list of frame numbers", 1, dtypes="iuf", empty=True),
})
