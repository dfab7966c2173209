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


def on_street(crowd):
    """The table of the street: means over the seeds, with and without colours."""
    made = {}
    for seed in SEEDS:
        clip = street(seed, frames=200, people=8 if crowd else 6, cars=0, crowd=crowd)
        truth, found = street_detections(clip, seed)
        for name, tracker in (("SORT", Sort(max_age=1)), ("SORT, max_age 15", Sort(15, 3, 0.2)),
                              ("two steps", TwoStep(high=0.55))):
            for colours in (False, True):
                label, used = name + " + colours" * colours, tracker
                if colours:
                    used = Reidentified(type(tracker)(**options(tracker)))
                start = time.process_time()
                tracks = [used.update(boxes, scores=scores, frame=frame) for (boxes, scores), frame
                          in zip(found, clip.frames, strict=True)]
                rate = len(found) / (time.process_time() - start)
                score = clear(truth, tracks)
                made.setdefault(label, []).append(
                    (score.mota, idf1(truth, tracks), hota(truth, tracks).hota, score.switches,
                     rate))
    print(f"\nThe street{', crowded' * crowd}: 200 frames, means over {len(SEEDS)} seeds")
    table(HEAD, ((name, *(f"{x:.3f}" for x in np.mean(rows, 0)[:3]),
                  *(f"{x:.1f}" for x in np.mean(rows, 0)[3:4]), f"{np.mean(rows, 0)[4]:.0f}")
                 for name, rows in made.items()))


def options(tracker):
    """The options that a tracker was made with, for another of its kind."""
    names = ("max_age", "min_hits", "iou_threshold", "low", "high")
    return {name: getattr(tracker, name) for name in names if hasattr(tracker, name)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--others", action="store_true")
    given = parser.parse_args()
    for name in FILMS if given.folder else ():
        film(given.folder, name, given.others)
    for crowd in (False, True):
        on_street(crowd)


if __name__ == "__main__":
    main()
