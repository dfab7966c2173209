"""Clips to train on and clips to validate with."""

import pytest

from tests.training.runs import SIZE
from vidlearn.datasets.motion import motion


@pytest.fixture(scope="module")
def clips():
    """Forty clips that move left or up: 2.5 batches."""
    return motion(40, 1, labels=[0, 2] * 20, noise=0, **SIZE)


@pytest.fixture(scope="module")
def others():
    """Sixteen more of them."""
    return motion(16, 2, labels=[0, 2] * 8, noise=0, **SIZE)
