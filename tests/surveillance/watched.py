"""A detector that knows the truth about a street, and a tracker that knows who is who."""

import numpy as np


class Truth:
    """Detects the people of a street one frame after another, and names them by their number."""

    def __init__(self, clip, people):
        self.clip, self.people, self.t, self.names = clip, people, -1, None

    def detect(self, picture):
        self.t += 1
        self.names = np.flatnonzero(self.clip.visible[self.t, :self.people] > .2)
        return {"boxes": self.clip.boxes[self.t, self.names].astype(float),
                "labels": np.ones(len(self.names), int), "scores": np.ones(len(self.names))}

    def update(self, boxes, scores=None, frame=None):
        return self.names, boxes


def stream(clip, fps=25):
    """(second, frame) pairs, as a film gives them."""
    return ((t / fps, frame) for t, frame in enumerate(clip.frames))
