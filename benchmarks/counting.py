"""Are lines, zones and speeds right? On streets whose truth is known, over five seeds.

    python benchmarks/counting.py [--seeds 5] [--frames 300]

The truth follows the ankles of everybody, seen or hidden, through the whole picture. Against it
stand tracks: the true boxes of whoever is visible; those of which 10 % are missing and all tremble
by 4 % of their height, tracked; and blobs of movement, tracked. Events of one direction are paired
if they are at most a second apart. Prints Markdown tables.
"""

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import numpy as np  # noqa: E402
from tables import table  # noqa: E402

from vidlearn.datasets.street import JOINTS, street  # noqa: E402
from vidlearn.datasets.street.animation import FPS  # noqa: E402
from vidlearn.datasets.street.camera import Camera  # noqa: E402
from vidlearn.surveillance.blobs import Blobs, empty_scene  # noqa: E402
from vidlearn.surveillance.counting import crossings  # noqa: E402
from vidlearn.surveillance.dwell import visits  # noqa: E402
from vidlearn.surveillance.ground import homography, speeds  # noqa: E402
from vidlearn.tracking.appearance import Reidentified  # noqa: E402
from vidlearn.tracking.tracker import TwoStep  # noqa: E402

PEOPLE, SIZE = 6, (120, 160)
LINES = {"across the pavement": (105, 119, 105, 20), "nearer": (125, 119, 125, 20),
         "aslant": (70, 110, 140, 60)}
ZONE = [(95, 60), (150, 60), (150, 115), (95, 115)]
GROUND = np.array([(3, 7), (6.5, 9), (3, 16), (6.5, 18)], float)         # metres, seen by everyone
ANKLES = [JOINTS.index(f"{side} ankle") for side in ("left", "right")]
VISIBLE, CLEAR = .2, .7                                     # shares: given at all, and surely
MISSED, TREMBLE, FAINT = .1, .04, .3


def truth(clip):
    """The whole way of everybody's ankles inside the picture, as tracks of thin boxes."""
    feet, heads = clip.joints[:, :, ANKLES].mean(2), clip.joints[:, :, 0]
    inside = ((feet >= 0) & (feet <= SIZE[::-1])).all(-1)
    return {k: (t, np.stack([feet[t, k, 0] - 3, np.minimum(heads[t, k, 1], feet[t, k, 1]),
                             feet[t, k, 0] + 3, feet[t, k, 1]], 1))
            for k in range(PEOPLE) for t in [np.flatnonzero(inside[:, k])] if len(t)}


def true_boxes(clip):
    """Tracks of the true boxes of whoever is visible."""
    return {k: (t, clip.boxes[t, k].astype(float)) for k in range(PEOPLE)
            for t in [np.flatnonzero(clip.visible[:, k] > VISIBLE)] if len(t)}


def noisy(clip):
    """For each frame, boxes and scores of a detector that misses and trembles."""
    rng = np.random.default_rng(0)
    for boxes, visible in zip(clip.boxes, clip.visible, strict=True):
        seen = np.flatnonzero(visible > VISIBLE)
        seen = seen[rng.random(len(seen)) >= MISSED]
        height = boxes[seen, 3:] - boxes[seen, 1:2]
        found = boxes[seen] + rng.normal(0, TREMBLE, (len(seen), 4)) * height
        good = (found[:, 2:] > found[:, :2]).all(1)
        yield found[good], np.where(visible[seen] < CLEAR, FAINT, 1.)[good]


def moving(clip):
    """For each frame, blobs of what moves before the median of the clip."""
    blobs = Blobs(empty_scene(clip.frames[::10]))
    for frame in clip.frames:
        found = blobs.detect(frame)
        yield found["boxes"], found["scores"]


def tracked(detections, again):
    """A function clip -> tracks; with `again`, the lost are known again by their colours."""
    def tracks(clip):
        tracker, ways = TwoStep(), {}
        tracker = Reidentified(tracker) if again else tracker
        for t, (boxes, scores) in enumerate(detections(clip)):
            for name, box in zip(*tracker.update(boxes, scores, clip.frames[t]), strict=True):
                ways.setdefault(int(name), []).append((t, box))
        return {name: tuple(map(np.array, zip(*way, strict=True))) for name, way in ways.items()}
    return tracks


SOURCES = {"true boxes": true_boxes, "noisy boxes, two steps": tracked(noisy, False),
           "noisy boxes, and colours": tracked(noisy, True), "blobs, two steps":
           tracked(moving, False), "blobs, and colours": tracked(moving, True)}


def right(found, true):
    """How many of the found events are true: pairs of one direction, at most a second apart."""
    free, pairs = list(true), 0
    for event in found:
        near = [other for other in free if other.direction == event.direction
                and abs(other.frame - event.frame) <= FPS]
        if near:
            free.remove(min(near, key=lambda other: abs(other.frame - event.frame)))
            pairs += 1
    return pairs


def score(clip, tracks):
    """Found, right and true crossings of all lines; seconds found and true in the zone."""
    ways, events = truth(clip), np.zeros(3, int)
    for line in LINES.values():
        found, true = crossings(tracks, line), crossings(ways, line)
        events += len(found), right(found, true), len(true)
    seconds = [sum(visit.seconds for visit in visits(each, ZONE, FPS)) for each in (tracks, ways)]
    return [*events, *seconds, pace_error(clip, tracks)]


def pace_error(clip, tracks):
    """By how much the median speed of tracks is off that of the true way, in m/s."""
    camera = Camera(*SIZE)
    pixels, _ = camera.project(np.hstack([GROUND, np.zeros((4, 1))]))
    matrix = homography(pixels, GROUND)
    found, true = (np.concatenate([[0.], *speeds(each, matrix, FPS).values()])
                   for each in (tracks, truth(clip)))
    return abs(np.nanmedian(found) - np.nanmedian(true))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=300)
    asked = parser.parse_args()
    for crowd in (False, True):
        clips = [street(70 + seed, frames=asked.frames, people=PEOPLE, cars=0, crowd=crowd)
                 for seed in range(asked.seeds)]
        table([f"{'crowd' if crowd else 'usual street'}, {asked.seeds} seeds", "crossings found",
               "true", "precision", "recall", "seconds in the zone, found", "true",
               "speed off by, m/s"],
              (row(name, np.array([score(clip, tracks(clip)) for clip in clips]))
               for name, tracks in SOURCES.items()))


def row(name, scores):
    """The cells of one source, all seeds together; the speed is a mean over seeds."""
    found, correct, true, seconds, dwell, _ = scores.sum(0)
    return [name, f"{found:.0f}", f"{true:.0f}", f"{correct / max(found, 1):.2f}",
            f"{correct / max(true, 1):.2f}", f"{seconds:.1f}", f"{dwell:.1f}",
            f"{scores[:, 5].mean():.2f}"]


if __name__ == "__main__":
    main()
