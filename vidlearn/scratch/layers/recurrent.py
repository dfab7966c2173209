"""Recurrent layers over a whole sequence: rnn, lstm and gru, with backpropagation through time.

What the inputs contribute to a step does not depend on the steps before. It is one matrix product
over all steps, `projected`. Only the product with the previous state has to be done step by step.

    x (T, N, F)    T steps of N sequences with F features          h (N, U)    U hidden units
    weight_ih (G·U, F), weight_hh (G·U, U), bias_ih and bias_hh (G·U,)    G gates, in torch's order

The backward functions go from the last step to the first and collect dz, the gradients of what
goes into the nonlinear functions. The weights' gradients are then one matrix product each. The
first layer of a network `needs` no dx: dx is None then, and its product is saved.
"""

from inspect import unwrap

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers import activation
from vidlearn.scratch.layers.activation import sigmoid
from vidlearn.scratch.layers.arguments import array
from vidlearn.scratch.layers.linear import rows

INPUT, STATE = array("T, N, F"), array("N, U")
OUTPUT_GRADIENT = array("T, N, U")
LSTM_GRADIENTS = kinds.row("a pair of arrays, dy (T, N, U) and dc (N, U)",
                           array("T, N, U", "N, U"), 2)

_relu_backward, _tanh_backward = unwrap(activation.relu_backward), unwrap(activation.tanh_backward)


@checked
def rnn_forward(x: INPUT, h: STATE, weight_ih: array("U, F"),
                weight_hh: array("U, U"), bias_ih: array("U") = None,
                bias_hh: array("U") = None,
                nonlinearity: kinds.choice("tanh", "relu") = "tanh"):
    """The simple recurrence: h' = tanh(weight_ih x + bias_ih + weight_hh h + bias_hh), or relu.

    Shapes   x (T, N, F), h (N, U)  ->  y (T, N, U), the state after each step
    Source   Elman, Cognitive Science 14 (1990)
    Twin     torch.nn.RNN, one layer and direction
    """
    projected = _project(x, weight_ih, bias_ih, bias_hh)             # (T, N, U)
    states, weight_t = _states(h, len(x)), _transposed(weight_hh)
    for t in range(len(x)):
        z = projected[t] + states[t] @ weight_t
        states[t + 1] = np.tanh(z) if nonlinearity == "tanh" else np.maximum(z, 0)
    return states[1:], (x, states, weight_ih, weight_hh, bias_ih, nonlinearity)


@checked
def rnn_backward(dy: OUTPUT_GRADIENT, cache, needs=(True,) * 6):
    """Through time: a state's gradient comes from its own output and from the step after it.

    Shapes   dy (T, N, U)  ->  the gradients of the six inputs of `rnn_forward`
    """
    x, states, weight_ih, weight_hh, bias_ih, nonlinearity = cache
    activation_backward = _tanh_backward if nonlinearity == "tanh" else _relu_backward
    dz, dh = np.empty_like(dy), np.zeros_like(states[0])
    for t in reversed(range(len(x))):
        dz[t] = activation_backward(dy[t] + dh, states[t + 1])
        dh = dz[t] @ weight_hh
    dx, dweight_ih, dbias = _project_backward(dz, x, weight_ih, bias_ih, needs)
    return dx, dh, dweight_ih, rows(dz).T @ rows(states[:-1]), dbias, dbias


@checked
def lstm_forward(x: INPUT, h: STATE, c: STATE, weight_ih: array("4U, F"),
                 weight_hh: array("4U, U"), bias_ih: array("4U") = None,
                 bias_hh: array("4U") = None):
    """A cell state c with an input gate i, a forget gate f and an output gate o.

    c' = f c + i g,  h' = o tanh(c'), with the candidate g;  i, f, o are sigmoids and g is a tanh,
    in the order i, f, g, o.

    Shapes   x (T, N, F), h and c (N, U)  ->  y (T, N, U), the last cell (N, U)
    Source   Hochreiter and Schmidhuber, Neural Computation 9 (1997); Gers et al. (2000)
    Twin     torch.nn.LSTM, one layer and direction
    """
    gates = _project(x, weight_ih, bias_ih, bias_hh)     # (T, N, 4U), at first without the state
    states, cells, weight_t = _states(h, len(x)), _states(c, len(x)), _transposed(weight_hh)
    for t in range(len(x)):
        gates[t] += states[t] @ weight_t
        i, f, g, o = _split(gates[t], 4)
        i[:], f[:], g[:], o[:] = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cells[t + 1] = f * cells[t] + i * g
        states[t + 1] = o * np.tanh(cells[t + 1])
    return (states[1:], cells[-1]), (x, states, cells, gates, weight_ih, weight_hh, bias_ih)


