"""Two sanity checks of a map: it must point at the object, and it must depend on the weights.

Either alone proves little. An edge detector points well and does not know the network; noise
changes with the weights and points nowhere.
"""

import numpy as np

from vidlearn import engine as engines
from vidlearn.checks import ArgumentError, checked, kinds

MAP = kinds.array("a map, an array of numbers")


@checked
def pointing(heat: MAP, mask: MAP, tolerance: kinds.NOT_NEGATIVE = 0):
    """The pointing game: does the maximum of a map lie on the object?

    If several pixels share the maximum, the result is the share of them that do. So a constant map
    scores as much as chance: the share of the picture that the object fills.

    Shapes   heat and mask of one shape, (H, W) or (T, H, W); mask is True on the object
    Units    tolerance in pixels: Euclidean distance from the object, within a frame, that still
             counts as a hit
    Returns  0.0 for a miss to 1.0 for a hit
    Raises   ArgumentError if the shapes differ, or the mask is empty
    Source   Zhang et al., arXiv:1608.00507
    """
    mask = mask.astype(bool)
    if heat.shape != mask.shape or not mask.any():
        raise ArgumentError(f"pointing: heat {heat.shape} and mask {mask.shape} with "
                            f"{int(mask.sum())} pixels set need one shape, and the object at least "
                            "one pixel")
    brightest, inside = np.argwhere(heat == heat.max()), np.argwhere(mask)
    hits = 0
    for place in brightest:
        same_frame = inside[(inside[:, :-2] == place[:-2]).all(axis=1), -2:]
        near = np.hypot(*(same_frame - place[-2:]).T)
        hits += near.min(initial=np.inf) <= tolerance
    return hits / len(brightest)


@checked
def rank_correlation(a: MAP, b: MAP):
    """Spearman's rank correlation of two maps: are the same places bright in both?

    Equal numbers share the mean of their ranks. A constant map correlates with nothing: 0.

    Shapes   a and b of one shape
    Returns  -1 to 1
    Twin     scipy.stats.spearmanr
    """
    if a.shape != b.shape:
        raise ArgumentError(f"rank_correlation: maps a {a.shape} and b {b.shape} need one shape")
    ranks = [r - r.mean() for r in (_ranks(a.ravel()), _ranks(b.ravel()))]
    length = np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum())
    return float(ranks[0] @ ranks[1] / length) if length else 0.0


def _ranks(values):
    """The rank of each number, from 0; equal numbers get the mean of their ranks."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count + 1) / 2)[which]


@checked
def cascade(model: kinds.MODEL, engine: kinds.ENGINE, make_map: kinds.FUNCTION, seed=0):
    """Replace the weights by random ones, layer by layer from the output down; map after each.

    A layer is any module that holds an array of two or more axes. Its numbers are drawn from a
    normal distribution with their own root mean square, so that its outputs keep their scale;
    layers that only scale stay as they are. At the end the model has its own weights again.

    Units    make_map: a function of the model; what it returns is kept
    Returns  a dict: name of the layer that was replaced last -> what `make_map` returned; the first
             name is "", with nothing replaced yet
    Source   Adebayo et al., arXiv:1810.03292
    """
    engine = engines.get(engine)
    trained = engine.state(model)
    state, rng = dict(trained), np.random.default_rng(seed)
    found = {"": make_map(model)}
    try:
        for layer in _layers(trained):
            for name, value in trained.items():
                if name.rpartition(".")[0] == layer:
                    width = np.sqrt((value ** 2).mean())
                    state[name] = rng.normal(0, width, value.shape).astype(value.dtype)
            engine.load(model, state)
            found[layer] = make_map(model)
    finally:
        engine.load(model, trained)
    return found


def _layers(state):
    """The names of the layers that hold weights, the last one first."""
    names = [name.rpartition(".")[0] for name, value in state.items() if value.ndim > 1]
    return list(dict.fromkeys(names))[::-1]
