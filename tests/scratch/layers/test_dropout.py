"""Dropout against PyTorch where nothing is random; elsewhere its mean, seed and channels."""

import numpy as np
import pytest
import torch

from tests.scratch.torch_samples import agree, samples
from vidlearn import scratch
from vidlearn.scratch import ShapeError, Tensor
from vidlearn.scratch.nn import functional as F

DROPOUTS = {name: getattr(F, name) for name in ("dropout", "dropout2d", "dropout3d")}


@pytest.mark.filterwarnings("ignore:dropout2d. Received a 3D input")
@pytest.mark.parametrize("name", DROPOUTS)
def test_dropout_agrees_where_nothing_is_random(name):
    certain = [s for s in samples(f"nn.functional.{name}")
               if s.kwargs.get("p", 0.5) in (0.0, 1.0) or not s.kwargs.get("training", True)]
    assert len(certain) >= 10
    for sample in certain:
        assert agree(sample, DROPOUTS[name], getattr(torch.nn.functional, name)) is None


@pytest.mark.parametrize("name, shape, mask_shape", [
    ("dropout", (3, 4), (3, 4)), ("dropout", (), ()),
    ("dropout1d", (3, 4, 9), (3, 4, 1)), ("dropout1d", (4, 9), (4, 1)),
    ("dropout2d", (3, 4, 5, 2), (3, 4, 1, 1)), ("dropout2d", (3, 4, 5), (3, 4, 1)),
    ("dropout3d", (3, 4, 2, 5, 2), (3, 4, 1, 1, 1)), ("dropout3d", (4, 2, 5, 2), (4, 1, 1, 1)),
])
def test_dropout_silences_numbers_or_whole_channels(name, shape, mask_shape):
    scratch.manual_seed(5)
    x = Tensor(np.ones(shape), requires_grad=True)
    y = getattr(F, name)(x, p=0.25)
    y.sum().backward()
    assert set(np.unique(y.data)) <= {0, 1 / 0.75}
    corner = tuple(slice(0, size) for size in mask_shape)
    np.testing.assert_array_equal(y.data, np.broadcast_to(y.data[corner], shape))
    np.testing.assert_array_equal(x.grad, y.data)          # what passes forward passes back


def test_dropout_keeps_the_mean_and_follows_the_seed():
    x = np.ones(100_000, np.float32)
    scratch.manual_seed(1)
    first = F.dropout(x, 0.3).numpy()
    scratch.manual_seed(1)
    np.testing.assert_array_equal(F.dropout(x, 0.3).numpy(), first)
    assert first.dtype == np.float32
    assert abs((first == 0).mean() - 0.3) < 0.01           # five standard errors are 0.007
    assert abs(first.mean() - 1) < 0.01


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_probability_outside_0_to_1_is_refused(p):
    with pytest.raises(ValueError, match="p must be a finite number from 0 to 1, not"):
        F.dropout(np.ones(3), p)


def test_channel_dropout_of_a_matrix_is_refused():
    with pytest.raises(ShapeError, match=r"dropout3d: x \(2, 3\) must have \[4, 5\] axes"):
        F.dropout3d(np.ones((2, 3)))
