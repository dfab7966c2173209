"""One answer for a clip from the scores of its frames, after each frame."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers.activation import softmax_forward

POOLINGS = ("vote", "mean of probabilities", "mean of logits", "maximum")


@checked
def pool_so_far(scores: kinds.array("scores (T, classes)", 2),
                how: kinds.choice(*POOLINGS) = "vote"):
    """Pool the scores of the frames up to each one; the last row is the clip's answer.

    Shapes   scores (T, classes), before softmax  ->  (T, classes)
    Units    a row of all but the maximum adds up to 1
    """
    probabilities, seen = softmax_forward(scores)[0], np.arange(1, len(scores) + 1)[:, None]
    if how == "vote":
        return np.cumsum(np.eye(scores.shape[1])[probabilities.argmax(1)], 0) / seen
    if how == "mean of probabilities":
        return np.cumsum(probabilities, 0) / seen
    if how == "mean of logits":
        return softmax_forward(np.cumsum(scores, 0) / seen)[0]
    return np.maximum.accumulate(probabilities, 0)
