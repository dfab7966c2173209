"""Parameter: a Tensor that belongs to a Module and is changed by an optimizer."""

from vidlearn.scratch.core.tensor import Tensor


class Parameter(Tensor):
    """A Tensor that is learned: it requires a gradient by default.

    Twin     torch.nn.Parameter
    """

    def __init__(self, data, requires_grad=True):
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad)
