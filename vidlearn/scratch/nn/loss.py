"""Losses as modules. torch's deprecated arguments keep their positions and are refused by name."""

from vidlearn.checks import kinds
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.core.tensor_kinds import NOT_NEGATIVE
from vidlearn.scratch.nn import functional
from vidlearn.scratch.nn.functional.loss import refuse_deprecated
from vidlearn.scratch.nn.module import Module


class _Loss(Module):
    """The base class: keeps its options, and passes them to `function`."""

    def __init__(self, size_average=None, reduce=None, reduction="mean", **options):
        super().__init__()
        refuse_deprecated(size_average, reduce)
        self._options = (*options, "reduction")
        for name, value in {**options, "reduction": reduction}.items():
            setattr(self, name, value)

    def forward(self, *inputs):
        return type(self).function(*inputs, **{name: getattr(self, name) for name in self._options})

    def _register_weights(self, **weights):
        for name, weight in weights.items():
            as_is = weight is None or isinstance(weight, Tensor)
            self.register_buffer(name, weight if as_is else Tensor(weight))
        self._options += tuple(weights)


class MSELoss(_Loss):
    """The squared difference.

    Twin     torch.nn.MSELoss
    """

    function = staticmethod(functional.mse_loss)


class L1Loss(_Loss):
    """The absolute difference.

    Twin     torch.nn.L1Loss
    """

    function = staticmethod(functional.l1_loss)


class SmoothL1Loss(_Loss):
    """Quadratic for differences below `beta`, linear above.

    Twin     torch.nn.SmoothL1Loss
    """

    function = staticmethod(functional.smooth_l1_loss)

    def __init__(self, size_average=None, reduce=None, reduction="mean", beta: NOT_NEGATIVE = 1.0):
        super().__init__(size_average, reduce, reduction, beta=beta)


class HuberLoss(_Loss):
    """Half the squared difference up to `delta`, linear above.

    Twin     torch.nn.HuberLoss
    """

    function = staticmethod(functional.huber_loss)

    def __init__(self, reduction="mean", delta: kinds.POSITIVE = 1.0):
        super().__init__(reduction=reduction, delta=delta)


class CrossEntropyLoss(_Loss):
    """For C classes, from scores (logits): minus the log-probability of the target.

    Twin     torch.nn.CrossEntropyLoss
    """

    function = staticmethod(functional.cross_entropy)

    def __init__(self, weight=None, size_average=None, ignore_index=-100, reduce=None,
                 reduction="mean", label_smoothing=0.0):
        super().__init__(size_average, reduce, reduction, ignore_index=ignore_index,
                         label_smoothing=label_smoothing)
        self._register_weights(weight=weight)


class NLLLoss(_Loss):
    """For C classes, from log-probabilities: minus the log-probability of the target.

    Twin     torch.nn.NLLLoss
    """

    function = staticmethod(functional.nll_loss)

    def __init__(self, weight=None, size_average=None, ignore_index=-100, reduce=None,
                 reduction="mean"):
        super().__init__(size_average, reduce, reduction, ignore_index=ignore_index)
        self._register_weights(weight=weight)


class BCELoss(_Loss):
    """For two classes, from probabilities: minus the log-probability of the target.

    Twin     torch.nn.BCELoss
    """

    function = staticmethod(functional.binary_cross_entropy)

    def __init__(self, weight=None, size_average=None, reduce=None, reduction="mean"):
        super().__init__(size_average, reduce, reduction)
        self._register_weights(weight=weight)


class BCEWithLogitsLoss(_Loss):
    """For two classes, from scores (logits): minus the log-probability of the target.

    Twin     torch.nn.BCEWithLogitsLoss
    """

    function = staticmethod(functional.binary_cross_entropy_with_logits)

    def __init__(self, weight=None, size_average=None, reduce=None, reduction="mean",
                 pos_weight=None):
        super().__init__(size_average, reduce, reduction)
        self._register_weights(weight=weight, pos_weight=pos_weight)


class TripletMarginLoss(_Loss):
    """The anchor should be nearer to the positive than to the negative, by `margin`.

    Twin     torch.nn.TripletMarginLoss
    """

    function = staticmethod(functional.triplet_margin_loss)

    def __init__(self, margin=1.0, p=2.0, eps=1e-6, swap=False, size_average=None, reduce=None,
                 reduction="mean"):
        super().__init__(size_average, reduce, reduction, margin=margin, p=p, eps=eps, swap=swap)


class MarginRankingLoss(_Loss):
    """The first of two should be larger by `margin` where the target is 1, smaller where it is -1.

    Twin     torch.nn.MarginRankingLoss
    """

    function = staticmethod(functional.margin_ranking_loss)

    def __init__(self, margin=0.0, size_average=None, reduce=None, reduction="mean"):
        super().__init__(size_average, reduce, reduction, margin=margin)


class CosineEmbeddingLoss(_Loss):
    """1 - cosine for pairs that belong together, cosine - margin for those that do not.

    Twin     torch.nn.CosineEmbeddingLoss
    """

    function = staticmethod(functional.cosine_embedding_loss)

    def __init__(self, margin=0.0, size_average=None, reduce=None, reduction="mean"):
        super().__init__(size_average, reduce, reduction, margin=margin)
