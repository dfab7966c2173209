"""Optical flow after Lucas and Kanade: how far each pixel has moved between two pictures.

A picture that moves by (u, v) changes by -(u · slope along x + v · slope along y): one equation for
two unknowns. All pixels of a window share u and v: many equations, solved by least squares.

    lucas_kanade    for every pixel, from the window around it
    shift           one motion for the whole picture, as of a shaking camera
    warp            move a picture back along its flow
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.core.errors import ShapeError

BLUR = np.array([1, 4, 6, 4, 1]) / 16
PICTURE = kinds.array("a picture (H, W)")
COLOUR_PICTURE = kinds.array("a picture (H, W) or (H, W, C)", 2, 3)
FLOW = kinds.array("a flow (H, W, 2) or (2,)", 1, 3, last=(2,))
SUMS = kinds.array("numbers, one a window", 0, 1, 2, 3, 4)


@checked
def lucas_kanade(first: PICTURE, second: PICTURE, window=15, levels=1, steps=3,
                 min_eigenvalue: kinds.NOT_NEGATIVE = 1.0):
    """Find (u, v) for every pixel such that second(x + u, y + v) is first(x, y).

    Where all slopes in a window have one direction, or are 0, (u, v) cannot be known and keeps the
    value of the coarser level.

    Shapes   first and second (H, W)  ->  flow (H, W, 2) as x, y; eigenvalue (H, W)
    Units    flow in pixels; window odd; each of `levels` halves the picture, each of `steps` starts
             from the result of the last; the smaller eigenvalue of a window's slopes, in grey
             levels squared, must be at least `min_eigenvalue`
    Source   Lucas and Kanade, IJCAI 1981; pyramid as in Bouguet, Intel 2000
    Twin     cv2.calcOpticalFlowPyrLK, at points
    """
    flow = np.zeros((1, 1, 2))
    for a, b in _pyramid(first, second, levels, window):
        flow = _grown(flow, a.shape)
        x, y = slopes(a)
        xx, xy, yy = (window_mean(product, window) for product in (x * x, x * y, y * y))
        eigenvalue = _smaller_eigenvalue(xx, xy, yy)
        for _ in range(steps):
            change = warp(b, flow) - a - x * flow[..., 0] - y * flow[..., 1]
            found = solve(xx, xy, yy, window_mean(x * change, window),
                          window_mean(y * change, window))
            flow = np.where((eigenvalue >= min_eigenvalue)[..., None], found, flow)
    return flow, eigenvalue


@checked
def shift(first: PICTURE, second: PICTURE, levels=3, steps=4):
    """Find the one (u, v) by which the whole picture has moved: the picture is the only window.

    Shapes   first and second (H, W)  ->  (2,) as x, y
    Raises   ArgumentError if the slopes of the picture do not determine it
    """
    moved = np.zeros(2)
    for level, (a, b) in enumerate(_pyramid(first, second, levels, 9)):
        moved = moved * (2 if level else 1)
        x, y = slopes(a)
        for _ in range(steps):
            seen = _inside(a.shape, moved)
            p, q, t = (m[seen].ravel() for m in (x, y, warp(b, moved) - a))
            if _smaller_eigenvalue(p @ p, p @ q, q @ q) < 1e-9 * p.size:
                raise ArgumentError("the picture is flat, or has slopes in one direction only: "
                                    "its motion cannot be known")
            moved = moved + solve(p @ p, p @ q, q @ q, p @ t, q @ t)
    return moved


@checked
def solve(xx: SUMS, xy: SUMS, yy: SUMS, xt: SUMS, yt: SUMS):
    """Solve the two equations xx·u + xy·v = -xt and xy·u + yy·v = -yt, for any number of windows.

    Shapes   each (...)  ->  (..., 2); 0 where they have no single solution
    """
    det = np.asarray(xx * yy - xy * xy, float)
    known = det > 1e-12 * np.maximum(np.asarray(xx * yy, float), 1e-300)
    safe = np.where(known, det, 1)
    step = np.stack([xy * yt - yy * xt, xy * xt - xx * yt], axis=-1) / safe[..., None]
    return np.where(known[..., None], step, 0)


@checked
def slopes(picture: kinds.GREY):
    """The image gradient: how much brighter it gets per pixel, to the right and downwards.

    Shapes   (H, W)  ->  x (H, W), y (H, W)
    Units    grey levels per pixel, half the difference of the two neighbours
    """
    padded = np.pad(np.asarray(picture, float), 1, mode="edge")      # uint8 would overflow
    return ((padded[1:-1, 2:] - padded[1:-1, :-2]) / 2,
            (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2)


@checked
def warp(picture: COLOUR_PICTURE, flow: FLOW):
    """Take each pixel from where the flow says it went: result(x, y) = picture(x + u, y + v).

    Between pixels it interpolates bilinearly; outside the picture it takes the nearest pixel.

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


@checked
def halve(picture: kinds.GREY):
    """Blur the picture and keep every other pixel.

    Shapes   (H, W)  ->  ((H + 1) // 2, (W + 1) // 2)
    Twin     cv2.pyrDown
    """
    for axis in (0, 1):
        padded = np.pad(picture, [(2, 2) if a == axis else (0, 0) for a in (0, 1)], mode="reflect")
        length = picture.shape[axis]
        picture = sum(weight * padded.take(np.arange(k, k + length, 2), axis)
                      for k, weight in enumerate(BLUR))
    return picture


@checked
def window_mean(picture: kinds.GREY, window: kinds.POSITIVE_COUNT):
    """The mean of the window around every pixel; at the edge, of the part that is inside.

    Shapes   (H, W)  ->  (H, W)
    """
    return _sums(picture, window) / _sums(np.ones(picture.shape), window)


def _sums(picture, window):
    """Sum over each window: the difference of two running sums along each axis."""
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
        raise ShapeError(f"a window of {window} has no middle pixel: take {window + 1}")
    pairs = [(first, second)]
    while len(pairs) < levels and min(pairs[-1][0].shape) >= 2 * window:
        pairs.append(tuple(halve(p) for p in pairs[-1]))
    return pairs[::-1]


def _grown(flow, size):
    """Bring the flow of a coarser level to a finer one: twice the pixels, twice the distance."""
    if flow.shape[:2] == (1, 1):
        return np.zeros((*size, 2))
    return 2 * flow.repeat(2, 0).repeat(2, 1)[:size[0], :size[1]]


def _inside(size, moved):
    """The pixels whose counterpart lies in the picture, one pixel from the edge."""
    height, width = size
    u, v = np.ceil(np.abs(moved)).astype(int) + 1
    rows = slice(v, height - v) if 2 * v < height else slice(None)
    return rows, slice(u, width - u) if 2 * u < width else slice(None)
