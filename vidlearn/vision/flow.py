"""Optical flow after Lucas and Kanade: how far each place has moved, by two slopes and a change.

A picture that moves by (u, v) changes by -(u · slope along x + v · slope along y): one equation for
two unknowns. All pixels of a window share u and v: many equations, solved by least squares.

    lucas_kanade    for every pixel, from the window around it
    shift           for the picture as a whole: what a shaking camera does
    warp            undo it
"""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.core.errors import ShapeError

BLUR = np.array([1, 4, 6, 4, 1]) / 16


def lucas_kanade(first, second, window=15, levels=1, steps=3, least=1.0):
    """Find (u, v) for every pixel such that second(x + u, y + v) is first(x, y).

    Where the slopes in a window point one way only, or nowhere, (u, v) cannot be known, and stays
    what the coarser level said.

    Shapes   first and second (H, W)  ->  flow (H, W, 2) as x, y; sure (H, W)
    Units    flow in pixels; window odd; each of `levels` halves the picture, each of `steps` goes
             on from where the last arrived; sure is the smaller eigenvalue of a window's slopes,
             grey levels squared, and must be at least `least`
    Source   Lucas and Kanade, IJCAI 1981; pyramid as in Bouguet, Intel 2000
    Twin     cv2.calcOpticalFlowPyrLK, at points
    """
    flow = np.zeros((1, 1, 2))
    for a, b in _pyramid(first, second, levels, window):
        flow = _grown(flow, a.shape)
        x, y = slopes(a)
        xx, xy, yy = box(x * x, window), box(x * y, window), box(y * y, window)
        sure = _smaller_eigenvalue(xx, xy, yy)
        for _ in range(steps):
            change = warp(b, flow) - a - x * flow[..., 0] - y * flow[..., 1]
            found = solve(xx, xy, yy, box(x * change, window), box(y * change, window))
            flow = np.where((sure >= least)[..., None], found, flow)
    return flow, sure


def shift(first, second, levels=3, steps=4):
    """Find the one (u, v) by which the picture has moved as a whole: the window is the picture.

    Shapes   first and second (H, W)  ->  (2,) as x, y
    Raises   ValueError if nothing in the picture can tell
    """
    moved = np.zeros(2)
    for level, (a, b) in enumerate(_pyramid(first, second, levels, 9)):
        moved = moved * (2 if level else 1)
        x, y = slopes(a)
        for _ in range(steps):
            seen = _inside(a.shape, moved)
            p, q, t = (m[seen].ravel() for m in (x, y, warp(b, moved) - a))
            if _smaller_eigenvalue(p @ p, p @ q, q @ q) < 1e-9 * p.size:
                raise ValueError("the picture is flat, or has slopes in one direction only: "
                                 "nobody can say how far it has moved")
            moved = moved + solve(p @ p, p @ q, q @ q, p @ t, q @ t)
    return moved


def solve(xx, xy, yy, xt, yt):
    """Solve the two equations xx·u + xy·v = -xt and xy·u + yy·v = -yt, for any number of windows.

    Shapes   each (...)  ->  (..., 2); 0 where they have no single solution
    """
    det = np.asarray(xx * yy - xy * xy, float)
    known = det > 1e-12 * np.maximum(np.asarray(xx * yy, float), 1e-300)
    safe = np.where(known, det, 1)
    step = np.stack([xy * yt - yy * xt, xy * xt - xx * yt], axis=-1) / safe[..., None]
    return np.where(known[..., None], step, 0)


def slopes(picture):
    """How much brighter it gets per pixel, to the right and downwards.

    Shapes   (H, W)  ->  x (H, W), y (H, W)
    Units    grey levels per pixel, half the difference of the two neighbours
    """
    rim = np.pad(np.asarray(picture, float), 1, mode="edge")         # bytes would wrap round
    return (rim[1:-1, 2:] - rim[1:-1, :-2]) / 2, (rim[2:, 1:-1] - rim[:-2, 1:-1]) / 2


