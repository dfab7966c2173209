"""A random recurrent net unrolled over one sequence: what time does to its gradient."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers import recurrent


@checked
def rotation(units: kinds.POSITIVE_COUNT, seed=0):
    """A random orthogonal matrix: it turns a state and keeps its length.

    Shapes   ->  (U, U)
    Twin     torch.nn.init.orthogonal_
    """
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(units, units)))[0]


@checked
def unroll_rnn(x: kinds.axes("T, F"), radius: kinds.NUMBER, units=12, seed=1):
    """Run a random net over a sequence, and a gradient of norm 1 back from its last step.

    Its weight_hh is `radius` times a rotation, so that without input each step back multiplies
    the gradient's norm by the radius.

    Shapes   x (T, F)  ->  states (T, U), the norm of the loss's gradient with respect to each of
             them (T,), and the norm of the gradient of weight_hh
    """
    rng = np.random.default_rng(seed)
    weight_ih, dy = rng.normal(size=(units, x.shape[1])), rng.normal(size=(1, units))
    weight_hh, h = radius * rotation(units), np.zeros((1, units))
    states, _ = recurrent.rnn_forward(x[:, None], h, weight_ih, weight_hh)
    dh, norms = dy / np.linalg.norm(dy), []
    dweight = np.zeros_like(weight_hh)
    for t in reversed(range(len(x))):
        norms.append(np.linalg.norm(dh))
        dz = dh * (1 - states[t] ** 2)
        dweight += dz.T @ (states[t - 1] if t else h)
        dh = dz @ weight_hh
    return states[:, 0], np.array(norms[::-1]), np.linalg.norm(dweight)
