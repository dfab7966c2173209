"""Boxes around real people on a square, seen by a camera on a pole.

The film is `vtest.avi` of OpenCV's samples, which the course does not hold. How the boxes were made
stands in data/README.md.
"""

import csv

import numpy as np

from vidlearn.checks import ArgumentError, checked

COLUMNS = ["frame", "left", "top", "right", "bottom"]


@checked
def read_people(path):
    """Read the boxes of people from a CSV file with the columns frame, left, top, right, bottom.

    Returns  {frame: boxes (n, 4) float64}, in the order of the file; frames count from 0
    Units    boxes xyxy in pixels of the frame, right and bottom excluded
    Raises   ArgumentError if the file has other columns, something that is no number, or a box
             without area
    """
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    if header != COLUMNS:
        raise ArgumentError(f"{path} must begin with {','.join(COLUMNS)}, not {','.join(header)}")
    people = {}
    for line, row in enumerate(rows, 2):
        frame, box = _entry(path, line, row)
        people.setdefault(frame, []).append(box)
    return {frame: np.array(boxes, float) for frame, boxes in people.items()}


def _entry(path, line, row):
    """(frame, box) of one line."""
    try:
        frame, *box = map(int, row)
        left, top, right, bottom = box
    except ValueError:
        raise ArgumentError(f"{path}, line {line}: {','.join(row)!r} must be five whole numbers") \
            from None
    if not (left < right and top < bottom):
        raise ArgumentError(f"{path}, line {line}: the box {box} has no area")
    return frame, box
