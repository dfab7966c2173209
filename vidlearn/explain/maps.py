"""Maps over a picture or a clip that say what a network looked at, on either engine.

A picture is (C, H, W) and its map (H, W); a clip is (C, T, H, W) and its map (T, H, W).
"""

import numpy as np

from vidlearn import engine as engines
from vidlearn.checks import given, kinds
from vidlearn.scratch import Tensor
from vidlearn.scratch.layers.activation import softmax_forward
from vidlearn.scratch.nn import functional

GROW = {4: "bilinear", 5: "trilinear"}           # by the axes of what a layer gives


def saliency(model, picture, engine, label=None, times_input=False, smooth=0, spread=0.15, seed=0):
    """How much would the score of `label` change with each pixel?

    The slope of the score, and of the three colours of a pixel the steepest, without its sign.
    With `times_input` slope times value, summed over the colours, with its sign: what the pixel
    adds, as far as the network is straight there. With `smooth`, the mean slope over so many noisy
    copies. The model is put into evaluation while it looks; its gradients are cleared afterwards.

    Shapes   picture (C, H, W) -> (H, W), clip (C, T, H, W) -> (T, H, W)
    Units    scores per unit of the picture; `spread` is the noise's standard deviation as a share
             of the picture's range
    Returns  the map, and the label: by default the one with the highest score
    Source   Simonyan et al., arXiv:1312.6034; smooth: Smilkov et al., arXiv:1706.03825
    """
    engine = engines.get(engine)
    rng, copies = np.random.default_rng(seed), np.repeat(picture[None], smooth + 1, axis=0)
    copies[1:] += rng.normal(0, spread * np.ptp(picture), copies[1:].shape)  # the first stays
    x = engine.tensor(copies).requires_grad_()
    with _Evaluation(model):
        scores = model(x)
        label = _label(label, scores, engine)
        scores[:, label].sum().backward()
    slope = engine.numpy(x.grad)
    model.zero_grad()
    slope = slope[1:].mean(axis=0) if smooth else slope[0]
    return (slope * picture).sum(axis=0) if times_input else np.abs(slope).max(axis=0), label


def grad_cam(model, layer, clip, engine, label=None, scaled=True):
    """Weigh each channel of `layer` by how much it raises the score of `label`, and add them up.

    Where a network looks at each frame of a clip on its own, frames folded into the batch, each
    frame has weights of its own. The model is put into evaluation while it looks; its gradients
    are cleared afterwards.

    Shapes   picture (C, H, W) -> (H, W), clip (C, T, H, W) -> (T, H, W); the layer gives
             (1, C', H', W') for a picture, (1, C', T', H', W') or (T, C', H', W') for a clip
    Returns  the map, and the label: by default the one with the highest score. The map is 0 where
             nothing spoke for the label, and its highest number is 1; not `scaled`, it is in
             scores, and maps of several pictures can be compared
    Raises   ValueError if `layer` did not run, or gives no map over space
    Source   Selvaraju et al., arXiv:1610.02391
    """
    engine = engines.get(engine)
    scores, activation = _watch(model, layer, engine.tensor(clip[None]), clip.shape)
    label = _label(label, scores, engine)
    scores[0, label].backward()
    gradient, seen = engine.numpy(activation.grad), engine.numpy(activation)
    model.zero_grad()
    weight = gradient.mean(axis=tuple(range(2, seen.ndim)), keepdims=True)     # (1, C', 1, 1)
    support = np.maximum((weight * seen).sum(axis=1, keepdims=True), 0)
    size = clip.shape[1:] if seen.ndim == 5 else clip.shape[-2:]
    grown = functional.interpolate(Tensor(support), size=size, mode=GROW[seen.ndim])
    grown = grown.numpy().reshape(clip.shape[1:])
    return grown / max(grown.max(), 1e-12) if scaled else grown, label


