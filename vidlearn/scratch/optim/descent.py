"""Gradient descent, with or without momentum."""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.optim.optimizer import Optimizer


class SGD(Optimizer):
    """A step against the gradient: p -= lr g.

    With `momentum`, v = momentum v + (1 - dampening) g and p -= lr v. With `nesterov`, too, the
    step looks ahead: p -= lr (g + momentum v). `weight_decay` pulls each parameter towards 0, as if
    half its square were part of the loss.

    Source   Sutskever et al., ICML 2013
    Twin     torch.optim.SGD
    """

    def __init__(self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False,
                 **torch_only):
        if nesterov and (not momentum or dampening):
            raise ArgumentError("nesterov needs a momentum, and no dampening")
        super().__init__(params, {"lr": lr, "momentum": momentum, "dampening": dampening,
                                  "weight_decay": weight_decay, "nesterov": nesterov}, torch_only)

    def update(self, p, g, state, group):
        momentum = group["momentum"]
        if group["weight_decay"]:
            g = g + group["weight_decay"] * p
        if momentum and "momentum_buffer" not in state:
            v = state["momentum_buffer"] = np.array(g)          # the first step has no dampening
        elif momentum:
            v = state["momentum_buffer"]
            v *= momentum
            v += (1 - group["dampening"]) * g
        if momentum:
            g = g + momentum * v if group["nesterov"] else v
        p -= group["lr"] * g
