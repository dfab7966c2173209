"""Activations and dropout as layers, so that they can stand in a Sequential."""

from vidlearn.checks import kinds
from vidlearn.scratch.nn import functional
from vidlearn.scratch.nn.module import Module


class _Activation(Module):
    """Its options are its attributes, in the order in which they are printed."""

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
    """Keep what is positive.

    Twin     torch.nn.ReLU
    """

    function = staticmethod(functional.relu)

    def __init__(self, inplace=False):
        super().__init__(inplace=inplace)


class LeakyReLU(_Activation):
    """Keep what is positive, and a little of the rest.

    Twin     torch.nn.LeakyReLU
    """

    function = staticmethod(functional.leaky_relu)

    def __init__(self, negative_slope=0.01, inplace=False):
        super().__init__(negative_slope=negative_slope, inplace=inplace)


class ELU(_Activation):
    """Keep what is positive, bend the rest towards -alpha.

    Twin     torch.nn.ELU
    """

    function = staticmethod(functional.elu)

    def __init__(self, alpha=1.0, inplace=False):
        super().__init__(alpha=alpha, inplace=inplace)


class GELU(_Activation):
    """x times the chance that a standard normal number is below x.

    Twin     torch.nn.GELU
    """

    function = staticmethod(functional.gelu)

    def __init__(self, approximate="none"):
        super().__init__(approximate=approximate)


class Softplus(_Activation):
    """A smooth relu.

    Twin     torch.nn.Softplus
    """

    function = staticmethod(functional.softplus)

    def __init__(self, beta=1.0, threshold=20.0):
        super().__init__(beta=beta, threshold=threshold)


class Sigmoid(_Activation):
    """Press into 0..1.

    Twin     torch.nn.Sigmoid
    """

    function = staticmethod(functional.sigmoid)


class Tanh(_Activation):
    """Press into -1..1.

    Twin     torch.nn.Tanh
    """

    function = staticmethod(functional.tanh)


class Softmax(_Activation):
    """Scores to probabilities along `dim`.

    Twin     torch.nn.Softmax
    """

    function = staticmethod(functional.softmax)

    def __init__(self, dim=None):
        super().__init__(dim=dim)


class LogSoftmax(_Activation):
    """Scores to log-probabilities along `dim`.

    Twin     torch.nn.LogSoftmax
    """

    function = staticmethod(functional.log_softmax)

    def __init__(self, dim=None):
        super().__init__(dim=dim)


class Dropout(Module):
    """In training, silence numbers at random, with probability p; after training do nothing.

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
    """Silence whole channels of a sequence.

    Twin     torch.nn.Dropout1d
    """

    function = staticmethod(functional.dropout1d)


class Dropout2d(Dropout):
    """Silence whole channels of an image.

    Twin     torch.nn.Dropout2d
    """

    function = staticmethod(functional.dropout2d)


class Dropout3d(Dropout):
    """Silence whole channels of a clip.

    Twin     torch.nn.Dropout3d
    """

    function = staticmethod(functional.dropout3d)
