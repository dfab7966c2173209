"""A small network, quick settings, and a dataset that presses Ctrl-C."""

import os
import signal

import numpy as np
import pytest

ENGINES = pytest.mark.parametrize("name", ["torch", "scratch"])
SIZE = dict(frames=4, size=8)
QUICK = dict(epochs=3, batch=16, lr=0.01, seed=3, progress=False)


def network(engine, dropout=0.2):
    """A small network with dropout, which shows whether random numbers are repeated."""
    nn = engine.nn
    engine.seed(5)
    return engine.to(nn.Sequential(
        nn.Conv3d(3, 4, 3, padding=1, bias=False), nn.BatchNorm3d(4), nn.ReLU(),
        nn.AdaptiveAvgPool3d(2), nn.Flatten(), nn.Dropout(dropout), nn.Linear(32, 8)))


def equal(a, b, atol=0.0):
    """Compare the weights of two networks."""
    assert set(a) == set(b)
    for name in a:
        np.testing.assert_allclose(a[name], b[name], atol=atol, rtol=0, err_msg=name)


class CtrlC:
    """A dataset that presses Ctrl-C when its clip is read for the time `at`."""

    def __init__(self, data, at):
        self.data, self.at, self.classes, self.asked = data, at, data.classes, 0

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        self.asked += 1
        if self.asked == self.at:
            os.kill(os.getpid(), signal.SIGINT)
        return self.data[i]