def warp(picture, flow):
    """Fetch each pixel from where the flow says it went: result(x, y) = picture(x + u, y + v).

    Between pixels it is mixed of four; outside, the nearest of the rim.

    Shapes   picture (H, W) or (H, W, C), flow (H, W, 2) or (2,)  ->  as picture, float
    Twin     torch.nn.functional.grid_sample(padding_mode="border", align_corners=True)
    """
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width] + np.moveaxis(np.broadcast_to(
        np.asarray(flow, float)[..., ::-1], (height, width, 2)), 2, 0)
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    left, top = (np.minimum(p.astype(int), n - 2 if n > 1 else 0)
                 for p, n in ((x, width), (y, height)))
    right, down = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    p, q = (x - left, y - top) if picture.ndim == 2 else ((x - left)[..., None],
                                                          (y - top)[..., None])
    above = (1 - p) * picture[top, left] + p * picture[top, right]
    below = (1 - p) * picture[down, left] + p * picture[down, right]
    return (1 - q) * above + q * below


def halve(picture):
    """Blur, and keep every other pixel.

    Shapes   (H, W)  ->  ((H + 1) // 2, (W + 1) // 2)
    Twin     cv2.pyrDown
    """
    for axis in (0, 1):
        rim = np.pad(picture, [(2, 2) if a == axis else (0, 0) for a in (0, 1)], mode="reflect")
        length = picture.shape[axis]
        picture = sum(weight * rim.take(np.arange(k, k + length, 2), axis)
                      for k, weight in enumerate(BLUR))
    return picture


def box(picture, window):
    """The mean of the window around every pixel; at the rim, of the part that is inside.

    Shapes   (H, W)  ->  (H, W)
    """
    return _sums(picture, window) / _sums(np.ones(picture.shape), window)


def _sums(picture, window):
    """Sums over windows: a difference of two running sums along each axis."""
    for axis in (0, 1):
        n = picture.shape[axis]
        running = np.insert(np.cumsum(picture, axis), 0, 0, axis)
        low = np.maximum(np.arange(n) - window // 2, 0)
        high = np.minimum(np.arange(n) + window // 2 + 1, n)
        picture = running.take(high, axis) - running.take(low, axis)
    return picture


def _smaller_eigenvalue(xx, xy, yy):
    return (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy ** 2)


def _pyramid(first, second, levels, window):
    """Both pictures as float, the smallest first; no level is smaller than the window."""
    first, second = np.asarray(first, float), np.asarray(second, float)
    if first.ndim != 2 or first.shape != second.shape:
        raise ShapeError(f"first {first.shape} and second {second.shape} must be (H, W) of one "
                         "size: take one channel, or the mean of three")
    if window % 2 == 0:
        raise ShapeError(f"a window of {window} has no middle: take {window + 1}")
    pairs = [(first, second)]
    while len(pairs) < levels and min(pairs[-1][0].shape) >= 2 * window:
        pairs.append(tuple(halve(p) for p in pairs[-1]))
    return pairs[::-1]


def _grown(flow, size):
    """The flow of a coarser level on a finer one: twice as many pixels, twice as far."""
    if flow.shape[:2] == (1, 1):
        return np.zeros((*size, 2))
    return 2 * flow.repeat(2, 0).repeat(2, 1)[:size[0], :size[1]]


def _inside(size, moved):
    """The pixels whose counterpart lies in the picture, one pixel from the rim."""
    height, width = size
    u, v = np.ceil(np.abs(moved)).astype(int) + 1
    rows = slice(v, height - v) if 2 * v < height else slice(None)
    return rows, slice(u, width - u) if 2 * u < width else slice(None)


given.check(globals(), {
    "first second": kinds.array("a picture (H, W)"), "picture": kinds.GREY,
    "warp.picture": kinds.array("a picture (H, W) or (H, W, C)", 2, 3),
    "flow": kinds.array("a flow (H, W, 2) or (2,)", 1, 3, last=(2,)), "window": kinds.whole(1),
    "least": kinds.number(0), "xx xy yy xt yt": kinds.array(
        "numbers, one a window", 0, 1, 2, 3, 4),
})
