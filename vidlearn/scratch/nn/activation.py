"""Activations and dropout as layers, for use in a Sequential."""

import numpy as np

from vidlearn.checks import kinds
from vidlearn.scratch.nn import functional
from vidlearn.scratch.nn.module import Module
from vidlearn.scratch.nn.parameter import Parameter


class _Activation(Module):
    """The base class: its options are attributes, which are passed to `function`."""

    def __init__(self, **options):
        super().__init__()
        self._options = tuple(options)
        for name, value in options.items():
            setattr(self, name, value)

    def forward(self, input):
        return type(self).function(input, **{name: getattr(self, name) for name in self._options})

    def extra_repr(self):
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in self._options
                         if name != "inplace" or self.inplace)


class ReLU(_Activation):
    """max(x, 0).

    Twin     torch.nn.ReLU
    """

    function = staticmethod(functional.relu)

    def __init__(self, inplace=False):
        super().__init__(inplace=inplace)


class LeakyReLU(_Activation):
    """x where it is positive, `negative_slope` times x elsewhere.

    Twin     torch.nn.LeakyReLU
    """

    function = staticmethod(functional.leaky_relu)

    def __init__(self, negative_slope=0.01, inplace=False):
        super().__init__(negative_slope=negative_slope, inplace=inplace)


class PReLU(Module):
    """x where it is positive, a learned weight times x elsewhere.

    Twin     torch.nn.PReLU
    """

    def __init__(self, num_parameters: kinds.POSITIVE_COUNT = 1, init: kinds.NUMBER = 0.25):
        super().__init__()
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(np.full(num_parameters, init, np.float32))

    def forward(self, input):
        return functional.prelu(input, self.weight)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}"


class SiLU(_Activation):
    """x times its sigmoid.

    Twin     torch.nn.SiLU
    """

    function = staticmethod(functional.silu)

    def __init__(self, inplace=False):
        super().__init__(inplace=inplace)


class ELU(_Activation):
    """x where it is positive, alpha (exp(x) - 1) elsewhere.

    Twin     torch.nn.ELU
    """

    function = staticmethod(functional.elu)

    def __init__(self, alpha=1.0, inplace=False):
        super().__init__(alpha=alpha, inplace=inplace)


class GELU(_Activation):
    """x times the probability that a standard normal number is below x.

    Twin     torch.nn.GELU
    """

    function = staticmethod(functional.gelu)

    def __init__(self, approximate="none"):
        super().__init__(approximate=approximate)


class Softplus(_Activation):
    """log(1 + exp(beta x)) / beta: a smooth ReLU.

    Twin     torch.nn.Softplus
    """

    function = staticmethod(functional.softplus)

    def __init__(self, beta=1.0, threshold=20.0):
        super().__init__(beta=beta, threshold=threshold)


class Sigmoid(_Activation):
    """1 / (1 + exp(-x)): values between 0 and 1.

    Twin     torch.nn.Sigmoid
    """

    function = staticmethod(functional.sigmoid)


class Tanh(_Activation):
    """The hyperbolic tangent: values between -1 and 1.

    Twin     torch.nn.Tanh
    """

    function = staticmethod(functional.tanh)


class Softmax(_Activation):
    """The probabilities of scores (logits) along `dim`.

    Twin     torch.nn.Softmax
    """

    function = staticmethod(functional.softmax)

    def __init__(self, dim=None):
        super().__init__(dim=dim)


class LogSoftmax(_Activation):
    """The log-probabilities of scores (logits) along `dim`.

    Twin     torch.nn.LogSoftmax
    """

    function = staticmethod(functional.log_softmax)

    def __init__(self, dim=None):
        super().__init__(dim=dim)


class Dropout(Module):
    """In training, set numbers to 0 with probability p and divide the rest by 1 - p.

    In evaluation, do nothing.

    Twin     torch.nn.Dropout
    """

    function = staticmethod(functional.dropout)

    def __init__(self, p: kinds.FRACTION = 0.5, inplace=False):
        super().__init__()
        self.p, self.inplace = p, inplace

    def forward(self, input):
        return self.function(input, self.p, self.training)

    def extra_repr(self):
        return f"p={self.p}, inplace={self.inplace}"


class Dropout1d(Dropout):
    """Dropout of whole channels of a sequence.

    Twin     torch.nn.Dropout1d
    """

    function = staticmethod(functional.dropout1d)


class Dropout2d(Dropout):
    """Dropout of whole channels of an image.

    Twin     torch.nn.Dropout2d
    """

    function = staticmethod(functional.dropout2d)


class Dropout3d(Dropout):
    """Dropout of whole channels of a clip.

    Twin     torch.nn.Dropout3d
    """

    function = staticmethod(functional.dropout3d)
