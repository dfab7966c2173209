"""Losses and cosine similarity on Tensors, under the names of torch.nn.functional.

torch's deprecated `size_average` and `reduce` keep their positions among the arguments and are
refused: `reduction` replaces both.
"""

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import (
    ShapeError,
    UnsupportedOption,
    broadcast_shape,
    refuse_mixed_dtypes,
)
from vidlearn.scratch.core.tensor import array_of, lift
from vidlearn.scratch.layers import loss as pairs
from vidlearn.scratch.layers import metric_learning, regression_loss
from vidlearn.scratch.numbers.elementwise import cast
from vidlearn.scratch.numbers.shape import axis_of, expand

_cross_entropy = lift(pairs.cross_entropy_forward, pairs.cross_entropy_backward)
_nll_loss = lift(pairs.nll_loss_forward, pairs.nll_loss_backward)
_bce = lift(pairs.binary_cross_entropy_forward, pairs.binary_cross_entropy_backward)
_bce_with_logits = lift(pairs.binary_cross_entropy_with_logits_forward,
                        pairs.binary_cross_entropy_with_logits_backward)
_mse_loss = lift(regression_loss.mse_loss_forward, regression_loss.mse_loss_backward)
_l1_loss = lift(regression_loss.l1_loss_forward, regression_loss.l1_loss_backward)
_smooth_l1_loss = lift(regression_loss.smooth_l1_loss_forward,
                       regression_loss.smooth_l1_loss_backward)
_huber_loss = lift(regression_loss.huber_loss_forward, regression_loss.huber_loss_backward)
_pairwise_distance = lift(metric_learning.pairwise_distance_forward,
                          metric_learning.pairwise_distance_backward)
_margin_ranking_loss = lift(metric_learning.margin_ranking_loss_forward,
                            metric_learning.margin_ranking_loss_backward)
_cosine_similarity = lift(metric_learning.cosine_similarity_forward,
                          metric_learning.cosine_similarity_backward)
_cosine_embedding_loss = lift(metric_learning.cosine_embedding_loss_forward,
                              metric_learning.cosine_embedding_loss_backward)
_triplet_margin_loss = lift(metric_learning.triplet_margin_loss_forward,
                            metric_learning.triplet_margin_loss_backward)


def cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None,
                  reduction="mean", label_smoothing=0.0):
    """Minus the log-probability of the target under softmax: class numbers or probabilities."""
    refuse_deprecated(size_average, reduce)
    _check_classes("cross_entropy", input, target, weight, label_smoothing)
    return _cross_entropy(input, target, weight=_array(weight), ignore_index=ignore_index,
                          reduction=reduction, label_smoothing=label_smoothing)


def nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None,
             reduction="mean"):
    """Minus the log-probability of the target; the input is the output of log_softmax."""
    refuse_deprecated(size_average, reduce)
    _check_classes("nll_loss", input, target, weight)
    return _nll_loss(input, target, weight=_array(weight), ignore_index=ignore_index,
                     reduction=reduction)


def mse_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    """The squared difference."""
    refuse_deprecated(size_average, reduce)
    if weight is not None:
        raise UnsupportedOption("mse_loss: weight is not implemented; use reduction='none' and "
                                "multiply")
    return _mse_loss(input, _real(target, input), reduction=reduction)


def l1_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    """The absolute difference."""
    refuse_deprecated(size_average, reduce)
    if weight is not None:
        raise UnsupportedOption("l1_loss: weight is not implemented; use reduction='none' and "
                                "multiply")
    return _l1_loss(input, _real(target, input), reduction=reduction)


def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction="mean", beta=1.0):
    """Quadratic for differences below `beta`, linear above."""
    refuse_deprecated(size_average, reduce)
    return _smooth_l1_loss(input, _real(target, input), reduction=reduction, beta=beta)


def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    """Half the squared difference up to `delta`, linear above."""
    if weight is not None:
        raise UnsupportedOption("huber_loss: weight is not implemented; use reduction='none' and "
                                "multiply")
    return _huber_loss(input, _real(target, input), reduction=reduction, delta=delta)


def binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None,
                         reduction="mean"):
    """Minus the log-probability of the target (0 to 1); the input is a probability already."""
    refuse_deprecated(size_average, reduce)
    refuse_mixed_dtypes("binary_cross_entropy", input=input, target=target)
    broadcast_shape("binary_cross_entropy", input=input,
                    **({} if weight is None else {"weight": weight}))
    return _bce(input, target, weight=_array(weight), reduction=reduction)


def binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, reduce=None,
                                     reduction="mean", pos_weight=None):
    """Minus the log-probability of the target (0 to 1) under the sigmoid of the input."""
    refuse_deprecated(size_average, reduce)
    given = {"input": input, "weight": weight, "pos_weight": pos_weight}
    broadcast_shape("binary_cross_entropy_with_logits",
                    **{name: x for name, x in given.items() if x is not None})
    return _bce_with_logits(input, _real(target, input), weight=_array(weight),
                            pos_weight=_array(pos_weight), reduction=reduction)


def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2.0, eps=1e-6, swap=False,
                        size_average=None, reduce=None, reduction="mean"):
    """max(0, d(anchor, positive) - d(anchor, negative) + margin), with d the p-norm distance."""
    refuse_deprecated(size_average, reduce)
    return _triplet_margin_loss(anchor, positive, negative, margin=margin, p=p, eps=eps, swap=swap,
                                reduction=reduction)


def margin_ranking_loss(input1, input2, target, margin=0.0, size_average=None, reduce=None,
                        reduction="mean"):
    """max(0, -target (input1 - input2) + margin): which of two should be larger."""
    refuse_deprecated(size_average, reduce)
    if not input1.ndim == input2.ndim == target.ndim:
        raise ShapeError(f"margin_ranking_loss: input1 {input1.shape}, input2 {input2.shape} and "
                         f"target {target.shape} must have the same number of axes")
    shape = broadcast_shape("margin_ranking_loss", input1=input1, input2=input2, target=target)
    each = (expand(x, shape) for x in (input1, input2, _real(target, input1)))
    return _margin_ranking_loss(*each, margin=margin, reduction=reduction)


def cosine_embedding_loss(input1, input2, target, margin=0.0, size_average=None, reduce=None,
                          reduction="mean"):
    """1 - cosine for pairs that belong together (1), cosine - margin for those that do not (-1)."""
    refuse_deprecated(size_average, reduce)
    return _cosine_embedding_loss(input1, input2, target, margin=margin, reduction=reduction)


def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    """The cosine of the angle between the vectors along `dim`."""
    shape = broadcast_shape("cosine_similarity", x1=x1, x2=x2) or (1,)   # numbers: vectors of 1
    dim = axis_of(dim, len(shape))
    return _cosine_similarity(expand(x1, shape), expand(x2, shape), dim=dim, eps=eps)


def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The p-norm of x1 - x2 along the last axis."""
    shape = broadcast_shape("pairwise_distance", x1=x1, x2=x2) or (1,)   # numbers: vectors of 1
    return _pairwise_distance(expand(x1, shape), expand(x2, shape), p=p, eps=eps, keepdim=keepdim)


def refuse_deprecated(size_average, reduce):
    """Refuse torch's two deprecated arguments by name."""
    for name, value in (("size_average", size_average), ("reduce", reduce)):
        if value is not None:
            raise UnsupportedOption(f"{name} is deprecated in torch: use reduction=")


def _check_classes(name, input, target, weight, label_smoothing=0):
    """Refuse a target or a weight that does not fit the classes of the input."""
    if not input.ndim or not input.shape[min(1, input.ndim - 1)]:
        raise ShapeError(f"{name}: input {input.shape} must have scores for classes: (N, C, *S)")
    if target.shape != input.shape and target.dtype.kind == "f":
        raise ArgumentError(f"{name}: target {target.shape} {target.dtype} must hold class "
                            "numbers as integers, or probabilities in the shape of input, "
                            f"{input.shape}")
    classes = input.shape[min(1, input.ndim - 1)]
    if weight is not None and weight.shape != (classes,):
        raise ShapeError(f"{name}: weight {weight.shape} must be ({classes},), one for each class "
                         f"of input {input.shape}")
    if target.dtype.kind != "f":                         # torch converts beside probabilities
        refuse_mixed_dtypes(name, input=input, weight=weight)


def _real(target, input):
    """The target; integers are converted to the input's dtype, or the loss would be float64."""
    return target if target.dtype.kind == "f" else cast(target, input.dtype)


def _array(x):
    return None if x is None else array_of(x)
