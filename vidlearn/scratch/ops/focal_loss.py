"""The focal loss on Tensors: cross-entropy in which easy examples count little."""

from vidlearn.checks import kinds
from vidlearn.scratch.core.errors import ShapeError, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor_kinds import REAL, REDUCTION
from vidlearn.scratch.nn.functional import binary_cross_entropy_with_logits, sigmoid


def sigmoid_focal_loss(inputs: REAL, targets: REAL, alpha: kinds.NUMBER = 0.25,
                       gamma: kinds.NOT_NEGATIVE = 2, reduction: REDUCTION = "none"):
    """Binary cross-entropy times (1 - p)^gamma, where p is the probability of what is true.

    Nearly all anchors are background, and easy: their many small losses would drown the others.
    True examples count alpha times, and background 1 - alpha times; alpha < 0 leaves this out.

    Source   Lin et al., arXiv:1708.02002
    """
    if inputs.shape != targets.shape:
        raise ShapeError(f"sigmoid_focal_loss: inputs {inputs.shape} and targets {targets.shape} "
                         "must have the same shape")
    refuse_mixed_dtypes("sigmoid_focal_loss", inputs=inputs, targets=targets)
    p = sigmoid(inputs)
    wrong = 1 - (p * targets + (1 - p) * (1 - targets))
    loss = binary_cross_entropy_with_logits(inputs, targets, reduction="none") * wrong ** gamma
    if alpha >= 0:
        loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
    if reduction == "none":
        return loss
    return loss.sum() if reduction == "sum" else loss.mean()
