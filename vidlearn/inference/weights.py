"""A trained classifier in one file: its weights, and in the header all that is needed to use them.

Reading a file runs nothing that is in it (see `arrays`): a model is made from its name and its
options.
"""

import math
from dataclasses import asdict, dataclass, field
from numbers import Integral, Real
from pathlib import Path
from reprlib import repr as brief

import numpy as np

from vidlearn import engine as engines
from vidlearn import models
from vidlearn.checks import given, kinds
from vidlearn.files import atomic
from vidlearn.files.safetensors import WeightsError, misfits, read, write
from vidlearn.scratch.layers.activation import softmax_forward

KIND = "classifier"
LARGEST = 10_000             # frames, pixels: what is more in a header is none of ours
WIDEST, DEEPEST = 1024, 8   # options: so a small file does not ask for a network of terabytes


@dataclass(frozen=True)
class Header:
    """What a file says of the weights in it.

    Units    size (height, width) in pixels; frames a clip; seconds that a training clip lasted,
             0 if unknown; mean and std of pixels in 0..1
    """

    model: str
    classes: tuple
    frames: int
    size: tuple
    options: dict = field(default_factory=dict)
    sampling: str = "uniform"
    seconds: float = 0.0
    mean: float = 0.45
    std: float = 0.225

    def __post_init__(self):
        for name in ("classes", "size"):
            if isinstance(value := getattr(self, name), (list, tuple)):
                object.__setattr__(self, name, tuple(value))
        wrong = [f"{name} {brief(getattr(self, name))}"
                 for name, right in self._judged().items() if not right]
        if wrong:
            raise ValueError(f"no classifier has {', '.join(wrong)}")

    def _judged(self):
        """For each of the facts: can it be so?"""
        return {
            "model": isinstance(self.model, str), "sampling": isinstance(self.sampling, str),
            "classes": _are(self.classes, lambda name: isinstance(name, str)),
            "frames": _is_count(self.frames),
            "size": _are(self.size, _is_count) and len(self.size) == 2,
            "options": isinstance(self.options, dict) and all(
                map(_is_option, self.options.values())),
            "seconds": _is_number(self.seconds) and self.seconds >= 0,
            "mean": _is_number(self.mean),
            "std": _is_number(self.std) and self.std > 0,
        }

    def build(self, nn):
        """The network that the header describes, with fresh weights."""
        return models.build(self.model, nn, len(self.classes), self.mean, self.std, **self.options)


@dataclass(frozen=True)
class Classifier:
    """A trained network, what its file says of it, and the engine it runs on."""

    model: object
    header: Header
    engine: engines.Engine

    @property
    def classes(self):
        return self.header.classes

    def probabilities(self, clips):
        """Clips (N, 3, T, H, W) in 0..1 -> how probable each class is, (N, classes)."""
        self.model.eval()
        with self.engine.no_grad():
            scores = self.model(self.engine.tensor(clips))
        return softmax_forward(self.engine.numpy(scores))[0]


def save(path, model, header, engine="torch"):
    """Write a trained model with its header, so that `load` needs nothing else."""
    write(path, engines.get(engine).state(model), {"kind": KIND, **asdict(header)})


def load(path, engine="torch"):
    """Read a classifier that `save` wrote, for either engine.

    Returns  Classifier
    Raises   WeightsError that names the file, what is wrong in it, and where
    """
    engine = engines.get(engine)
    arrays, facts = read(path)
    header = _header(path, facts)
    try:
        model = engine.to(header.build(engine.nn))
    except (ValueError, TypeError, RuntimeError, ArithmeticError) as wrong:
        raise WeightsError(f"{path}: its header describes no network: {wrong}") from None
    if wrong := misfits(engine.state(model), arrays):
        raise WeightsError(f"{path}: the weights do not fit its header: {wrong}")
    engine.load(model, arrays)
    bad = [name for name, array in arrays.items() if not np.isfinite(array).all()]
    if bad:
        raise WeightsError(f"{path}: not all numbers of {', '.join(bad)} are finite: "
                           "the training that wrote it had failed")
    return Classifier(model.eval(), header, engine)


def check(path):
    """Ask, before a training, whether a classifier could be written there.

    Raises   OSError that names what is in the way; WeightsError if another file would be lost
    """
    atomic.check(path)
    if Path(path).exists() and _kind(path) != KIND:
        raise WeightsError(f"{path} exists already and is no classifier of vidlearn's: it is not "
                           "written over, so choose another name")


def _kind(path):
    try:
        facts = read(path)[1]
    except WeightsError:
        return None
    return facts.get("kind") if isinstance(facts, dict) else None


def _header(path, facts):
    kind = facts.pop("kind", None) if isinstance(facts, dict) else None
    if kind != KIND:
        raise WeightsError(f"{path} is a {kind or 'file'} of vidlearn's, not a {KIND}")
    try:
        header = Header(**facts)
    except (TypeError, ValueError) as wrong:
        raise WeightsError(f"{path}: its header does not describe a classifier: {wrong}") from None
    if header.model not in models.NAMES or header.sampling != "uniform":
        raise WeightsError(f"{path}: its header asks for the model {header.model!r} and "
                           f"{header.sampling!r} sampling: a newer vidlearn may know them")
    return header


def _are(values, fits):
    return isinstance(values, tuple) and bool(values) and all(map(fits, values))


def _is_count(value):
    return isinstance(value, Integral) and value is not True and 1 <= value <= LARGEST


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _is_option(value):
    """A switch, a width, or a few widths."""
    if isinstance(value, (list, tuple)):
        return len(value) <= DEEPEST and all(isinstance(x, Integral) and 1 <= x <= WIDEST
                                             for x in value)
    return isinstance(value, bool) or isinstance(value, Integral) and 1 <= value <= WIDEST


given.check(globals(), {
    "model": kinds.MODEL, "engine": kinds.ENGINE, "save.header": kinds.having(
        "a Header", "model", "classes", "frames", "size"), "nn": kinds.NN,
    "Header.model Header.sampling Header.seconds Header.mean Header.std Classifier.model": None,
    "clips": kinds.array("clips (N, 3, T, H, W) of floating numbers", 5, dtypes="f"),
})
