"""Boxes that walk: the detections and the truth that tracking tests share."""

import numpy as np


def walk(start, speed, frames, size=(10, 24)):
    """Boxes (frames, 4) of somebody who walks evenly."""
    corners = np.array(start, float) + np.arange(frames)[:, None] * np.array(speed, float)
    return np.hstack([corners, corners + size])


def tracked(tracker, frames, scores=None, pictures=None):
    """(ids, boxes) for each frame; `frames` are the boxes of each."""
    found = []
    for t, boxes in enumerate(frames):
        options = {} if scores is None else {"scores": scores[t]}
        options |= {} if pictures is None else {"frame": pictures[t]}
        found.append(tracker.update(boxes, **options))
    return found
