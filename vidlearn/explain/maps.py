"""Maps of a picture or a clip that show which places decided, on either engine.

A picture is (C, H, W) and its map (H, W); a clip is (C, T, H, W) and its map (T, H, W).
"""

import numpy as np

from vidlearn import engine as engines
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch import Tensor
from vidlearn.scratch.layers.activation import softmax_forward
from vidlearn.scratch.nn import functional

PICTURE = kinds.array("a picture (C, H, W) or a clip (C, T, H, W), of floating numbers", 3, 4,
                      dtypes="f")
LAYER = kinds.having("a layer of the model", "register_forward_hook")
WINDOW = kinds.row("a list of sizes, one an axis", kinds.POSITIVE_COUNT)
RESIZE_MODE = {4: "bilinear", 5: "trilinear"}    # by the number of axes of a layer's output


@checked
def saliency(model: kinds.MODEL, picture: PICTURE, engine: kinds.ENGINE, label: kinds.COUNT = None,
             times_input=False, smooth=0, spread: kinds.NOT_NEGATIVE = 0.15, seed=0):
    """How much would the score of `label` change with each pixel?

    The map is the gradient of the score: its largest absolute value over the channels of a pixel.
    With `times_input` it is gradient times value, summed over the channels, with its sign: what the
    pixel adds to the score, as far as the network is linear there. With `smooth` the gradient is
    the mean over so many noisy copies. The model is in evaluation mode meanwhile; its gradients are
    cleared afterwards.

    Shapes   picture (C, H, W) -> (H, W), clip (C, T, H, W) -> (T, H, W)
    Units    scores per unit of the picture; spread: the standard deviation of the noise as a share
             of the picture's range
    Returns  the map, and the label: by default the one with the highest score
    Source   Simonyan et al., arXiv:1312.6034; smooth: Smilkov et al., arXiv:1706.03825
    """
    engine = engines.get(engine)
    rng, copies = np.random.default_rng(seed), np.repeat(picture[None], smooth + 1, axis=0)
    copies[1:] += rng.normal(0, spread * np.ptp(picture), copies[1:].shape)   # not to the first
    x = engine.tensor(copies).requires_grad_()
    with _Evaluation(model):
        scores = model(x)
        label = _label(label, scores, engine)
        scores[:, label].sum().backward()
    gradient = engine.numpy(x.grad)
    model.zero_grad()
    gradient = gradient[1:].mean(axis=0) if smooth else gradient[0]
    if times_input:
        return (gradient * picture).sum(axis=0), label
    return np.abs(gradient).max(axis=0), label


@checked
def grad_cam(model: kinds.MODEL, layer: LAYER, clip: PICTURE, engine: kinds.ENGINE,
             label: kinds.COUNT = None, scaled=True):
    """Weight each channel of `layer` by how much it raises the score of `label`, and sum them.

    If the network encodes each frame of a clip on its own, with the frames folded into the batch,
    each frame has weights of its own. The model is in evaluation mode meanwhile; its gradients are
    cleared afterwards.

    Shapes   picture (C, H, W) -> (H, W), clip (C, T, H, W) -> (T, H, W); the layer gives
             (1, C', H', W') for a picture, (1, C', T', H', W') or (T, C', H', W') for a clip
    Returns  the map, and the label: by default the one with the highest score. The map is 0 where
             nothing supports the label, and its maximum is 1; if not `scaled`, it is in scores, so
             that maps of several pictures can be compared
    Raises   ArgumentError if `layer` did not run, or its output has no axes of space
    Source   Selvaraju et al., arXiv:1610.02391
    """
    engine = engines.get(engine)
    scores, activation = _watch(model, layer, engine.tensor(clip[None]), clip.shape)
    label = _label(label, scores, engine)
    scores[0, label].backward()
    gradient, output = engine.numpy(activation.grad), engine.numpy(activation)
    model.zero_grad()
    weight = gradient.mean(axis=tuple(range(2, output.ndim)), keepdims=True)   # (1, C', 1, 1)
    support = np.maximum((weight * output).sum(axis=1, keepdims=True), 0)
    size = clip.shape[1:] if output.ndim == 5 else clip.shape[-2:]
    resized = functional.interpolate(Tensor(support), size=size, mode=RESIZE_MODE[output.ndim])
    resized = resized.numpy().reshape(clip.shape[1:])
    return resized / max(resized.max(), 1e-12) if scaled else resized, label


