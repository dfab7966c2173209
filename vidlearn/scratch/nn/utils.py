"""Gradient clipping. (The module has torch's name.)"""

import math

import numpy as np

from vidlearn.scratch.core.tensor import Tensor


def clip_grad_norm_(parameters, max_norm, norm_type=2.0):
    """Scale all gradients by one factor so that their total norm is at most `max_norm`.

    Returns  the total norm before
    Source   Pascanu et al., arXiv:1211.5063
    Twin     torch.nn.utils.clip_grad_norm_
    """
    grads = _grads(parameters)
    if norm_type == math.inf:
        total = max((np.abs(g).max() for g in grads), default=0.0)
    else:
        total = sum((np.abs(g) ** norm_type).sum() for g in grads) ** (1 / norm_type)
    scale = max_norm / (total + 1e-6)
    if scale < 1:
        for g in grads:
            g *= scale
    return Tensor(np.asarray(total))


def clip_grad_value_(parameters, clip_value):
    """Limit every number of every gradient to -clip_value..clip_value.

    Twin     torch.nn.utils.clip_grad_value_
    """
    for g in _grads(parameters):
        np.clip(g, -clip_value, clip_value, out=g)


def _grads(parameters):
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p.grad.data for p in parameters if p.grad is not None]
