"""Which pixels decided? Maps over a clip that say what a network looked at, on either engine."""

import numpy as np

from vidlearn.scratch import Tensor
from vidlearn.scratch.activation import softmax_forward
from vidlearn.scratch.nn import functional


def grad_cam(model, layer, clip, engine, label=None):
    """Weigh each channel of `layer` by how much it raises the score of `label`, and add them up.

    The model is put into evaluation while it looks; its gradients are cleared afterwards.

    Shapes   clip (C, T, H, W)  ->  map (T, H, W), 0 where nothing spoke for the label, at most 1
    Returns  the map, and the label: by default the one with the highest score
    Raises   ValueError if `layer` did not run, or gives no map over time and space
    Source   Selvaraju et al., arXiv:1610.02391
    """
    scores, activation = _watch(model, layer, engine.tensor(np.asarray(clip)[None]))
    label = int(engine.numpy(scores)[0].argmax()) if label is None else int(label)
    scores[0, label].backward()
    gradient, seen = engine.numpy(activation.grad), engine.numpy(activation)
    model.zero_grad()
    weight = gradient.mean(axis=(2, 3, 4), keepdims=True)            # (1, C', 1, 1, 1)
    support = np.maximum((weight * seen).sum(axis=1, keepdims=True), 0)
    grown = functional.interpolate(Tensor(support), size=clip.shape[1:], mode="trilinear")
    grown = grown.numpy()[0, 0]
    return grown / max(grown.max(), 1e-12), label


def occlusion(model, clip, engine, label, window, fill=0.5):
    """Cover box after box of the clip, and see how much the probability of `label` falls.

    Shapes   clip (C, T, H, W), window (T, H, W): the size of the box and of its steps
             ->  fall (T', H', W'), one number for each box; T' = ceil(T / window's T)
    Units    `fill` is the value that covers, 0..1; the fall is a difference of probabilities
    Source   Zeiler and Fergus, arXiv:1311.2901
    """
    clip = np.asarray(clip)
    boxes = tuple(-(-s // w) for s, w in zip(clip.shape[1:], window, strict=True))
    covered = np.repeat(clip[None], int(np.prod(boxes)) + 1, axis=0)     # the last stays as it is
    for k, corner in enumerate(np.ndindex(*boxes)):
        box = tuple(slice(i * w, (i + 1) * w) for i, w in zip(corner, window, strict=True))
        covered[k, :, *box] = fill
    chance = _probability(model, covered, engine)[:, label]
    return (chance[-1] - chance[:-1]).reshape(boxes)


def _watch(model, layer, clips):
    """Run the model, and keep what `layer` gave, with its gradient to come."""
    seen = []
    handle = layer.register_forward_hook(lambda module, inputs, output: seen.append(output))
    training = model.training
    try:
        scores = model.eval()(clips)
    finally:
        handle.remove()
        model.train(training)
    if len(seen) != 1 or seen[0].ndim != 5:
        raise ValueError("grad_cam needs a layer that runs once and gives (N, C, T, H, W), this "
                         f"gave {[tuple(y.shape) for y in seen] or 'nothing'}")
    seen[0].retain_grad()
    return scores, seen[0]


def _probability(model, clips, engine, batch=32):
    training = model.training
    model.eval()
    with engine.no_grad():
        parts = [engine.numpy(model(engine.tensor(clips[i:i + batch])))
                 for i in range(0, len(clips), batch)]
    model.train(training)
    return softmax_forward(np.concatenate(parts), dim=1)[0]
