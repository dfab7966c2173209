"""Recurrent layers: RNN, LSTM and GRU for whole sequences, and their cells for single steps."""

import math

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError, UnsupportedOption, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import Tensor, lift
from vidlearn.scratch.core.tensor_kinds import REAL
from vidlearn.scratch.layers import recurrent as pairs
from vidlearn.scratch.nn import functional, init
from vidlearn.scratch.nn.module import Module
from vidlearn.scratch.nn.parameter import Parameter
from vidlearn.scratch.numbers.join import cat, stack

WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class _Recurrent(Module):
    """The base class: parameters under torch's names, initial states, and the loop over steps."""

    gates = 1                   # per hidden unit
    states = 1                  # 2 for h and c
    function = None             # the lifted pair

    def __init__(self, input_size, hidden_size, bias, nonlinearity=None):
        super().__init__()
        if nonlinearity not in (None, "tanh", "relu"):
            raise ArgumentError(f"nonlinearity must be 'tanh' or 'relu', not {nonlinearity!r}")
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self._options = {"nonlinearity": nonlinearity} if nonlinearity else {}

    def _register_weights(self, features, suffix=""):
        rows = self.gates * self.hidden_size
        shapes = (rows, features), (rows, self.hidden_size), (rows,), (rows,)
        for name, shape in zip(WEIGHTS, shapes, strict=True):
            used = self.bias or name.startswith("weight")
            setattr(self, name + suffix, Parameter(np.empty(shape, np.float32)) if used else None)

    def reset_parameters(self):
        """Draw all parameters from -b..b with b = 1 / sqrt(hidden_size), as torch does."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size else 0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def _run(self, x, states, suffix=""):
        """Run one layer over x (T, N, F): the outputs (T, N, U), and the states after the last."""
        weights = {name + suffix: getattr(self, name + suffix) for name in WEIGHTS}
        refuse_mixed_dtypes(type(self).__name__, input=x, **dict(zip("hc", states, strict=False)),
                            **weights)
        result = self.function(x, *states, *weights.values(), **self._options)
        y, *cell = result if isinstance(result, tuple) else (result,)
        return y, (y[-1], *cell)

    def _initial_states(self, hx, shape, like):
        """The initial states as a tuple: those given, or zeros."""
        if hx is None:
            return (Tensor(np.zeros(shape, like.dtype)),) * self.states
        hx = tuple(hx) if self.states == 2 else (hx,)
        if any(h.shape != shape for h in hx):
            raise ShapeError(f"{type(self).__name__}: hx, the initial state, must have the shape "
                             f"{shape}, not {hx[0].shape}")
        return hx

    def _check(self, input, axes, hx):
        """Check the input and the initial state `hx`; returns the input as a Tensor."""
        if hasattr(input, "batch_sizes"):
            raise UnsupportedOption("PackedSequence is not implemented: pad, and mask the loss")
        input = REAL.look(input, f"{type(self).__name__}: input")
        if input.ndim not in axes or input.shape[-1] != self.input_size:
            raise ShapeError(f"{type(self).__name__}: x {input.shape} must have {axes[0]} or "
                             f"{axes[1]} axes, the last of {self.input_size} features")
        if hx is None:
            return input
        given = (hx,) if self.states == 1 else hx if isinstance(hx, (tuple, list)) else ()
        if len(given) != self.states or not all(isinstance(h, Tensor) for h in given):
            wanted = "a Tensor h" if self.states == 1 else "a tuple (h, c) of Tensors"
            raise ArgumentError(f"{type(self).__name__}: hx, the initial state, must be "
                                f"{wanted}, not {hx!r:.60}")
        return input


class _SequenceLayer(_Recurrent):
    """One or more layers, in one direction or both, over a whole sequence."""

    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False,
                 dropout=0.0, bidirectional=False, nonlinearity=None):
        super().__init__(input_size, hidden_size, bias, nonlinearity)
        self.num_layers, self.batch_first = num_layers, batch_first
        self.dropout, self.bidirectional = dropout, bidirectional
        self._directions = ("", "_reverse") if bidirectional else ("",)
        for layer in range(num_layers):
            features = len(self._directions) * hidden_size if layer else input_size
            for direction in self._directions:
                self._register_weights(features, f"_l{layer}{direction}")
        self.reset_parameters()

    def forward(self, input, hx=None):
        input = self._check(input, (2, 3), hx)
        if input.ndim == 2:                              # a single sequence becomes a batch of one
            hx = hx if hx is None else _each(hx, lambda h: h.unsqueeze(1))
            y, hx = self._forward(input.unsqueeze(1), hx)
            return y.squeeze(1), _each(hx, lambda h: h.squeeze(1))
        if self.batch_first:
            y, hx = self._forward(input.transpose(0, 1), hx)
            return y.transpose(0, 1), hx
        return self._forward(input, hx)

    def _forward(self, x, hx):
        """Run all layers over x (T, N, F)."""
        if not len(x.data):
            raise ShapeError(f"{type(self).__name__}: a sequence needs at least one step")
        count = self.num_layers * len(self._directions)
        initial = self._initial_states(hx, (count, x.shape[1], self.hidden_size), x)
        final = []                                       # states, by layer and direction
        for layer in range(self.num_layers):
            if layer and self.dropout:
                x = functional.dropout(x, self.dropout, self.training)
            outputs = []
            for direction in self._directions:
                states = [state[len(final)] for state in initial]
                y, last = self._run(x.flip(0) if direction else x, states, f"_l{layer}{direction}")
                outputs.append(y.flip(0) if direction else y)
                final.append(last)
            x = cat(outputs, -1) if self.bidirectional else outputs[0]
        final = tuple(stack(states) for states in zip(*final, strict=True))
        return x, final if self.states == 2 else final[0]

    def extra_repr(self):
        defaults = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0,
                    "bidirectional": False}
        parts = [f"{name}={getattr(self, name)}" for name, default in defaults.items()
                 if getattr(self, name) != default]
        return ", ".join([f"{self.input_size}, {self.hidden_size}", *parts])


class _Cell(_Recurrent):
    """A single step of a recurrent layer."""

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity=None):
        super().__init__(input_size, hidden_size, bias, nonlinearity)
        self._register_weights(input_size)
        self.reset_parameters()

    def forward(self, input, hx=None):
        input = self._check(input, (1, 2), hx)
        if input.ndim == 1:
            hx = hx if hx is None else _each(hx, lambda h: h.unsqueeze(0))
            return _each(self.forward(input.unsqueeze(0), hx), lambda h: h.squeeze(0))
        states = self._initial_states(hx, (len(input.data), self.hidden_size), input)
        _, final = self._run(input.unsqueeze(0), states)
        return final if self.states == 2 else final[0]

    def extra_repr(self):
        sizes = f"{self.input_size}, {self.hidden_size}" + ", bias=False" * (not self.bias)
        relu = self._options.get("nonlinearity") == "relu"
        return sizes + ", nonlinearity=relu" * relu


def _each(states, change):
    """Change h, or both h and c."""
    return tuple(map(change, states)) if isinstance(states, tuple) else change(states)


class RNN(_SequenceLayer):
    """The plain recurrence, h' = tanh(W x + V h + b): (T, N, F) -> (T, N, U), and h_n.

    Twin     torch.nn.RNN
    """

    gates, function = 1, staticmethod(lift(pairs.rnn_forward, pairs.rnn_backward))

    def __init__(self, input_size, hidden_size, num_layers=1, nonlinearity="tanh", bias=True,
                 batch_first=False, dropout=0.0, bidirectional=False):
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional, nonlinearity)


class LSTM(_SequenceLayer):
    """Long short-term memory, with a gated cell c: (T, N, F) -> (T, N, U), and (h_n, c_n).

    Twin     torch.nn.LSTM
    """

    gates, states = 4, 2
    function = staticmethod(lift(pairs.lstm_forward, pairs.lstm_backward))

    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False,
                 dropout=0.0, bidirectional=False, proj_size=0):
        if proj_size:
            raise UnsupportedOption(f"LSTM: proj_size={proj_size} is not implemented; "
                                    "add a Linear after it")
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout,
                         bidirectional)


class GRU(_SequenceLayer):
    """Gated recurrent unit, with two gates and no cell: (T, N, F) -> (T, N, U), and h_n.

    Twin     torch.nn.GRU
    """

    gates, function = 3, staticmethod(lift(pairs.gru_forward, pairs.gru_backward))


class RNNCell(_Cell):
    """One step of RNN: (N, F) and (N, U) -> (N, U).

    Twin     torch.nn.RNNCell
    """

    gates, function = RNN.gates, staticmethod(RNN.function)

    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh"):
        super().__init__(input_size, hidden_size, bias, nonlinearity)


class LSTMCell(_Cell):
    """One step of LSTM: (N, F) and ((N, U), (N, U)) -> ((N, U), (N, U)).

    Twin     torch.nn.LSTMCell
    """

    gates, states, function = LSTM.gates, LSTM.states, staticmethod(LSTM.function)


class GRUCell(_Cell):
    """One step of GRU: (N, F) and (N, U) -> (N, U).

    Twin     torch.nn.GRUCell
    """

    gates, function = GRU.gates, staticmethod(GRU.function)
