"""Known again by colour: a new track takes the id of a lost one that looks like it."""

from dataclasses import dataclass
from itertools import count

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers.boxes import BOXES, SCORES

FRAME = kinds.array("a picture (H, W, 3) of uint8", 3, last=(3,), dtypes="B")
BOX = kinds.array("a box of left, top, right, bottom", 1)
TRACKER = kinds.having("a tracker, with update(boxes, scores, frame)", "update")
LEVELS = 4                                 # of red, of green and of blue
HABIT = 0.1                                # how much of a look is new in each frame


@dataclass
class Lost:
    """Somebody who is not seen any more: since when, where, and how they looked."""

    id: int
    frame: int
    centre: np.ndarray
    look: np.ndarray


@checked
def colours(frame: FRAME, box: BOX):
    """How often each of 64 colours occurs in the upper and in the lower half of a box.

    The roots of the shares: so the product of two looks is 1 if they are equal and 0 if they have
    no colour in common (the Bhattacharyya coefficient).

    Shapes   frame (H, W, 3), box (4,)  ->  (128,), of length 1; all 0 for a box outside
    """
    height, width = frame.shape[:2]
    left, top, right, bottom = np.clip(np.rint(box), 0, (width, height) * 2).astype(int)
    patch = frame[top:bottom, left:right] // (256 // LEVELS)
    codes = patch @ np.array([LEVELS ** 2, LEVELS, 1])
    halves = codes[:len(codes) // 2], codes[len(codes) // 2:]
    counts = np.concatenate([np.bincount(half.ravel(), minlength=LEVELS ** 3) for half in halves])
    return np.sqrt(counts / max(counts.sum(), 1))


@checked
class Reidentified:
    """A tracker whose new tracks are compared with those it lost.

    A new track takes the id of the lost one that looks most alike, if that is `alike` or more, was
    lost less than `memory` frames ago, and could have come here at `speed`, less than `reach` away
    in any case.

    Units    memory: frames; speed: pixels a frame; reach: pixels
    """

    def __init__(self, tracker: TRACKER, alike: kinds.FRACTION = 0.6,
                 memory: kinds.POSITIVE_COUNT = 60, speed: kinds.NOT_NEGATIVE = 0.9,
                 reach: kinds.NOT_NEGATIVE = 10.0):
        self.tracker, self.alike, self.memory = tracker, alike, memory
        self.speed, self.reach = speed, reach
        self._frame, self._ids = 0, count(1)
        self._seen, self._looks, self._names, self._lost = {}, {}, {}, []     # by the tracker's id

    def update(self, boxes: BOXES, scores: SCORES = None, frame: FRAME = None):
        """Take the boxes of the next frame, and the frame itself.

        Returns  ids (k,) and boxes (k, 4) of the tracks seen in this frame
        Raises   ArgumentError without a frame, and for boxes as the tracker does
        """
        if frame is None:
            raise ArgumentError("frame: colours are read from it, so give the picture, too")
        self._frame += 1
        ids, boxes = self.tracker.update(boxes, scores=scores, frame=frame)
        self._lose(set(ids.tolist()))
        for i, box in sorted(zip(ids.tolist(), boxes, strict=True),
                             key=lambda pair: pair[0] not in self._names):    # the known come first
            self._look(i, box, colours(frame, box))
        return np.array([self._names[i] for i in ids.tolist()], int), boxes

    def _lose(self, now):
        """Note who was seen in the frame before, and is not seen now."""
        self._lost += [Lost(self._names[i], self._frame, (box[:2] + box[2:]) / 2, self._looks[i])
                       for i, box in self._seen.items() if i not in now]
        self._lost = [one for one in self._lost if self._frame - one.frame < self.memory]
        self._seen = {}

    def _look(self, i, box, look):
        if i in self._names:
            look = (1 - HABIT) * self._looks[i] + HABIT * look
            name = self._names[i]
        else:
            known = self._known((box[:2] + box[2:]) / 2, look)
            name = known.id if known else next(self._ids)
            self._names = {j: other for j, other in self._names.items() if other != name}
        self._lost = [one for one in self._lost if one.id != name]
        self._names[i], self._looks[i], self._seen[i] = name, look, box

    def _known(self, centre, look):
        """The lost one who looks most alike, of those who could be here; or None."""
        near = [one for one in self._lost if np.linalg.norm(one.centre - centre)
                <= self.reach + self.speed * (self._frame - one.frame)]
        best = max(near, key=lambda one: one.look @ look, default=None)
        return best if best is not None and best.look @ look >= self.alike else None
