"""Trackers on two real films, on a crowded street, and what others make of the same detections.

    python benchmarks/tracking.py FOLDER [--others]

FOLDER holds, for TUD-Campus and TUD-Stadtmitte, the detections that SORT published and the truth:

    <name>/det.txt   github.com/abewley/sort, data/train/<name>/det/det.txt
    <name>/gt.txt    motmetrics 1.4.0 on the package index, motmetrics/data/<name>/gt.txt
    sort.py          github.com/abewley/sort, for --others

--others also runs SORT's own program (it must give the same identities), motmetrics and trackeval
(they must give the same scores), norfair and three trackers of the package `trackers`. They need
`pip install -e .[bench-tracking]`, which changes the NumPy of the environment: take one of its own.

On the street, detections are made from the truth: 10 % are missed, corners tremble by 4 % of the
height, 15 % of the frames have a false alarm, and who is half hidden has a lower score.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from tables import table

from vidlearn.datasets.street import street
from vidlearn.datasets.street_detections import street_detections
from vidlearn.tracking import mot
from vidlearn.tracking.appearance import Reidentified
from vidlearn.tracking.scores import clear, hota, idf1
from vidlearn.tracking.tracker import Sort, TwoStep

FILMS = {"TUD-Campus": 71, "TUD-Stadtmitte": 179}
SEEDS = range(30, 35)
HEAD = ("tracker", "MOTA", "IDF1", "HOTA", "switches", "frames a second")


def ours():
    return {"SORT": Sort(), "SORT, max_age 10": Sort(max_age=10),
            "two steps": TwoStep(min_hits=1, iou_threshold=0.3)}


def run(tracker, frames):
    """Tracks of each frame, and how many frames a second of processor time."""
    start = time.process_time()
    found = [tracker.update(boxes, scores=scores) for _, boxes, scores in frames]
    return found, len(frames) / (time.process_time() - start)


def row(name, truth, tracks, rate):
    found = clear(truth, tracks)
    return (name, f"{found.mota:.3f}", f"{idf1(truth, tracks):.3f}",
            f"{hota(truth, tracks).hota:.3f}", str(found.switches), f"{rate:.0f}")


def film(folder, name, others):
    """The table of one real film."""
    truth = [frame[:2] for frame in mot.read(folder / name / "gt.txt", FILMS[name])]
    frames = mot.read(folder / name / "det.txt", FILMS[name])
    print(f"\n{name}: {len(truth)} frames, {len({i for ids, _ in truth for i in ids})} people")
    rows, tracks = [], {}
    for label, tracker in ours().items():
        tracks[label], rate = run(tracker, frames)
        rows.append(row(label, truth, tracks[label], rate))
    if others:
        import other_trackers

        rows += [row(label, truth, *run(tracker, frames))
                 for label, tracker in other_trackers.trackers().items()]
    table(HEAD, rows)
    if others:
        other_trackers.compare(folder / "sort.py", frames, truth, tracks["SORT"])


ALIKE = dict(max_age=20, min_hits=3, iou_threshold=0.2, keep_confirmed=True)
METHODS = {                                # a tracker, the least score it gets, colours
    "SORT": (Sort, {}, 0, False),
    "SORT + colours": (Sort, {}, 0, True),
    "patient": (Sort, ALIKE | {"keep_confirmed": False}, 0, False),
    "patient, shown again at once": (Sort, ALIKE, 0, False),
    "the same + colours": (Sort, ALIKE, 0, True),
    "the same without faint boxes": (Sort, ALIKE, 0.55, False),
    "two steps": (TwoStep, {"high": 0.55}, 0, False),
    "two steps + colours": (TwoStep, {"high": 0.55}, 0, True),
}


def on_street(crowd, false_alarms):
    """The table of the street: means over the seeds. All rows from the fourth on show alike."""
    made = {}
    for seed in SEEDS:
        clip = street(seed, frames=200, people=8 if crowd else 6, cars=0, crowd=crowd)
        truth, found = street_detections(clip, seed, false_alarms=false_alarms)
        for name, (kind, options, least, colours) in METHODS.items():
            tracker = Reidentified(kind(**options)) if colours else kind(**options)
            start = time.process_time()
            tracks = [tracker.update(boxes[scores >= least], scores=scores[scores >= least],
                                     frame=frame)
                      for (boxes, scores), frame in zip(found, clip.frames, strict=True)]
            rate = len(found) / (time.process_time() - start)
            score = clear(truth, tracks)
            ids = len({i for names, _ in tracks for i in names.tolist()})
            made.setdefault(name, []).append((
                score.mota, idf1(truth, tracks), hota(truth, tracks).hota, score.switches, rate,
                score.false_positives, ids))
    print(f"\nThe street{', crowded' * crowd}, {false_alarms} ghosts a frame: 200 frames, means "
          f"over {len(SEEDS)} seeds")
    table((*HEAD, "false alarms", "ids"), (
        (name, *(f"{x:.3f}" for x in means[:3]), *(f"{x:.1f}" for x in means[3:]))
        for name, means in ((name, np.mean(rows, 0)) for name, rows in made.items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--others", action="store_true")
    given = parser.parse_args()
    for name in FILMS if given.folder else ():
        film(given.folder, name, given.others)
    for crowd, false_alarms in ((False, 0.15), (True, 0.15), (True, 1.0)):
        on_street(crowd, false_alarms)


if __name__ == "__main__":
    main()
