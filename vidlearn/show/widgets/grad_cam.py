"""Attribution maps: the pixels a network looks at, and whether its weights matter for that."""

from copy import deepcopy

import numpy as np

from vidlearn import engine as engines
from vidlearn import explain
from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers.activation import softmax_forward
from vidlearn.show import draw
from vidlearn.show.overlay import overlay

SCALE, WINDOW = 7, 4                 # enlargement; side of the square that occlusion covers
METHODS = ("Grad-CAM", "saliency", "gradient x input", "occlusion")
ITS_ANSWER = "its own answer"
WHERE = {1: "on the thing", 0: "half on the thing", -1: "beside it"}
DATA = kinds.having("a dataset: with pictures, masks and classes", "pictures", "masks", "classes")


@checked
def attribution_maps(model: kinds.MODEL, engine: kinds.ENGINE, data: DATA, layer: kinds.WORD,
                     seed=0):
    """Make the `draw` of a widget: a picture, its attribution map, and the map over the picture.

    `layer` is the layer for Grad-CAM, by its name in `model.named_modules()`. `redrawn` is the
    number of layers, from the output down, that get new random weights; the label stays that of the
    trained model. The model itself is left unchanged.

    Shapes   data: pictures (N, H, W, 3) uint8, masks (N, H, W), classes
    """
    copy, engine = deepcopy(model), engines.get(engine)
    states = list(explain.cascade(copy, engine, engine.state, seed).values())

    def look(picture=0, method="Grad-CAM", label=ITS_ANSWER, layer=layer, redrawn=0):
        x, _ = data.batch([picture])
        maps = []
        for state in (states[0], states[min(redrawn, len(states) - 1)]):
            engine.load(copy, state)
            probabilities = _probabilities(copy, engine, x)
            if not maps:
                asked = probabilities.argmax() if label == ITS_ANSWER else data.classes.index(label)
            maps.append(_map(copy, layer, x[0], engine, method, int(asked)))
        mask, prediction = data.masks[picture], probabilities.argmax()
        where = WHERE[np.sign(explain.pointing(maps[1], mask) * 2 - 1)]
        told = f"brightest {where}" if maps[1].max() > 0 else "the map is empty"
        line = f"says {data.classes[prediction]}, asked about {data.classes[asked]}: {told}"
        if redrawn:
            line += f"; like the trained map {explain.rank_correlation(*maps):.2f}"
        title = f"says {data.classes[prediction]}, {100 * probabilities[prediction]:.0f} %"
        return _sheet(data.pictures[picture], title, maps[1], mask, method), line
    return look


def _probabilities(model, engine, x):
    with engine.no_grad():
        scores = engine.numpy(model.eval()(engine.tensor(x)))
    return softmax_forward(scores, dim=1)[0][0]


def _map(model, layer, x, engine, method, label):
    """The attribution map of one method, as large as the picture."""
    if method == "Grad-CAM":
        return explain.grad_cam(model, dict(model.named_modules())[layer], x, engine, label)[0]
    if method == "occlusion":
        fall = explain.occlusion(model, x, engine, label, (WINDOW, WINDOW))
        return draw.enlarge(fall, WINDOW)[:x.shape[1], :x.shape[2]]
    return explain.saliency(model, x, engine, label, times_input=method != "saliency")[0]


def _sheet(picture, title, heat, mask, method):
    """The picture with the bounding box of the mask, the map, and both with the maximum framed."""
    signed = method in ("gradient x input", "occlusion")
    left = draw.enlarge(picture, SCALE)
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    draw.box(left, columns[0] * SCALE, rows[0] * SCALE, (columns[-1] + 1) * SCALE,
             (rows[-1] + 1) * SCALE, draw.SKY)
    middle = draw.heat(heat, SCALE, *(("diverging",) if signed else ("inferno", 0)))
    share = np.maximum(heat, 0) / max(heat.max(), 1e-12)
    right = draw.enlarge(overlay(picture[None], share[None], 0.75)[0], SCALE)
    brightest = np.argwhere(heat == heat.max())                # a pixel, or one square of occlusion
    (y, x), (bottom, far) = brightest.min(axis=0), brightest.max(axis=0) + 1
    if heat.max() > 0:                                # an empty map has no brightest place
        draw.box(right, x * SCALE - 4, y * SCALE - 4, far * SCALE + 4, bottom * SCALE + 4, draw.SKY)
    words = "red for it, blue against" if signed else "black 0, bright yellow most"
    return draw.beside(draw.titled(left, title), draw.titled(middle, words),
                       draw.titled(right, "over it, brightest framed"))
