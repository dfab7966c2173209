"""Exercises of notebook 22: frames through a CNN, an LSTM along them, and the state that counts."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import normal


def encode_frames(clips, frame_encoder):
    n, c, t, h, w = clips.shape
    frames = clips.swapaxes(1, 2).reshape(n * t, c, h, w)
    return frame_encoder(frames).reshape(n, t, -1)


def last_states(states, lengths, dlast):
    clips = np.arange(len(states))
    dstates = np.zeros(states.shape)
    dstates[clips, lengths - 1] = dlast
    return states[clips, lengths - 1], dstates


def read_out(features, step, weight):
    h, c = np.zeros((2, len(features), weight.shape[1]))
    scores = []
    for t in range(features.shape[1]):
        h, c = step(features[:, t], h, c)
        scores.append(h @ weight.T)
    return np.stack(scores, axis=1)


def _encoder(features):
    """A nonlinear encoder that tells channels, rows and columns apart."""
    def case(n, c, t, h, w):
        def sized(rng):
            weight = normal(rng, (features, c, h, w))
            return (normal(rng, (n, c, t, h, w)),
                    lambda frames: np.tanh(np.einsum("nchw,fchw->nf", frames, weight)))
        return sized
    return case


def _reading(n, steps, features, units, classes):
    """A cell whose state and memory differ, so that no two of its arguments can change places."""
    def case(rng):
        from_x, from_h = normal(rng, (units, features)), normal(rng, (units, units))

        def step(x, h, c):
            c = 0.7 * c + np.tanh(x @ from_x.T + h @ from_h.T)
            return np.tanh(c + 0.5), c
        return normal(rng, (n, steps, features)), step, normal(rng, (classes, units))
    return case


def _lasting(n, steps, units):
    def case(rng):
        lengths = rng.integers(1, steps + 1, n)
        lengths[rng.integers(n)] = steps                    # the longest fills the batch
        return normal(rng, (n, steps, units)), lengths, normal(rng, (n, units))
    return case


def _mixed(clips, frame_encoder):
    n, c, t, h, w = clips.shape
    return frame_encoder(clips.reshape(n * t, c, h, w)).reshape(n, t, -1)


def _frame_by_frame(clips, frame_encoder):
    """Folds the frames of all clips at time 0, then 1, but unfolds them clip by clip."""
    n, c, t, h, w = clips.shape
    return frame_encoder(clips.transpose(2, 0, 1, 3, 4).reshape(n * t, c, h, w)).reshape(n, t, -1)


def _sideways(clips, frame_encoder):
    n, c, t, h, w = clips.shape
    frames = clips.swapaxes(1, 2).reshape(n * t, c, w, h).swapaxes(2, 3)
    return frame_encoder(frames).reshape(n, t, -1)


def _time_first(clips, frame_encoder):
    n, c, t, h, w = clips.shape
    return frame_encoder(clips.swapaxes(1, 2).reshape(n * t, c, h, w)).reshape(t, n, -1)


def _walked(features, step, weight, start=lambda h, c: (h, c), order=1, end=lambda h, c: h):
    """The loop of `read_out` with one thing changed."""
    h, c = np.zeros((2, len(features), weight.shape[1]))
    scores = []
    for t in range(features.shape[1])[::order]:
        h, c = step(features[:, t], *start(h, c))
        scores.append(end(h, c) @ weight.T)
    return np.stack(scores, axis=1)


def _clips_as_time(features, step, weight):
    h, c = np.zeros((2, features.shape[1], weight.shape[1]))
    scores = []
    for x in features:
        h, c = step(x, h, c)
        scores.append(h @ weight.T)
    return np.stack(scores)


def _taken(states, at, dlast):
    """The states of other frames, and the gradient there."""
    return last_states(states, at + 1, dlast)


def _back_time_first(states, lengths, dlast):
    last, dstates = last_states(states, lengths, dlast)
    return last, dstates.swapaxes(0, 1)


ENCODE_FRAMES = Exercise(
    encode_frames,
    cases=[_encoder(4)(2, 3, 5, 4, 6), _encoder(1)(1, 3, 4, 2, 3), _encoder(3)(3, 1, 2, 3, 2),
           _encoder(2)(2, 3, 1, 3, 4), _encoder(5)(3, 2, 3, 2, 5)],
    hints=["The encoder knows no time: for it, a batch of N clips of T frames is N*T pictures.",
           "Only neighbouring axes can be folded into one: first bring T beside N, "
           "clips.swapaxes(1, 2).",
           "Then reshape to (n * t, c, h, w), and what the encoder gives to (n, t, -1)."],
    mistakes={
        "reshape without swapping C and T first: each picture is made of planes of several frames":
            _mixed,
        "T stands before N when they are folded: the rows of a clip come from several clips":
            _frame_by_frame,
        "height and width have changed places within the fold": _sideways,
        "what the encoder gave is cut as (T, N, F): the rows were laid clip by clip": _time_first,
        "the frames of each clip come last to first":
            lambda clips, frame_encoder: encode_frames(clips[:, :, ::-1], frame_encoder),
        "the encoder's features are averaged over the frames: (N, T, F) keeps them apart":
            lambda clips, frame_encoder: encode_frames(clips, frame_encoder).mean(axis=1),
    },
)

LAST_STATES = Exercise(
    last_states,
    cases=[_lasting(*size) for size in ((3, 5, 2), (4, 7, 3), (1, 1, 2), (5, 5, 5), (2, 6, 1))],
    hints=["A clip of length 1 ends at index 0.",
           "states[a, b] with two arrays of whole numbers takes one entry for each pair.",
           "The pairs are (0, lengths[0] - 1), (1, lengths[1] - 1), ...: np.arange(len(states)).",
           "Back: zeros everywhere, and dlast at the same pairs."],
    mistakes={
        "the last frame of the batch is taken: for the shorter clips that is padding":
            lambda states, lengths, dlast: _taken(states, lengths * 0 + states.shape[1] - 1, dlast),
        "one frame too far: a clip of length n ends at n - 1":
            lambda states, lengths, dlast:
                _taken(states, np.minimum(lengths, states.shape[1] - 1), dlast),
        "one length for all: each clip has its own":
            lambda states, lengths, dlast: _taken(states, lengths * 0 + lengths.min() - 1, dlast),
        "the first state is taken":
            lambda states, lengths, dlast: _taken(states, lengths * 0, dlast),
        "lengths are counted from the end":
            lambda states, lengths, dlast: _taken(states, states.shape[1] - lengths, dlast),
        "the gradient goes to every real frame: only the last was asked":
            lambda states, lengths, dlast: (last_states(states, lengths, dlast)[0],
                dlast[:, None] * (np.arange(states.shape[1]) < lengths[:, None])[..., None]),
        "the gradient goes to the padding behind, too":
            lambda states, lengths, dlast: (last_states(states, lengths, dlast)[0],
                dlast[:, None] * (np.arange(states.shape[1]) >= lengths[:, None] - 1)[..., None]),
        "dstates is (T, N, U): here the batch comes first": _back_time_first,
    },
    returns=("last", "dstates"),
)

READ_OUT = Exercise(
    read_out,
    cases=[_reading(*size) for size in ((2, 5, 3, 4, 3), (1, 3, 2, 2, 2), (4, 1, 2, 3, 5),
                                        (3, 3, 4, 5, 2), (3, 6, 1, 2, 4))],
    hints=["The units are the columns of weight (K, U). h and c begin as zeros (N, U).",
           "One frame of all clips at a time: features[:, t].",
           "h, c = step(features[:, t], h, c), and the scores of that frame are h @ weight.T.",
           "Collect them, and np.stack(scores, axis=1)."],
    mistakes={
        "every frame starts from nothing: h and c are not handed on": lambda *given:
            _walked(*given, start=lambda h, c: (np.zeros_like(h), np.zeros_like(c))),
        "c is not handed on": lambda *given:
            _walked(*given, start=lambda h, c: (h, np.zeros_like(c))),
        "h is not handed on": lambda *given:
            _walked(*given, start=lambda h, c: (np.zeros_like(h), c)),
        "h and c have changed places in the call": lambda *given:
            _walked(*given, start=lambda h, c: (c, h)),
        "the clip is read from its end": lambda *given: _walked(*given, order=-1),
        "the scores are read from the cell c: the state h is what is shown": lambda *given:
            _walked(*given, end=lambda h, c: c),
        "the scores of the last frame stand at every frame": lambda *given:
            np.repeat(read_out(*given)[:, -1:], given[0].shape[1], axis=1),
        "the scores are (T, N, K): here the batch comes first": lambda *given:
            read_out(*given).swapaxes(0, 1),
        "the loop runs over clips, not over frames: features are (N, T, F)": _clips_as_time,
    },
)