def occlusion(model, clip, engine, label, window, fill=0.5):
    """Cover box after box of a picture or clip: how much does the probability of `label` fall?

    Shapes   clip (C, T, H, W), window (T, H, W): the size of the box and of its steps
             ->  fall (T', H', W'), one number for each box; T' = ceil(T / window's T);
             picture (C, H, W), window (H, W)  ->  (H', W')
    Units    `fill` is the value that covers, 0..1; the fall is a difference of probabilities
    Raises   ValueError if the window does not have the axes of the clip
    Source   Zeiler and Fergus, arXiv:1311.2901
    """
    engine = engines.get(engine)
    if len(window) != clip.ndim - 1:
        raise ValueError(f"window {tuple(window)} for a clip or picture {clip.shape}: it needs "
                         f"{clip.ndim - 1} sizes, one for each axis after the channels")
    boxes = tuple(-(-s // w) for s, w in zip(clip.shape[1:], window, strict=True))
    covered = np.repeat(clip[None], int(np.prod(boxes)) + 1, axis=0)     # the last stays as it is
    for k, corner in enumerate(np.ndindex(*boxes)):
        box = tuple(slice(i * w, (i + 1) * w) for i, w in zip(corner, window, strict=True))
        covered[k, :, *box] = fill
    chance = _probability(model, covered, engine)
    chance = chance[:, _label(label, chance, engine)]
    return (chance[-1] - chance[:-1]).reshape(boxes)


class _Evaluation:
    """A block in which a model is in evaluation; then it is as it was."""

    def __init__(self, model):
        self.model, self.training = model, model.training

    def __enter__(self):
        self.model.eval()

    def __exit__(self, *error):
        self.model.train(self.training)


def _label(label, scores, engine):
    """The label that is asked about: that of the highest score where none is named."""
    scores = scores if isinstance(scores, np.ndarray) else engine.numpy(scores)
    if label is None:
        return int(scores[0].argmax())
    if label >= scores.shape[1]:
        raise ValueError(f"label {label} of a model that gives scores {scores.shape}: it must be "
                         f"0 to {scores.shape[1] - 1}")
    return label


def _watch(model, layer, clips, shape):
    """Run the model, and keep what `layer` gave, with its gradient to come."""
    seen = []
    handle = layer.register_forward_hook(lambda module, inputs, output: seen.append(output))
    try:
        with _Evaluation(model):
            scores = model(clips)
    finally:
        handle.remove()
    if len(seen) != 1 or not _is_map(tuple(seen[0].shape), shape):
        frames = f" or ({shape[1]}, C, H, W)" if len(shape) == 4 else ""
        raise ValueError(f"grad_cam needs a layer that runs once and gives (1, C, "
                         f"{'T, ' * (len(shape) == 4)}H, W){frames}, this "
                         f"gave {[tuple(y.shape) for y in seen] or 'nothing'}")
    seen[0].retain_grad()
    return scores, seen[0]


def _is_map(seen, shape):
    """Is what a layer gave a map over a picture or clip of this shape (C, ...)?"""
    if len(shape) == 3:
        return len(seen) == 4 and seen[0] == 1
    return len(seen) == 5 or len(seen) == 4 and seen[0] == shape[1]


def _probability(model, clips, engine, batch=32):
    with _Evaluation(model), engine.no_grad():
        parts = [engine.numpy(model(engine.tensor(clips[i:i + batch])))
                 for i in range(0, len(clips), batch)]
    return softmax_forward(np.concatenate(parts), dim=1)[0]


given.check(globals(), {
    "model": kinds.MODEL, "engine": kinds.ENGINE, "label": kinds.whole(), "spread": kinds.number(0),
    "picture clip": kinds.array("a picture (C, H, W) or a clip (C, T, H, W), of floating numbers",
                                3, 4, dtypes="f"),
    "layer": kinds.having("a layer of the model", "register_forward_hook"),
    "window": kinds.row("a list of sizes, one an axis", kinds.whole(1)),
})