@checked
def lstm_backward(dys: LSTM_GRADIENTS, cache, needs=(True,) * 7):
    """Through time: the cell passes its gradient on through f, which is why it can remember.

    Shapes   dy (T, N, U), dc (N, U)  ->  the gradients of the seven inputs of `lstm_forward`
    """
    dy, dc = dys
    x, states, cells, gates, weight_ih, weight_hh, bias_ih = cache
    dz, dh = np.empty_like(gates), np.zeros_like(states[0])
    for t in reversed(range(len(x))):
        i, f, g, o = _split(gates[t], 4)
        dh = dh + dy[t]
        squashed = np.tanh(cells[t + 1])
        dc = dc + dh * o * (1 - squashed**2)
        dz[t] = np.concatenate([
            dc * g * i * (1 - i),
            dc * cells[t] * f * (1 - f),
            dc * i * (1 - g**2),
            dh * squashed * o * (1 - o),
        ], axis=1)
        dc = dc * f
        dh = dz[t] @ weight_hh
    dx, dweight_ih, dbias = _project_backward(dz, x, weight_ih, bias_ih, needs)
    return dx, dh, dc, dweight_ih, rows(dz).T @ rows(states[:-1]), dbias, dbias


@checked
def gru_forward(x: INPUT, h: STATE, weight_ih: array("3U, F"),
                weight_hh: array("3U, U"), bias_ih: array("3U") = None,
                bias_hh: array("3U") = None):
    """A reset gate r, how much of h the candidate n sees; an update gate z, how much of h stays.

    h' = (1 - z) n + z h,  n = tanh(weight_ih x + bias_ih + r (weight_hh h + bias_hh));  the weights
    are in the order r, z, n.

    Shapes   x (T, N, F), h (N, U)  ->  y (T, N, U)
    Source   Cho et al., arXiv:1406.1078; the reset comes after the product, as in torch
    Twin     torch.nn.GRU, one layer and direction
    """
    gates = _project(x, weight_ih, bias_ih, None)        # (T, N, 3U), at first without the state
    states, hidden_n = _states(h, len(x)), np.empty((len(x), *h.shape), gates.dtype)
    weight_t = _transposed(weight_hh)
    for t in range(len(x)):
        hidden = states[t] @ weight_t
        if bias_hh is not None:
            hidden += bias_hh
        (r, z, n), (hidden_r, hidden_z, hidden_n[t]) = _split(gates[t], 3), _split(hidden, 3)
        r[:], z[:] = sigmoid(r + hidden_r), sigmoid(z + hidden_z)
        n[:] = np.tanh(n + r * hidden_n[t])
        states[t + 1] = (1 - z) * n + z * states[t]
    return states[1:], (x, states, gates, hidden_n, weight_ih, weight_hh, bias_ih)


@checked
def gru_backward(dy: OUTPUT_GRADIENT, cache, needs=(True,) * 6):
    """Through time: the gradient of h passes directly through z.

    Shapes   dy (T, N, U)  ->  the gradients of the six inputs of `gru_forward`
    """
    x, states, gates, hidden_n, weight_ih, weight_hh, bias_ih = cache
    dz, dh = np.empty_like(gates), np.zeros_like(states[0])
    dhidden = np.empty_like(gates)                                   # of weight_hh h + bias_hh
    for t in reversed(range(len(x))):
        r, z, n = _split(gates[t], 3)
        dh = dh + dy[t]
        kept = dh * z
        dn = (dh - kept) * (1 - n**2)
        dr = dn * hidden_n[t] * r * (1 - r)
        dupdate = dh * (states[t] - n) * z * (1 - z)
        dz[t] = np.concatenate([dr, dupdate, dn], axis=1)
        dhidden[t] = np.concatenate([dr, dupdate, dn * r], axis=1)
        dh = kept + dhidden[t] @ weight_hh
    dx, dweight_ih, dbias_ih = _project_backward(dz, x, weight_ih, bias_ih, needs)
    dbias_hh = None if bias_ih is None else rows(dhidden).sum(0)
    return dx, dh, dweight_ih, rows(dhidden).T @ rows(states[:-1]), dbias_ih, dbias_hh


def _project(x, weight_ih, bias_ih, bias_hh):
    """What the inputs contribute to every step, in one product: (T, N, F) -> (T, N, G·U)."""
    projected = rows(x) @ weight_ih.T
    for bias in (bias_ih, bias_hh):
        if bias is not None:
            projected += bias
    return projected.reshape(*x.shape[:-1], len(weight_ih))


def _transposed(weight):
    """weight.T, contiguous: the products with it at each step take a quarter less time."""
    return np.ascontiguousarray(weight.T)


def _split(z, count):
    """The gates that lie side by side in (N, count·U), as views (N, U)."""
    units = z.shape[1] // count
    return tuple(z[:, k:k + units] for k in range(0, z.shape[1], units))


def _states(h, steps):
    """An array for the states before the first step and after each: (T + 1, N, U)."""
    states = np.empty((steps + 1, *h.shape), h.dtype)
    states[0] = h
    return states


def _project_backward(dz, x, weight_ih, bias_ih, needs):
    """The gradients of `_project`: of x, weight_ih and a bias."""
    dx = (rows(dz) @ weight_ih).reshape(x.shape) if needs[0] else None
    return dx, rows(dz).T @ rows(x), None if bias_ih is None else rows(dz).sum(0)
