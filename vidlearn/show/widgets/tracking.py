"""A street with tracks on it: what faults of the detector do to them, and a line to count at."""

from dataclasses import replace
from functools import lru_cache

from vidlearn.checks import checked
from vidlearn.datasets.street_detections import STREET, street_detections
from vidlearn.show import draw
from vidlearn.show.boxes import boxed
from vidlearn.surveillance.counting import LineCounter
from vidlearn.tracking.scores import clear
from vidlearn.tracking.tracker import TwoStep

TIMES, TRAIL, FRAMES = 3, 25, 60            # enlarged; frames of a trail; frames watched


@checked
def tracked_street(clip: STREET):
    """Make the `draw` of a widget: misses, noise, patience and a line, against switches.

    It watches the first FRAMES frames, so that a key press is answered at once.

    The line lies across the picture at `line` percent of its height.
    """
    height, width = clip.frames.shape[1:3]
    short = replace(clip, frames=clip.frames[:FRAMES], boxes=clip.boxes[:FRAMES],
                    visible=clip.visible[:FRAMES])

    @lru_cache(maxsize=32)
    def tracks_of(missed, noise, patience):
        truth, found = street_detections(short, 0, missed, noise)
        tracker = TwoStep(max_age=patience, high=0.55)
        tracks = [tracker.update(boxes, scores=scores) for boxes, scores in found]
        return tracks, clear(truth, tracks)

    def watch(frame=40, missed=0.1, noise=0.04, patience=10, line=65):
        tracks, score = tracks_of(missed, noise, patience)
        y = line / 100 * height
        counts = _counts(tracks, (0, y, width, y))
        sheet = boxed(clip.frames[frame], tracks[frame][1], [str(i) for i in tracks[frame][0]],
                      [draw.COLOURS[i % 6] for i in tracks[frame][0]] or draw.RED, TIMES)
        _paint_trails(sheet, tracks[max(0, frame - TRAIL):frame + 1])
        sheet[max(0, round(y * TIMES) - 1):round(y * TIMES) + 1] = draw.PAPER
        ids = len({i for names, _ in tracks for i in names.tolist()})
        return sheet, (f"MOTA {score.mota:.2f}, {score.switches} switches, {ids} ids; over the "
                       f"line: {counts['right']} towards us, {counts['left']} away")
    return watch


def _counts(tracks, line):
    counter = LineCounter(line)
    for t, (ids, boxes) in enumerate(tracks):
        counter.update(t, ids, boxes)
    return counter.counts


def _paint_trails(sheet, tracks):
    """A dot for each foot of the last frames."""
    for ids, boxes in tracks:
        for i, (left, _, right, bottom) in zip(ids.tolist(), boxes, strict=True):
            x, y = round((left + right) / 2 * TIMES), round(bottom * TIMES)
            sheet[max(0, y - 1):y + 1, max(0, x - 1):x + 1] = draw.COLOURS[i % 6]
