"""Find where one shot ends and the next begins: cuts and fades, by the colours of the frames.

Each frame becomes a histogram, the share of its pixels in each bin of each channel: 48 numbers. A
frame begins a new shot if all frames just before it differ from all frames just after it by more
than is usual nearby.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

BINS = 16                            # per channel; 256 / 16 grey levels in each
REACH = 3                            # frames compared on either side of a cut
HISTOGRAMS = kinds.array("histograms (T, C, bins)", 3)
PAIR = kinds.array("histograms (..., C, bins)")
CUTS = kinds.array("a list of frame numbers", 1, dtypes="iuf", empty=True)


@checked
def histograms(frames: kinds.STREAM, bins: kinds.INTEGER = BINS):
    """Compute the share of each frame's pixels in each bin of each channel.

    It takes one frame at a time, so a video of any length needs little memory.

    Shapes   frames (T, H, W, C) uint8, or anything that yields (H, W, C)  ->  (T, C, bins)
    Raises   ArgumentError if there is no frame, one is not uint8, or `bins` does not divide 256
    """
    if bins < 1 or 256 % bins:
        raise ArgumentError(f"{bins} bins must divide 256: 2, 4, 8, 16, ...")
    shares = [_shares(np.asarray(frame), bins) for frame in frames]
    if not shares:
        raise ArgumentError("frames is empty: there is no frame to count")
    return np.stack(shares)


@checked
def distance(first: PAIR, second: PAIR):
    """How different two histograms are: the share of pixels that lie in another bin.

    Shapes   (..., C, bins) twice  ->  (...)
    Units    0 for the same colours, 1 for no colour in common; the mean over the channels
    """
    return np.abs(np.asarray(first) - second).sum(-1).mean(-1) / 2


@checked
def contrast(shares: HISTOGRAMS, reach=REACH):
    """How much the `reach` frames before each frame differ from the `reach` frames from it on.

    It is the smallest distance between any frame before and any frame after. After a flash shorter
    than `reach` the frames look as before, so the contrast is small.

    Shapes   shares (T, C, bins)  ->  (T,); the first is 0
    """
    found = np.zeros(len(shares))
    for t in range(1, len(shares)):
        before, after = shares[max(0, t - reach):t], shares[t:t + reach]
        found[t] = distance(before[:, None], after).min()
    return found


@checked
def threshold(values: kinds.SEQUENCE, radius=12, factor: kinds.NOT_NEGATIVE = 6.0,
              floor: kinds.NOT_NEGATIVE = 0.08):
    """The local median plus `factor` times the local scatter; never less than `floor`.

    Shapes   values (T,)  ->  (T,)
    Units    `radius` in frames on either side; the scatter is the median absolute deviation
    """
    values = np.asarray(values, float)
    padded = np.pad(values, radius, constant_values=np.nan)
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1)    # (T, near)
    median = np.nanmedian(near, axis=1)
    scatter = np.nanmedian(np.abs(near - median[:, None]), axis=1)
    return np.maximum(median + factor * scatter, floor)


@checked
def cuts(shares: HISTOGRAMS, reach=REACH, **options):
    """The frames that begin a new shot; a flash shorter than `reach` frames begins none.

    A quick fade gives several in a row; the one with the highest contrast counts.

    Shapes   shares (T, C, bins)  ->  (cuts,) int64, rising
    Units    `options` are those of `threshold`
    """
    values = contrast(shares, reach)
    above = values > threshold(values, **options)
    return np.array([a + values[a:b].argmax() for a, b in _runs(above)], np.int64)


@checked
def fades(shares: HISTOGRAMS, span=16, level: kinds.NOT_NEGATIVE = 0.3, reach=REACH, **options):
    """The middles of slow changes: frames `span` apart differ, and no cut lies between them.

    Nor may a cut lie within half a span before, because a quick fade counts as a cut.

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


@checked
def spans(starts: CUTS, total: kinds.POSITIVE_COUNT):
    """Each shot as its first frame and the first frame after it.

    Shapes   starts (cuts,)  ->  (cuts + 1, 2) int64

    >>> spans([3, 7], total=9)
    array([[0, 3],
           [3, 7],
           [7, 9]])
    """
    edges = np.array([0, *starts, total])
    if (np.diff(edges) < 1).any():
        raise ArgumentError(f"cuts {list(starts)} must rise, and lie inside 1 to {total - 1}")
    return np.stack([edges[:-1], edges[1:]], axis=1)


def _shares(frame, bins):
    if frame.dtype != np.uint8 or frame.ndim != 3:
        raise ArgumentError(f"a frame is {frame.shape} {frame.dtype}: it must be (H, W, C) uint8")
    bin_of = frame.reshape(-1, frame.shape[2]) // (256 // bins)              # (H W, C)
    counts = [np.bincount(channel, minlength=bins) for channel in bin_of.T]
    return np.array(counts) / len(bin_of)


def _runs(yes):
    """Where runs of True begin and end: (runs, 2), the ends excluded."""
    return np.flatnonzero(np.diff(yes, prepend=False, append=False)).reshape(-1, 2)


def _peak(values):
    """The middle of the highest values."""
    return int(np.flatnonzero(values == values.max()).mean())
