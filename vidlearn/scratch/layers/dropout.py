"""Dropout: set random elements to 0 in training, so that the network relies on none of them."""

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers.arguments import NUMBERS


@checked
def dropout_forward(x: NUMBERS, p: kinds.FRACTION = 0.5, *, rng, shape=None):
    """Set each element to 0 with probability p and divide the rest by 1 - p: the mean stays.

    Shapes   `shape` (by default x's) is that of the random mask: (N, C, 1, 1) drops whole channels
    Source   Srivastava et al., JMLR 15 (2014)
    Twin     torch.nn.functional.dropout, dropout1d, dropout2d, dropout3d
    """
    kept = rng.random(x.shape if shape is None else shape) >= p
    mask = kept.astype(x.dtype) * (1 / (1 - p) if p < 1 else 0)
    return x * mask, mask


@checked
def dropout_backward(dy: NUMBERS, mask):
    """Apply the same mask, and the same scale, to the gradient."""
    return dy * mask