@checked
def occlusion(model: kinds.MODEL, clip: PICTURE, engine: kinds.ENGINE, label: kinds.COUNT,
              window: WINDOW, fill=0.5):
    """Cover one window of a picture or clip at a time: how much does `label` lose in probability?

    Shapes   clip (C, T, H, W), window (T, H, W): the size of the window and of its steps
             ->  fall (T', H', W'), one number a window; T' = ceil(T / window's T);
             picture (C, H, W), window (H, W)  ->  (H', W')
    Units    fill: the value that covers, 0..1; the fall is a difference of probabilities
    Raises   ArgumentError if the window does not have the axes of the clip
    Source   Zeiler and Fergus, arXiv:1311.2901
    """
    engine = engines.get(engine)
    if len(window) != clip.ndim - 1:
        raise ArgumentError(f"occlusion: window {tuple(window)} for a clip or picture {clip.shape} "
                            f"needs {clip.ndim - 1} sizes, one for each axis after the channels")
    counts = tuple(-(-s // w) for s, w in zip(clip.shape[1:], window, strict=True))
    covered = np.repeat(clip[None], int(np.prod(counts)) + 1, axis=0)    # nothing covers the last
    for k, corner in enumerate(np.ndindex(*counts)):
        part = tuple(slice(i * w, (i + 1) * w) for i, w in zip(corner, window, strict=True))
        covered[k, :, *part] = fill
    chance = _probability(model, covered, engine)
    chance = chance[:, _label(label, chance, engine)]
    return (chance[-1] - chance[:-1]).reshape(counts)


class _Evaluation:
    """A block in which a model is in evaluation mode; afterwards it is as before."""

    def __init__(self, model):
        self.model, self.training = model, model.training

    def __enter__(self):
        self.model.eval()

    def __exit__(self, *error):
        self.model.train(self.training)


def _label(label, scores, engine):
    """The label that was given, or else that of the highest score."""
    scores = scores if isinstance(scores, np.ndarray) else engine.numpy(scores)
    if label is None:
        return int(scores[0].argmax())
    if label >= scores.shape[1]:
        raise ArgumentError(f"label {label} for a model that gives scores {scores.shape}: it must "
                            f"be 0 to {scores.shape[1] - 1}")
    return label


def _watch(model, layer, clips, shape):
    """Run the model, and keep the output of `layer`, which will get its gradient."""
    outputs = []
    handle = layer.register_forward_hook(lambda module, inputs, output: outputs.append(output))
    try:
        with _Evaluation(model):
            scores = model(clips)
    finally:
        handle.remove()
    if len(outputs) != 1 or not _is_map(tuple(outputs[0].shape), shape):
        frames = f" or ({shape[1]}, C, H, W)" if len(shape) == 4 else ""
        raise ArgumentError(f"grad_cam needs a layer that runs once and gives (1, C, "
                            f"{'T, ' * (len(shape) == 4)}H, W){frames}, this "
                            f"gave {[tuple(y.shape) for y in outputs] or 'nothing'}")
    outputs[0].retain_grad()
    return scores, outputs[0]


def _is_map(output, shape):
    """Whether an output of this shape is a map of a picture or clip of `shape` (C, ...)."""
    if len(shape) == 3:
        return len(output) == 4 and output[0] == 1
    return len(output) == 5 or len(output) == 4 and output[0] == shape[1]


def _probability(model, clips, engine, batch=32):
    with _Evaluation(model), engine.no_grad():
        parts = [engine.numpy(model(engine.tensor(clips[i:i + batch])))
                 for i in range(0, len(clips), batch)]
    return softmax_forward(np.concatenate(parts), dim=1)[0]
