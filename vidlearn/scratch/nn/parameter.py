"""A Parameter is a Tensor that a Module owns and an optimiser changes."""

from vidlearn.scratch.core.tensor import Tensor


class Parameter(Tensor):
    """A Tensor that learns: it requires a gradient unless told otherwise.

    Twin     torch.nn.Parameter
    """

    def __init__(self, data, requires_grad=True):
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad)
