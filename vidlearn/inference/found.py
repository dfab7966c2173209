"""What a detector found in a film, as text: CSV, or JSON lines.

A line has the frame, counted from 0, its second, the label, the score, and the box in pixels.
"""

import csv
import io
import json
from pathlib import Path
from typing import NamedTuple

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.detection.kinds import DETECTION
from vidlearn.files import atomic


class Found(NamedTuple):
    """One object in one frame.

    Units    box in pixels, right and bottom excluded
    """

    frame: int
    seconds: float
    label: str
    score: float
    left: float
    top: float
    right: float
    bottom: float


@checked
def listed(frame: kinds.COUNT, seconds: kinds.NUMBER, detection: DETECTION, classes: kinds.WORDS):
    """What was found in a frame as a list of Found, the best first."""
    return [Found(frame, round(seconds, 6), classes[label], round(float(score), 4),
                  *(round(float(x), 2) for x in box))
            for box, label, score in zip(*(detection[name] for name in (
                "boxes", "labels", "scores")), strict=True)]


@checked
def as_csv(found: kinds.LIST):
    """A line of names, then a line for each object."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Found._fields)
    writer.writerows(found)
    return text.getvalue()


@checked
def as_json_lines(found: kinds.LIST):
    """A JSON object on a line for each object."""
    return "".join(json.dumps(each._asdict()) + "\n" for each in found)


FORMATS = {".csv": as_csv, ".jsonl": as_json_lines}


@checked
def check(path):
    """Check, before long work, that `save` can write a new file to a path.

    Raises   ArgumentError for another suffix, or a file that exists; OSError that names what is in
             the way
    """
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        raise ArgumentError(f"{path} must end in {' or '.join(FORMATS)}")
    if path.exists():
        raise ArgumentError(f"{path} exists already: choose another name, or remove it")
    atomic.check(path)


@checked
def save(path, found: kinds.LIST):
    """Write what was found to a new .csv or .jsonl file, whole or not at all."""
    check(path)
    atomic.write(path, FORMATS[Path(path).suffix.lower()](found).encode())
