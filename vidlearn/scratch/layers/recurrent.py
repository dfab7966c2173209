"""Recurrent layers over a whole sequence: rnn, lstm and gru, and the way back through time.

What the inputs contribute to a step does not depend on what came before: it is one matrix product
over all steps, `drive`. Only the product with the state before has to wait its turn.

    x (T, N, F)    T steps of N sequences with F features          h (N, U)    U hidden units
    weight_ih (G·U, F), weight_hh (G·U, U), bias_ih and bias_hh (G·U,)    G gates, in torch's order

The backward pairs walk the steps last to first and gather dz, the gradient before the bends, of
all steps; the weights' gradients are then one matrix product each. The first layer of a network
`needs` no dx: that is None then, and its product is saved.
"""

import numpy as np

from vidlearn.scratch.layers.activation import relu_backward, sigmoid, tanh_backward
from vidlearn.scratch.layers.linear import rows


def rnn_forward(x, h, weight_ih, weight_hh, bias_ih=None, bias_hh=None, nonlinearity="tanh"):
    """The plain recurrence: h' = tanh(weight_ih x + bias_ih + weight_hh h + bias_hh), or relu.

    Shapes   x (T, N, F), h (N, U)  ->  y (T, N, U), the state after each step
    Source   Elman, Cognitive Science 14 (1990)
    Twin     torch.nn.RNN, one layer and direction
    """
    drive = _drive(x, weight_ih, bias_ih, bias_hh)                   # (T, N, U)
    states, recall = _room(h, len(x)), _turned(weight_hh)
    for t in range(len(x)):
        z = drive[t] + states[t] @ recall
        states[t + 1] = np.tanh(z) if nonlinearity == "tanh" else np.maximum(z, 0)
    return states[1:], (x, states, weight_ih, weight_hh, bias_ih, nonlinearity)


def rnn_backward(dy, cache, needs=(True,) * 6):
    """Back through time: each state hears from its own output and from the step after it.

    Shapes   dy (T, N, U)  ->  the gradients of the six inputs of `rnn_forward`
    """
    x, states, weight_ih, weight_hh, bias_ih, nonlinearity = cache
    bend_back = tanh_backward if nonlinearity == "tanh" else relu_backward
    dz, dh = np.empty_like(dy), np.zeros_like(states[0])
    for t in reversed(range(len(x))):
        dz[t] = bend_back(dy[t] + dh, states[t + 1])
        dh = dz[t] @ weight_hh
    dx, dweight_ih, dbias = _inputs(dz, x, weight_ih, bias_ih, needs)
    return dx, dh, dweight_ih, rows(dz).T @ rows(states[:-1]), dbias, dbias


