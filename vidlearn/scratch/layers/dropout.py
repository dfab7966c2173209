"""Dropout: silence random numbers while training, so that none can be relied on alone."""


def dropout_forward(x, p=0.5, *, rng, shape=None):
    """Set each number to 0 with probability p and divide the rest by 1 - p: the mean stays.

    Shapes   `shape` (x's by default) is the random mask's: (N, C, 1, 1) silences whole channels
    Source   Srivastava et al., JMLR 15 (2014)
    Twin     torch.nn.functional.dropout, dropout1d, dropout2d, dropout3d
    """
    kept = rng.random(x.shape if shape is None else shape) >= p
    mask = kept.astype(x.dtype) * (1 / (1 - p) if p < 1 else 0)
    return x * mask, mask


def dropout_backward(dy, mask):
    """Gradients pass where the numbers passed, and are scaled alike."""
    return dy * mask
