"""Linear and Embedding, and the layers that compute nothing: Identity, Flatten, Unflatten."""

import math

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor_kinds import TENSOR
from vidlearn.scratch.nn import functional, init
from vidlearn.scratch.nn.functional.linear import refuse_unsupported
from vidlearn.scratch.nn.module import Module
from vidlearn.scratch.nn.parameter import Parameter


class Linear(Module):
    """Each output is a weighted sum of all inputs: (..., in_features) -> (..., out_features).

    Twin     torch.nn.Linear
    """

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(np.empty((out_features, in_features), np.float32))
        self.bias = Parameter(np.empty(out_features, np.float32)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw weight and bias from -b..b with b = 1 / sqrt(in_features), as torch does."""
        bound = 1 / math.sqrt(self.in_features) if self.in_features else 0
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        return functional.linear(input, self.weight, self.bias)

    def extra_repr(self):
        return (f"in_features={self.in_features}, out_features={self.out_features}, "
                f"bias={self.bias is not None}")


class Embedding(Module):
    """A table with a learned vector for each index: (...) -> (..., embedding_dim).

    Twin     torch.nn.Embedding
    """

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None,
                 norm_type=2.0, scale_grad_by_freq=False, sparse=False):
        super().__init__()
        refuse_unsupported(max_norm=max_norm, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        negative = padding_idx is not None and padding_idx < 0
        if padding_idx is not None and padding_idx >= num_embeddings:
            raise ShapeError(f"Embedding: padding_idx {padding_idx} must be less than "
                             f"num_embeddings, {num_embeddings}")
        self.padding_idx = padding_idx + num_embeddings if negative else padding_idx
        self.weight = Parameter(np.empty((num_embeddings, embedding_dim), np.float32))
        self.reset_parameters()

    def reset_parameters(self):
        """Draw the rows from the normal distribution; the row `padding_idx` is 0 and stays 0."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    def forward(self, input):
        return functional.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self):
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"


class Identity(Module):
    """Returns its input. All arguments of the constructor are ignored.

    Twin     torch.nn.Identity
    """

    def __init__(self, *args, **options):
        super().__init__()

    def forward(self, input):
        return input


class Flatten(Module):
    """Merge the axes from `start_dim` to `end_dim` into one: (N, C, H, W) -> (N, C·H·W).

    Twin     torch.nn.Flatten
    """

    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input):
        return TENSOR.look(input, "Flatten: input").flatten(self.start_dim, self.end_dim)

    def extra_repr(self):
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Split one axis into several: (N, C·H·W) -> (N, C, H, W).

    Twin     torch.nn.Unflatten
    """

    def __init__(self, dim, unflattened_size):
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input):
        return TENSOR.look(input, "Unflatten: input").unflatten(self.dim, self.unflattened_size)

    def extra_repr(self):
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
