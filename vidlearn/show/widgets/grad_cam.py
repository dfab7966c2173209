"""What did a network look at, and would it with other weights? The widget of lesson 14."""

from copy import deepcopy

import numpy as np

from vidlearn import engine as engines
from vidlearn import explain
from vidlearn.checks import given, kinds
from vidlearn.scratch.layers.activation import softmax_forward
from vidlearn.show import draw
from vidlearn.show.overlay import overlay

SCALE, WINDOW = 7, 4                 # pixels on the sheet a pixel; side of what occlusion covers
METHODS = ("Grad-CAM", "saliency", "gradient x input", "occlusion")
ITS_ANSWER = "its own answer"
WHERE = {1: "on the thing", 0: "half on the thing", -1: "beside it"}


def looking(model, engine, data, layer, seed=0):
    """Make the `draw` of a widget: a picture, a method's map of it, and one laid over the other.

    `layer` is the name of what Grad-CAM looks at, from `model.named_modules()`. `redrawn` counts
    layers whose weights are drawn anew, from the answer down; the label asked about stays that of
    the trained model. The model itself stays as it is.

    Shapes   data: pictures (N, H, W, 3) uint8, masks (N, H, W), classes
    """
    copy, engine = deepcopy(model), engines.get(engine)
    states = list(explain.cascade(copy, engine, engine.state, seed).values())

    def look(picture=0, method="Grad-CAM", label=ITS_ANSWER, layer=layer, redrawn=0):
        x, _ = data.batch([picture])
        heats = []
        for state in (states[0], states[min(redrawn, len(states) - 1)]):
            engine.load(copy, state)
            chance = _chance(copy, engine, x)
            if not heats:
                asked = chance.argmax() if label == ITS_ANSWER else data.classes.index(label)
            heats.append(_map(copy, layer, x[0], engine, method, int(asked)))
        mask, answer = data.masks[picture], chance.argmax()
        where = WHERE[np.sign(explain.pointing(heats[1], mask) * 2 - 1)]
        line = (f"says {data.classes[answer]}, asked about {data.classes[asked]}: "
                f"brightest {where}")
        if redrawn:
            line += f"; like the trained map {explain.rank_correlation(*heats):.2f}"
        said = f"says {data.classes[answer]}, {100 * chance[answer]:.0f} %"
        return _sheet(data.pictures[picture], said, heats[1], mask, method), line
    return look


def _chance(model, engine, x):
    with engine.no_grad():
        scores = engine.numpy(model.eval()(engine.tensor(x)))
    return softmax_forward(scores, dim=1)[0][0]


def _map(model, layer, x, engine, method, label):
    """The map of one method, as large as the picture."""
    if method == "Grad-CAM":
        return explain.grad_cam(model, dict(model.named_modules())[layer], x, engine, label)[0]
    if method == "occlusion":
        fall = explain.occlusion(model, x, engine, label, (WINDOW, WINDOW))
        return draw.enlarge(fall, WINDOW)[:x.shape[1], :x.shape[2]]
    return explain.saliency(model, x, engine, label, times_input=method != "saliency")[0]


def _sheet(picture, said, heat, mask, method):
    """The picture with the thing's box, the map, and the map over the picture with its maximum."""
    signed = method in ("gradient x input", "occlusion")
    left = draw.enlarge(picture, SCALE)
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    draw.box(left, columns[0] * SCALE, rows[0] * SCALE, (columns[-1] + 1) * SCALE,
             (rows[-1] + 1) * SCALE, draw.SKY)
    middle = draw.heat(heat, SCALE, *(("diverging",) if signed else ("inferno", 0)))
    share = np.maximum(heat, 0) / max(heat.max(), 1e-12)
    right = draw.enlarge(overlay(picture[None], share[None], 0.75)[0], SCALE)
    brightest = np.argwhere(heat == heat.max())                # a pixel, or all that one box covers
    (y, x), (bottom, far) = brightest.min(axis=0), brightest.max(axis=0) + 1
    draw.box(right, x * SCALE - 4, y * SCALE - 4, far * SCALE + 4, bottom * SCALE + 4, draw.SKY)
    words = "red for it, blue against" if signed else "black 0, bright yellow most"
    return draw.beside(draw.titled(left, said), draw.titled(middle, words),
                       draw.titled(right, "over it, brightest framed"))


given.check(globals(), {
    "model": kinds.MODEL, "engine": kinds.ENGINE, "layer": kinds.WORD,
    "data": kinds.having("a dataset: with pictures, masks and classes", "pictures", "masks",
                         "classes"),
})
