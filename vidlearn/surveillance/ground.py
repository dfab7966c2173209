"""How fast somebody walks: from pixels to metres on the ground, by a homography.

A camera shows the flat ground in perspective. Four points whose places on the ground are known, no
three of them on a line, say where every other point of the ground is.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.surveillance.dwell import POINTS
from vidlearn.surveillance.feet import TRACKS, checked_tracks, feet

HOMOGRAPHY = kinds.array("a homography (3, 3)", 2, last=(3,))
WORST = 1e-9             # the smallest share of the largest singular value that is not 0
ON_A_LINE = ("no ground plane follows from these points: they are the same, or too many lie on a "
             "line; choose points that span an area, no three of four on a line")


@checked
def homography(pixels: POINTS, metres: POINTS):
    """The matrix that takes points of the picture to points of the ground.

    It is the singular vector of the smallest singular value of two equations a point, the points
    moved to their middle and scaled first (the normalised direct linear transform).

    Shapes   pixels (N, 2), metres (N, 2), N at least 4  ->  (3, 3)
    Units    scaled to a length of 1, with the sign that puts the points in front of the camera
    Raises   ArgumentError for fewer than four points, for points of which too many lie on a line,
             and for points on both sides of the horizon
    Source   Hartley and Zisserman, Multiple View Geometry, algorithm 4.2
    Twin     cv2.findHomography(pixels, metres), scaled to a last number of 1; it refines more than
             four points further
    """
    pixels, metres = np.asarray(pixels, float), np.asarray(metres, float)
    if len(pixels) != len(metres) or len(pixels) < 4:
        raise ArgumentError(f"a homography needs four points or more, in pixels and in metres; "
                            f"these are {len(pixels)} and {len(metres)}")
    if not (np.isfinite(pixels).all() and np.isfinite(metres).all()):
        raise ArgumentError("pixels and metres must be finite")
    (ray, before), (place, after) = _normalised(pixels, ON_A_LINE), _normalised(metres, ON_A_LINE)
    none = np.zeros_like(ray)
    _, size, vectors = np.linalg.svd(np.concatenate([
        np.hstack([ray, none, -place[:, :1] * ray]), np.hstack([none, ray, -place[:, 1:2] * ray])]))
    small = vectors[-1].reshape(3, 3)
    if size[7] < WORST * size[0] or abs(np.linalg.det(small)) < WORST:
        raise ArgumentError(ON_A_LINE)
    found = np.linalg.inv(after) @ small @ before
    depth = found[2, :2] @ pixels.T + found[2, 2]
    if depth.min() < 0 < depth.max():
        raise ArgumentError("these points lie on both sides of the horizon: are pixels and metres "
                            "in the same order?")
    return found / np.linalg.norm(found) * np.sign(depth[0])


@checked
def to_ground(matrix: HOMOGRAPHY, points: POINTS):
    """Take points of the picture to the ground; NaN for points on or above the horizon.

    Shapes   matrix (3, 3) as `homography` gives it, points (N, 2) in pixels  ->  (N, 2) in metres
    """
    points = np.asarray(points, float).reshape(-1, 2)
    x, y, depth = np.asarray(matrix, float) @ np.vstack([points.T, np.ones(len(points))])
    return np.stack([x, y], 1) / np.where(depth > 0, depth, np.nan)[:, None]


@checked
def speeds(tracks: TRACKS, matrix: HOMOGRAPHY, fps: kinds.POSITIVE, window: kinds.POSITIVE = 1.0):
    """How fast each person walks in each frame of their track.

    The foot of a box trembles with every step, so the speed is the slope of the straight line that
    fits best to the places within the window around a frame.

    Shapes   tracks {id: (frames (n,), boxes (n, 4))}, matrix (3, 3)  ->  {id: (n,)}
    Units    metres a second; window in seconds; NaN where fewer than two places are in the window
    Raises   ArgumentError for tracks that are none
    """
    return {name: _slopes(frames / fps, to_ground(matrix, feet(boxes)), window)
            for name, (frames, boxes) in checked_tracks(tracks).items()}


def _slopes(seconds, places, window):
    """The length of the slope (n,) of places (n, 2) over the seconds around each."""
    speed = np.full(len(seconds), np.nan)
    seen = np.isfinite(places).all(1)
    for i, now in enumerate(seconds):
        near = seen & (np.abs(seconds - now) <= window / 2 + 1e-9)
        t = seconds[near] - seconds[near].mean() if near.any() else np.zeros(1)
        if t.any():
            speed[i] = np.linalg.norm(t @ places[near]) / (t @ t)
    return speed


def _normalised(points, refusal):
    """Points as (N, 3) with their middle at 0 and a mean distance of √2, and the matrix of that."""
    middle = points.mean(0)
    distance = np.linalg.norm(points - middle, axis=1).mean()
    if not distance:
        raise ArgumentError(refusal)
    scale = np.sqrt(2) / distance
    matrix = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    return np.hstack([points, np.ones((len(points), 1))]) @ matrix.T, matrix
