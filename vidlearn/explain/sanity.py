"""What a map has to pass before it is believed: it must point at the thing, and need the weights.

Either alone proves little. A filter that finds edges points well and knows no network; noise
changes with the weights and points nowhere.
"""

import numpy as np

from vidlearn import engine as engines
from vidlearn.checks import given, kinds


def pointing(heat, mask, tolerance=0):
    """The pointing game: does the brightest pixel of a map lie on the thing?

    Where several are brightest, the share of them that do: so a map that is flat gets what chance
    gets, the share of the picture that the thing fills.

    Shapes   heat and mask alike, (H, W) or (T, H, W); mask is True on the thing
    Units    tolerance in pixels: how far beside the thing still counts, straight from pixel to
             pixel within a frame
    Returns  0.0 for a miss to 1.0 for a hit
    Raises   ValueError if the shapes differ, or the mask is empty
    Source   Zhang et al., arXiv:1608.00507
    """
    heat, mask = np.asarray(heat), np.asarray(mask, bool)
    if heat.shape != mask.shape or not mask.any():
        raise ValueError(f"heat {heat.shape} and mask {mask.shape} with {int(mask.sum())} pixels "
                         "set: they need one shape, and the thing at least one pixel")
    brightest, things = np.argwhere(heat == heat.max()), np.argwhere(mask)
    hits = 0
    for place in brightest:
        same_frame = things[(things[:, :-2] == place[:-2]).all(axis=1), -2:]
        near = np.hypot(*(same_frame - place[-2:]).T)
        hits += near.min(initial=np.inf) <= tolerance
    return hits / len(brightest)


def rank_correlation(a, b):
    """Are the same places bright in two maps? Spearman's: the correlation of the ranks.

    Equal numbers share the mean of their ranks. A map that is flat agrees with nothing: 0.

    Shapes   a and b alike
    Returns  -1 to 1
    Twin     scipy.stats.spearmanr
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"maps a {a.shape} and b {b.shape}: they need one shape")
    ranks = [r - r.mean() for r in (_ranks(a.ravel()), _ranks(b.ravel()))]
    length = np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum())
    return float(ranks[0] @ ranks[1] / length) if length else 0.0


def _ranks(values):
    """The place of each number in order, counted from 0; equals get the mean of their places."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count + 1) / 2)[which]


def cascade(model, engine, look, seed=0):
    """Draw the weights anew, layer after layer from the answer down, and look after each.

    A layer is whatever holds an array of two or more axes. All its numbers are drawn from a bell
    curve as wide as they were, so that it stays as loud; layers that only scale are left. In the
    end the model has its own weights again.

    `look(model)` makes what is to be kept, a map.
    Returns  name of the layer that was drawn last -> what `look` made, in this order; the first
             name is "", where nothing was drawn yet
    Source   Adebayo et al., arXiv:1810.03292
    """
    engine = engines.get(engine)
    trained = engine.state(model)
    state, rng = dict(trained), np.random.default_rng(seed)
    found = {"": look(model)}
    try:
        for layer in _layers(trained):
            for name, value in trained.items():
                if name.rpartition(".")[0] == layer:
                    width = np.sqrt((value ** 2).mean())
                    state[name] = rng.normal(0, width, value.shape).astype(value.dtype)
            engine.load(model, state)
            found[layer] = look(model)
    finally:
        engine.load(model, trained)
    return found


def _layers(state):
    """The layers that hold weights, the last first."""
    names = [name.rpartition(".")[0] for name, value in state.items() if value.ndim > 1]
    return list(dict.fromkeys(names))[::-1]


given.check(globals(), {
    "heat mask a b": kinds.array("a map, an array of numbers"), "tolerance": kinds.number(0),
    "model": kinds.MODEL, "engine": kinds.ENGINE, "look": kinds.FUNCTION,
})
