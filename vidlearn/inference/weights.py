"""A trained classifier in one file: its weights, and a header with all that is needed to use them.

Reading a file runs no code from it (see `files.safetensors`): the model is built from its name and
its options.
"""

import math
from dataclasses import asdict, dataclass, field
from numbers import Integral, Real
from pathlib import Path
from reprlib import repr as brief

import numpy as np

from vidlearn import engine as engines
from vidlearn import models
from vidlearn.checks import checked, kinds
from vidlearn.files import atomic
from vidlearn.files.safetensors import WeightsError, misfits, read, write
from vidlearn.scratch.layers.activation import softmax_forward

KIND = "classifier"
CLIPS = kinds.array("clips (N, 3, T, H, W) of floating numbers", 5, dtypes="f")
HEADER = kinds.having("a Header", "model", "classes", "frames", "size")
LARGEST = 10_000             # frames or pixels: a header that asks for more is not ours
WIDEST, DEEPEST = 1024, 8    # options: a small file must not ask for a network of terabytes


@dataclass(frozen=True)
class Header:
    """What a file says about the weights in it.

    Units    frames: of a clip; size (height, width) in pixels; seconds: the length of a training
             clip, 0 if unknown; mean and std of pixels in 0..1
    Raises   WeightsError that names what no classifier can have
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
                 for name, right in self._possible().items() if not right]
        if wrong:
            raise WeightsError(f"no classifier has {', '.join(wrong)}")

    def _possible(self):
        """Whether each field can be right, by its name."""
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

    @checked
    def build(self, nn: kinds.NN):
        """Build the network that the header describes, with new weights."""
        return models.build(self.model, nn, len(self.classes), self.mean, self.std, **self.options)


@dataclass(frozen=True)
class Classifier:
    """A trained network, the header of its file, and the engine on which it runs."""

    model: object
    header: Header
    engine: engines.Engine

    @property
    def classes(self):
        return self.header.classes

    @checked
    def probabilities(self, clips: CLIPS):
        """The probability of each class.

        Shapes   clips (N, 3, T, H, W) in 0..1  ->  (N, classes)
        """
        self.model.eval()
        with self.engine.no_grad():
            scores = self.model(self.engine.tensor(clips))
        return softmax_forward(self.engine.numpy(scores))[0]


@checked
def save(path, model: kinds.MODEL, header: HEADER, engine: kinds.ENGINE = "torch"):
    """Write a trained model with its header; `load` needs nothing else."""
    write(path, engines.get(engine).state(model), {"kind": KIND, **asdict(header)})


@checked
def load(path, engine: kinds.ENGINE = "torch"):
    """Read a classifier that `save` wrote, for either engine.

    Returns  Classifier
    Raises   WeightsError that names the file, and what is wrong in it
    """
    engine = engines.get(engine)
    arrays, facts = read(path)
    header = _header(path, facts)
    try:
        model = engine.to(header.build(engine.nn))
    except (ValueError, TypeError, RuntimeError, ArithmeticError) as error:
        raise WeightsError(f"{path}: its header does not describe a network: {error}") from error
    if wrong := misfits(engine.state(model), arrays):
        raise WeightsError(f"{path}: the weights do not fit its header: {wrong}")
    engine.load(model, arrays)
    bad = [name for name, array in arrays.items() if not np.isfinite(array).all()]
    if bad:
        raise WeightsError(f"{path}: not all numbers of {', '.join(bad)} are finite: "
                           "the training that wrote it has failed")
    return Classifier(model.eval(), header, engine)


@checked
def check(path):
    """Check, before a training, that a classifier can be written to a path.

    Raises   OSError that names what is in the way; WeightsError if another file would be lost
    """
    atomic.check(path)
    if Path(path).exists() and _kind(path) != KIND:
        raise WeightsError(f"{path} exists already and is not a classifier of vidlearn's: it is "
                           "not overwritten, so choose another name")


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
    except (TypeError, ValueError) as error:
        raise WeightsError(
            f"{path}: its header does not describe a classifier: {error}") from error
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
    """True or False, a width, or a few widths."""
    if isinstance(value, (list, tuple)):
        return len(value) <= DEEPEST and all(isinstance(x, Integral) and 1 <= x <= WIDEST
                                             for x in value)
    return isinstance(value, bool) or isinstance(value, Integral) and 1 <= value <= WIDEST
