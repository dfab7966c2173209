"""The trackers and scores of others, run on the same boxes; see benchmarks/tracking.py."""

import sys
import types

import motmetrics
import numpy as np
import supervision
import trackers as published
from norfair import Detection, Tracker
from trackeval.metrics import CLEAR, HOTA, Identity

from vidlearn.scratch.layers.boxes import box_iou
from vidlearn.tracking.scores import clear, hota, idf1


class Published:
    """A tracker of the package `trackers`."""

    def __init__(self, tracker):
        self.tracker = tracker

    def update(self, boxes, scores):
        found = self.tracker.update(supervision.Detections(
            xyxy=boxes, confidence=scores, class_id=np.zeros(len(boxes), int)))
        found = found[found.tracker_id >= 0] if len(found) else found
        return (np.array([] if not len(found) else found.tracker_id, int),
                found.xyxy.reshape(-1, 4))


class Norfair:
    """norfair's tracker by IoU."""

    def __init__(self):
        self.tracker = Tracker(distance_function="iou", distance_threshold=0.7,
                               hit_counter_max=10, initialization_delay=2)

    def update(self, boxes, scores):
        found = self.tracker.update([
            Detection(points=box.reshape(2, 2), scores=np.full(2, score))
            for box, score in zip(boxes, scores, strict=True)])
        found = [one for one in found if one.live_points.any()]
        return (np.array([one.id for one in found], int),
                np.array([one.estimate.ravel() for one in found]).reshape(-1, 4))


def trackers():
    named = [name for name in dir(published) if name.endswith("Tracker")]
    return {"norfair": Norfair()} | {
        f"trackers: {name.removesuffix('Tracker')}": Published(getattr(published, name)())
        for name in named}


def compare(program, frames, truth, tracks):
    """Print whether SORT's own program gives the same ids, and others the same scores."""
    theirs = reference(program, frames)
    same = all(sorted(a[0].tolist()) == sorted(b[0].tolist())
               for a, b in zip(tracks, theirs, strict=True))
    print(f"\nthe same identities in every frame as SORT's own program: {same}")
    found = clear(truth, tracks)
    print(f"ours        MOTA {found.mota:.4f} switches {found.switches} IDF1 "
          f"{idf1(truth, tracks):.4f} HOTA {hota(truth, tracks).hota:.4f}")
    print("motmetrics ", by_motmetrics(truth, tracks))
    print("trackeval  ", by_trackeval(truth, tracks))


def reference(program, frames):
    """The tracks of sort.py, without the lines in it that draw."""
    source = program.read_text().split("if __name__ == '__main__'")[0]
    source = "\n".join(line for line in source.splitlines()
                       if "matplotlib" not in line and "skimage" not in line)
    module = types.ModuleType("sort")
    sys.modules["sort"] = module
    exec(compile(source, str(program), "exec"), module.__dict__)  # noqa: S102
    tracker, found = module.Sort(), []
    module.KalmanBoxTracker.count = 0
    for _, boxes, scores in frames:
        rows = tracker.update(np.column_stack([boxes, scores]))
        found.append((rows[:, 4].astype(int), rows[:, :4]))
    return found


def by_motmetrics(truth, tracks):
    np.asfarray = lambda array, dtype=float: np.asarray(array, dtype)     # gone since NumPy 2
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for (ids, boxes), (names, found) in zip(truth, tracks, strict=True):
        sides = [np.hstack([x[:, :2], x[:, 2:] - x[:, :2]]) for x in (boxes, found)]
        accumulator.update(list(ids), list(names),
                           motmetrics.distances.iou_matrix(*sides, max_iou=0.5))
    row = motmetrics.metrics.create().compute(
        accumulator, metrics=["mota", "num_switches", "idf1"], name="x").iloc[0]
    return f"MOTA {row['mota']:.4f} switches {row['num_switches']:.0f} IDF1 {row['idf1']:.4f}"


def by_trackeval(truth, tracks):
    people, names = ({i: k for k, i in enumerate(sorted({i for ids, _ in frames
                                                         for i in ids.tolist()}))}
                     for frames in (truth, tracks))
    data = {
        "num_gt_ids": len(people), "num_tracker_ids": len(names), "num_timesteps": len(truth),
        "gt_ids": [np.array([people[i] for i in ids.tolist()], int) for ids, _ in truth],
        "tracker_ids": [np.array([names[i] for i in ids.tolist()], int) for ids, _ in tracks],
        "similarity_scores": [box_iou(a[1], b[1]) for a, b in zip(truth, tracks, strict=True)],
        "num_gt_dets": sum(len(ids) for ids, _ in truth),
        "num_tracker_dets": sum(len(ids) for ids, _ in tracks)}
    quiet = {"PRINT_CONFIG": False}
    found, one, who = (metric.eval_sequence(data) for metric in (
        CLEAR(quiet), HOTA(), Identity(quiet)))
    return (f"MOTA {found['MOTA']:.4f} switches {found['IDSW']} IDF1 {who['IDF1']:.4f} "
            f"HOTA {one['HOTA'].mean():.4f}")
