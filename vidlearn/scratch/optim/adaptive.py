"""Optimizers in which each number has its own step size, from its past gradients.

RMSprop divides by the root of the running mean of g². Adam adds momentum and corrects the bias of
the first steps. AdamW applies the weight decay to the parameter and not to the gradient.
"""

import math

import numpy as np

from vidlearn.scratch.optim.optimizer import Optimizer


def update_average(average, value, rate):
    """Update a running average in place: average = (1 - rate) average + rate value."""
    average *= 1 - rate
    average += rate * value


class RMSprop(Optimizer):
    """p -= lr g / √s, where s is the running mean of g².

    Each step multiplies s by `alpha` before it adds (1 - alpha) g². With `centered`, the square of
    the running mean of g is subtracted, so that s is the variance. `momentum` is that of SGD.

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
        s = self.state_array(state, "square_avg", p)
        update_average(s, g * g, 1 - group["alpha"])
        if group["centered"]:
            mean = self.state_array(state, "grad_avg", p)
            update_average(mean, g, 1 - group["alpha"])
            s = s - mean * mean
        step = g / (np.sqrt(s) + group["eps"])
        if group["momentum"]:
            v = self.state_array(state, "momentum_buffer", p)
            v *= group["momentum"]
            v += step
            step = v
        p -= group["lr"] * step


class Adam(Optimizer):
    """p -= lr m / √s, where m and s are the running means of g and g².

    Both start at 0 and are too small at first. After t steps their weights sum to 1 - beta1^t and
    1 - beta2^t, so they are divided by these (bias correction).

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
        m = self.state_array(state, "exp_avg", p)
        s = self.state_array(state, "exp_avg_sq", p)
        update_average(m, g, 1 - beta1)
        update_average(s, g * g, 1 - beta2)
        root = np.sqrt(s) / math.sqrt(1 - beta2 ** t)
        p -= group["lr"] / (1 - beta1 ** t) * m / (root + group["eps"])

    def decay(self, p, g, group):
        """Add the weight decay to the gradient, which is divided by √s."""
        return g + group["weight_decay"] * p if group["weight_decay"] else g


class AdamW(Adam):
    """Adam with decoupled weight decay: p -= lr weight_decay p, apart from the gradient.

    Source   Loshchilov and Hutter, arXiv:1711.05101
    Twin     torch.optim.AdamW
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2,
                 **torch_only):
        super().__init__(params, lr, betas, eps, weight_decay, **torch_only)

    def decay(self, p, g, group):
        """Apply the weight decay to the parameter; the gradient stays as it is."""
        p *= 1 - group["lr"] * group["weight_decay"]
        return g
