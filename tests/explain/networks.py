"""The engines, and tiny networks for pictures and clips with the same numbers on both."""

import numpy as np
import pytest

from vidlearn.engine import Engine
from vidlearn.models.mean_frames import mean_frames

ENGINES = [Engine(name, dtype="float64") for name in ("scratch", "torch")]
BOTH = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


def flat(engine, seed=0, bias=True):
    """A tiny network for pictures, with the same numbers on both engines."""
    nn, rng = engine.nn, np.random.default_rng(seed)
    model = engine.to(nn.Sequential(
        nn.Conv2d(3, 4, 3, (2, 1), padding=1, bias=bias), nn.ReLU(),
        nn.Conv2d(4, 5, 3, padding=1, bias=bias), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 3, bias=bias)))
    engine.load(model, {name: rng.normal(size=value.shape)
                        for name, value in engine.state(model).items()})
    return model


def folding(engine):
    """A network for clips that encodes each frame on its own: frames are folded into the batch."""
    model = engine.to(mean_frames(engine.nn, classes=3, width=2, features=4))
    rng = np.random.default_rng(3)
    engine.load(model, {name: rng.random(value.shape) - 0.3 * (value.ndim > 1)
                        for name, value in engine.state(model).items()})
    return model
