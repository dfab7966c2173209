"""Compare a function of Tensors with the same function of torch tensors."""

import numpy as np
import torch

from tests.scratch.agreement import REFUSALS
from tests.scratch.torch_samples import compare, flat, same
from vidlearn import scratch
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


def same_in_both(call):
    """The outputs of call(scratch), which must be those of call(torch); None if both refuse it."""
    ours, theirs = (_outputs(call, lib) for lib in (scratch, torch))
    assert (ours is None) == (theirs is None), f"ours gives {ours}, PyTorch {theirs}"
    for mine, its in zip(ours or [], theirs or [], strict=True):
        same(mine, its, "output")
    return ours


def _outputs(call, lib):
    try:
        return flat(call(lib))
    except REFUSALS:
        return None
