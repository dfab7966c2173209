"""A trained classifier in one file: its weights, and in the header all that is needed to use them.

The format is safetensors. Reading a file runs nothing that is in it: a model is made from its name
and its options.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors import numpy as safetensors

from vidlearn import engine as engines
from vidlearn import models
from vidlearn.scratch.activation import softmax_forward

KEY, KIND = "vidlearn", "classifier"


class WeightsError(ValueError):
    """A file of weights cannot be read, or does not hold what is asked of it."""


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
        object.__setattr__(self, "classes", tuple(self.classes))
        object.__setattr__(self, "size", tuple(self.size))

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
        engine.load(model, arrays)
    except (ValueError, TypeError, RuntimeError) as wrong:
        raise WeightsError(f"{path}: the weights do not fit its header: {wrong}") from None
    bad = [name for name, array in arrays.items() if not np.isfinite(array).all()]
    if bad:
        raise WeightsError(f"{path}: not all numbers of {', '.join(bad)} are finite: "
                           "the training that wrote it had failed")
    return Classifier(model.eval(), header, engine)


def write(path, arrays, facts):
    """Write arrays and a JSON header, all or nothing: a file that was there stays until then."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    whole = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    part.write_bytes(safetensors.save(whole, {KEY: json.dumps(facts)}))
    os.replace(part, path)


def read(path):
    """The arrays and the JSON header of a file that `write` wrote.

    Raises   WeightsError if it is not there, no safetensors file, damaged, or another program's
    """
    if not Path(path).is_file():
        raise WeightsError(f"there is no file {path}")
    try:
        with safe_open(path, "np") as file:
            facts = (file.metadata() or {}).get(KEY)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as wrong:
        raise WeightsError(f"{path} is damaged, or no safetensors file: {wrong}") from None
    if facts is None:
        raise WeightsError(f"{path} holds weights without vidlearn's header: "
                           "another program wrote it")
    try:
        return arrays, json.loads(facts)
    except json.JSONDecodeError as wrong:
        raise WeightsError(f"{path}: its header is not JSON: {wrong}") from None


def _header(path, facts):
    kind = facts.pop("kind", None) if isinstance(facts, dict) else None
    if kind != KIND:
        raise WeightsError(f"{path} is a {kind or 'file'} of vidlearn's, not a {KIND}")
    try:
        header = Header(**facts)
    except TypeError as wrong:
        raise WeightsError(f"{path}: its header does not describe a classifier: {wrong}") from None
    if header.model not in models.NAMES or header.sampling != "uniform":
        raise WeightsError(f"{path}: its header asks for the model {header.model!r} and "
                           f"{header.sampling!r} sampling: a newer vidlearn may know them")
    return header
