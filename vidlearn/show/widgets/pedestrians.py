"""The search for people: which windows of one size reach a score."""

from functools import lru_cache

from vidlearn.checks import checked, kinds
from vidlearn.detection.sliding_window import SVM, detect_windows
from vidlearn.show import draw
from vidlearn.show.boxes import boxed

LOWEST = -1.0                              # windows that score less are never drawn


@checked
def window_search(frames: kinds.BYTES, svm: SVM):
    """Make the `draw` of a widget: every window for people of one height that reaches a score.

    Shapes   frames (N, H, W, 3)
    Units    scores below -1 are never drawn
    """
    @lru_cache(maxsize=64)
    def searched(frame, height, iou):
        return detect_windows(frames[frame], svm, [height], LOWEST, iou)

    def search(frame=0, height=32, score=0.0, nms=False):
        found = searched(frame, height, 0.3 if nms else 1.0)
        reached = found["scores"] >= score
        picture = boxed(frames[frame], found["boxes"][reached], colour=draw.ORANGE, thickness=1)
        return picture, f"{reached.sum()} windows for people of {height} pixels reach {score:.1f}"
    return search
