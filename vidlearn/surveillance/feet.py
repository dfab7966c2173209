"""Where people stand: the middle of the lower edge of a box; and tracks, frame by frame."""

from itertools import groupby

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

BOXES = kinds.array("boxes (N, 4), xyxy in pixels", 2, last=(4,), empty=True)
IDS = kinds.array("ids (N,) of whole numbers", 1, dtypes="iu", empty=True)
TRACKS = kinds.having("tracks, a dict {id: (frames (n,), boxes (n, 4))}", "items")


@checked
def feet(boxes: BOXES):
    """The point where somebody stands: the middle of the lower edge of the box.

    Shapes   boxes (N, 4) xyxy  ->  (N, 2): x, y

    >>> feet([[10, 20, 30, 80]])
    array([[20., 80.]])
    """
    boxes = np.asarray(boxes, float)
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], 1)


@checked
def frame_by_frame(tracks: TRACKS):
    """Go through tracks in the order of time.

    Returns  (frame, ids (k,), boxes (k, 4)) for each frame in which somebody is seen
    Raises   ArgumentError for a track whose frames do not rise, or whose boxes are not finite, not
             as many as its frames, or turned round
    """
    rows = sorted((frame, name, place) for name, (frames, boxes) in checked_tracks(tracks).items()
                  for place, frame in enumerate(frames.tolist()))
    for frame, group in groupby(rows, key=lambda row: row[0]):
        _, names, places = zip(*group, strict=True)
        boxes = [tracks[name][1][place] for name, place in zip(names, places, strict=True)]
        yield frame, np.array(names), np.array(boxes, float)


@checked
def checked_tracks(tracks: TRACKS):
    """The tracks as arrays, if they are what they must be: {id: (frames (n,), boxes (n, 4))}.

    Raises   ArgumentError as `frame_by_frame`
    """
    return {name: _checked(name, track) for name, track in tracks.items()}


def check_boxes(boxes, name="boxes"):
    """Boxes as floating numbers, if they are finite and not turned round."""
    boxes = np.asarray(boxes, float)
    if not np.isfinite(boxes).all():
        raise ArgumentError(f"{name} must be finite: box {_first(~np.isfinite(boxes).all(1))} has "
                            "a NaN or an infinite number; drop it before")
    if (turned := (boxes[:, 2:] < boxes[:, :2]).any(1)).any():
        raise ArgumentError(f"{name} must be xyxy with x0 <= x1 and y0 <= y1: box "
                            f"{_first(turned)} is {boxes[turned][0].tolist()}")
    return boxes


def _checked(name, track):
    try:
        frames, boxes = track
    except (TypeError, ValueError):
        raise ArgumentError(f"track {name} must be a pair (frames (n,), boxes (n, 4))") from None
    frames = IDS.look(frames, f"the frames of track {name}")
    boxes = check_boxes(BOXES.look(boxes, f"the boxes of track {name}"),
                        f"the boxes of track {name}")
    if len(frames) != len(boxes):
        raise ArgumentError(f"track {name} has {len(frames)} frames and {len(boxes)} boxes: give "
                            "one box a frame")
    if (np.diff(frames) <= 0).any():
        raise ArgumentError(f"the frames of track {name} must rise: sort them, and give each once")
    return frames, boxes


def _first(truths):
    return int(np.argmax(truths))