def lstm_forward(x, h, c, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """A cell c that can be kept, and gates that say how: in i, forget f, out o; g is on offer.

    c' = f c + i g,  h' = o tanh(c');  i, f, o are sigmoids and g a tanh, in the order i, f, g, o.

    Shapes   x (T, N, F), h and c (N, U)  ->  y (T, N, U), the last cell (N, U)
    Source   Hochreiter and Schmidhuber, Neural Computation 9 (1997); Gers et al. (2000)
    Twin     torch.nn.LSTM, one layer and direction
    """
    gates = _drive(x, weight_ih, bias_ih, bias_hh)       # (T, N, 4U): the drive, then the gates
    states, cells, recall = _room(h, len(x)), _room(c, len(x)), _turned(weight_hh)
    for t in range(len(x)):
        gates[t] += states[t] @ recall
        i, f, g, o = _parts(gates[t], 4)
        i[:], f[:], g[:], o[:] = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cells[t + 1] = f * cells[t] + i * g
        states[t + 1] = o * np.tanh(cells[t + 1])
    return (states[1:], cells[-1]), (x, states, cells, gates, weight_ih, weight_hh, bias_ih)


def lstm_backward(dys, cache, needs=(True,) * 7):
    """Back through time: the cell passes its gradient on through f, which is why it can remember.

    Shapes   dy (T, N, U), dc (N, U)  ->  the gradients of the seven inputs of `lstm_forward`
    """
    dy, dc = dys
    x, states, cells, gates, weight_ih, weight_hh, bias_ih = cache
    dz, dh = np.empty_like(gates), np.zeros_like(states[0])
    for t in reversed(range(len(x))):
        i, f, g, o = _parts(gates[t], 4)
        dh = dh + dy[t]
        bent = np.tanh(cells[t + 1])
        dc = dc + dh * o * (1 - bent**2)
        dz[t] = np.concatenate([
            dc * g * i * (1 - i),
            dc * cells[t] * f * (1 - f),
            dc * i * (1 - g**2),
            dh * bent * o * (1 - o),
        ], axis=1)
        dc = dc * f
        dh = dz[t] @ weight_hh
    dx, dweight_ih, dbias = _inputs(dz, x, weight_ih, bias_ih, needs)
    return dx, dh, dc, dweight_ih, rows(dz).T @ rows(states[:-1]), dbias, dbias


def gru_forward(x, h, weight_ih, weight_hh, bias_ih=None, bias_hh=None):
    """Two gates: reset r says how much of h the new n may see, update z how much of h stays.

    h' = (1 - z) n + z h,  n = tanh(drive + r (weight_hh h + bias_hh));  in the order r, z, n.

    Shapes   x (T, N, F), h (N, U)  ->  y (T, N, U)
    Source   Cho et al., arXiv:1406.1078; the reset comes after the product, as in torch
    Twin     torch.nn.GRU, one layer and direction
    """
    gates = _drive(x, weight_ih, bias_ih, None)          # (T, N, 3U): the drive, then the gates
    states, recalls = _room(h, len(x)), np.empty((len(x), *h.shape), gates.dtype)
    recall = _turned(weight_hh)
    for t in range(len(x)):
        back = states[t] @ recall
        if bias_hh is not None:
            back += bias_hh
        (r, z, n), (back_r, back_z, recalls[t]) = _parts(gates[t], 3), _parts(back, 3)
        r[:], z[:] = sigmoid(r + back_r), sigmoid(z + back_z)
        n[:] = np.tanh(n + r * recalls[t])
        states[t + 1] = (1 - z) * n + z * states[t]
    return states[1:], (x, states, gates, recalls, weight_ih, weight_hh, bias_ih)


def gru_backward(dy, cache, needs=(True,) * 6):
    """Back through time: z lets the gradient of h straight through.

    Shapes   dy (T, N, U)  ->  the gradients of the six inputs of `gru_forward`
    """
    x, states, gates, recalls, weight_ih, weight_hh, bias_ih = cache
    dz, dh = np.empty_like(gates), np.zeros_like(states[0])          # dz of the drive,
    dback = np.empty_like(gates)                                     # and of weight_hh h + bias_hh
    for t in reversed(range(len(x))):
        r, z, n = _parts(gates[t], 3)
        dh = dh + dy[t]
        kept = dh * z
        dn = (dh - kept) * (1 - n**2)
        dr = dn * recalls[t] * r * (1 - r)
        dupdate = dh * (states[t] - n) * z * (1 - z)
        dz[t] = np.concatenate([dr, dupdate, dn], axis=1)
        dback[t] = np.concatenate([dr, dupdate, dn * r], axis=1)
        dh = kept + dback[t] @ weight_hh
    dx, dweight_ih, dbias_ih = _inputs(dz, x, weight_ih, bias_ih, needs)
    dbias_hh = None if bias_ih is None else rows(dback).sum(0)
    return dx, dh, dweight_ih, rows(dback).T @ rows(states[:-1]), dbias_ih, dbias_hh


def _drive(x, weight_ih, bias_ih, bias_hh):
    """What the inputs say to every step, in one product: (T, N, F) -> (T, N, G·U)."""
    drive = rows(x) @ weight_ih.T
    for bias in (bias_ih, bias_hh):
        if bias is not None:
            drive += bias
    return drive.reshape(*x.shape[:-1], len(weight_ih))


def _turned(weight):
    """weight.T laid out anew: products by it, one a step, take three quarters of the time."""
    return np.ascontiguousarray(weight.T)


def _parts(z, count):
    """The gates side by side in (N, count·U), as so many views (N, U)."""
    units = z.shape[1] // count
    return tuple(z[:, k:k + units] for k in range(0, z.shape[1], units))


def _room(h, steps):
    """An array for the state before the first step and after each: (T + 1, N, U)."""
    states = np.empty((steps + 1, *h.shape), h.dtype)
    states[0] = h
    return states


def _inputs(dz, x, weight_ih, bias_ih, needs):
    """The gradients of `_drive`: of x, weight_ih and a bias."""
    dx = (rows(dz) @ weight_ih).reshape(x.shape) if needs[0] else None
    return dx, rows(dz).T @ rows(x), None if bias_ih is None else rows(dz).sum(0)
