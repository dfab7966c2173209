"""Descent in which each number has a step of its own size, from what its gradients were like.

RMSprop divides by how large they were lately; Adam adds momentum and mends the start, when the
averages still know little; AdamW takes the weight decay out of the gradient.
"""

import math

import numpy as np

from vidlearn.scratch.optim.optimizer import Optimizer


def follow(average, value, share):
    """Move a running average, in place, by `share` of the way to a new value."""
    average *= 1 - share
    average += share * value


class RMSprop(Optimizer):
    """p -= lr g / √s, where s is the running mean of g².

    `alpha` is how much of s is kept each step. With `centered`, the running mean of g is taken off:
    s is then the variance. With `momentum`, the steps add up as in SGD.

    Source   Tieleman and Hinton, lecture 6.5 of "Neural Networks for Machine Learning", 2012
    Twin     torch.optim.RMSprop
    """

    def __init__(self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0,
                 centered=False, **torch_only):
        super().__init__(params, {"lr": lr, "alpha": alpha, "eps": eps, "momentum": momentum,
                                  "weight_decay": weight_decay, "centered": centered}, torch_only)

    def update(self, p, g, state, group):
        if group["weight_decay"]:
            g = g + group["weight_decay"] * p
        s = self.memory(state, "square_avg", p)
        follow(s, g * g, 1 - group["alpha"])
        if group["centered"]:
            mean = self.memory(state, "grad_avg", p)
            follow(mean, g, 1 - group["alpha"])
            s = s - mean * mean
        step = g / (np.sqrt(s) + group["eps"])
        if group["momentum"]:
            v = self.memory(state, "momentum_buffer", p)
            v *= group["momentum"]
            v += step
            step = v
        p -= group["lr"] * step


class Adam(Optimizer):
    """p -= lr m / √s, where m and s are the running means of g and g².

    Both start at 0 and would be too small for a while: after t steps m holds 1 - beta1^t of its
    weight, s 1 - beta2^t, and is divided by that.

    Source   Kingma and Ba, arXiv:1412.6980
    Twin     torch.optim.Adam
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, **torch_only):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps,
                                  "weight_decay": weight_decay}, torch_only)

    def update(self, p, g, state, group):
        g = self.decay(p, g, group)
        beta1, beta2 = group["betas"]
        t = state["step"] = state.get("step", 0) + 1
        m = self.memory(state, "exp_avg", p)
        s = self.memory(state, "exp_avg_sq", p)
        follow(m, g, 1 - beta1)
        follow(s, g * g, 1 - beta2)
        root = np.sqrt(s) / math.sqrt(1 - beta2 ** t)
        p -= group["lr"] / (1 - beta1 ** t) * m / (root + group["eps"])

    def decay(self, p, g, group):
        """The pull towards 0 is part of the slope, and is divided by √s with it."""
        return g + group["weight_decay"] * p if group["weight_decay"] else g


class AdamW(Adam):
    """Adam with a pull towards 0 of its own: p -= lr weight_decay p, whatever the slope.

    Source   Loshchilov and Hutter, arXiv:1711.05101
    Twin     torch.optim.AdamW
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2,
                 **torch_only):
        super().__init__(params, lr, betas, eps, weight_decay, **torch_only)

    def decay(self, p, g, group):
        """Pull each number towards 0 and leave the slope as it is."""
        p *= 1 - group["lr"] * group["weight_decay"]
        return g
