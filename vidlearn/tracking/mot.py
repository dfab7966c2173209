"""Tracks in files, as MOTChallenge writes them: frame, id, left, top, width, height, score, ...

Frames and pixels count from 1 there, and from 0 here.
"""

import csv
from pathlib import Path

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.files import atomic
from vidlearn.tracking.scores import FRAMES

LEAST = 6                                  # numbers a line: up to the height


@checked
def read(path, frames: kinds.COUNT = None):
    """Read tracks or detections.

    Units    frames: how many the film has; by default, up to the last frame in the file
    Returns  (ids (n,), boxes (n, 4), scores (n,)) for each frame; detections have the id -1
    Raises   ArgumentError that names the line that cannot be read; OSError that names the file
    """
    rows = list(_rows(path))
    last = max((int(row[0]) for row in rows), default=0)
    count = last if frames is None else frames
    if last > count:
        raise ArgumentError(f"{path} has boxes in frame {last}, but the film has {count} frames")
    by_frame = [[] for _ in range(count)]
    for row in rows:
        by_frame[int(row[0]) - 1].append(row)
    return [_frame(np.array(found).reshape(-1, 7)) for found in by_frame]


@checked
def write(path, tracks: FRAMES):
    """Write tracks, (ids, boxes) for each frame, into a file that is there whole or not at all.

    Raises   OSError that names the file
    """
    lines = [f"{frame},{i},{left + 1:.2f},{top + 1:.2f},{right - left:.2f},{bottom - top:.2f},"
             "1,-1,-1,-1\n" for frame, (ids, boxes) in enumerate(tracks, 1)
             for i, (left, top, right, bottom) in zip(ids, boxes.tolist(), strict=True)]
    atomic.write(path, "".join(lines).encode())


def _rows(path):
    with Path(path).open(newline="", encoding="utf-8") as file:
        for number, cells in enumerate(csv.reader(file), 1):
            if not any(map(str.strip, cells)):
                continue
            yield _row(path, number, cells)


def _row(path, number, cells):
    """Frame, id, four sides and the score, as numbers."""
    try:
        row = [float(cell) for cell in cells[:7]]
        good = len(row) >= LEAST and np.isfinite(row).all() and row[0] >= 1 and \
            all(value == int(value) for value in row[:2]) and min(row[4:6]) > 0
    except ValueError:
        good = False
    if not good:
        raise ArgumentError(
            f"{path}, line {number}: {','.join(cells)[:60]!r} must be frame (from 1), id, left, "
            "top, width and height (more than 0)")
    return row + [1.0] * (7 - len(row))


def _frame(rows):
    ids, corners, sizes, scores = rows[:, 1].astype(int), rows[:, 2:4] - 1, rows[:, 4:6], rows[:, 6]
    return ids, np.hstack([corners, corners + sizes]), scores
