"""How well and how fast does `vidlearn detect` find the people of a film?

    python benchmarks/detection.py FILM TRUTH [--engine opencv ...]

TRUTH is a CSV file with the columns frame, left, top, width and height: a line for each person, in
pixels, frames counted from 1. Only the frames in it are judged; a box is right if its IoU with a
person whom no better box has found is at least 0.5. Precision and recall are shown for every
second of these frames, and for the others: choose by the first half, and believe the second.
Frames a second count reading and searching a film, in seconds of CPU time on one thread, unless
OMP_NUM_THREADS says otherwise. Prints a Markdown table.
"""

import argparse
import csv
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from tables import table  # noqa: E402

from vidlearn.detection.average_precision import precision_recall  # noqa: E402
from vidlearn.inference import detector as detectors  # noqa: E402
from vidlearn.inference.detect import detect_in_film  # noqa: E402

SETTINGS = [{"score": 0.45}, {"score": 0.65}, {"score": 0.65, "tiles": 2},
            {"score": 0.75, "tiles": 2}]


def read_truth(path):
    """{frame, counted from 0: boxes (n, 4)}"""
    truth = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            left, top, width, height = (float(row[name]) for name in (
                "left", "top", "width", "height"))
            truth.setdefault(int(row["frame"]) - 1, []).append(
                (left, top, left + width, top + height))
    return {frame: np.array(boxes) for frame, boxes in sorted(truth.items())}


def measured(film, truth, detector, **setting):
    """What is found in the frames of the truth, and how many frames a second of CPU time."""
    found, count, start = [], max(truth) + 1, time.process_time()
    for number, (*_, seen) in zip(range(count), detect_in_film(film, detector, **setting),
                                  strict=False):
        if number in truth:
            found.append(seen)
    return found, count / (time.process_time() - start)


def judged(found, truth):
    """Precision and recall of all people found in some frames."""
    targets = [{"boxes": boxes, "labels": np.zeros(len(boxes), int)} for boxes in truth]
    precision, recall, _ = precision_recall(found, targets, label=0)
    return (precision[-1], recall[-1]) if len(precision) else (1.0, 0.0)


def rows(film, truth, engines):
    boxes = list(truth.values())
    for engine in engines:
        detector = detectors.load(engine)
        for setting in SETTINGS:
            found, speed = measured(film, truth, detector, **setting)
            halves = [f"{number:.3f}" for half in (slice(0, None, 2), slice(1, None, 2))
                      for number in judged(found[half], boxes[half])]
            words = " ".join(f"--{name} {value}" for name, value in setting.items())
            yield f"`--engine {engine} {words}`", *halves, f"{speed:.1f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("film", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--engine", nargs="+", choices=detectors.ENGINES,
                        default=detectors.ENGINES)
    chosen = parser.parse_args()
    threads = int(os.environ["OMP_NUM_THREADS"])
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    truth = read_truth(chosen.truth)
    table(("", "precision", "recall", "on the others", "recall", "frames a second"),
          rows(chosen.film, truth, chosen.engine))


if __name__ == "__main__":
    main()
