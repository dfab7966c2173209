"""Compare a function of Tensors with the same function of torch tensors."""

import numpy as np
import torch

from tests.scratch.torch_samples import compare
from vidlearn.scratch import Tensor


def tensor_pairs(*arrays):
    """For each array a Tensor and a torch tensor."""
    return [(Tensor(np.array(a), requires_grad=np.asarray(a).dtype.kind == "f"),
             torch.tensor(np.array(a), requires_grad=np.asarray(a).dtype.kind == "f"))
            for a in arrays]


def agree(function, *arrays):
    """Outputs and gradients of a function of Tensors and of torch tensors must agree."""
    pairs = tensor_pairs(*arrays)
    compare(function(*(a for a, _ in pairs)), function(*(b for _, b in pairs)), pairs)
