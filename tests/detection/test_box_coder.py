"""The box coder computes what torchvision's computes, and decoding undoes encoding."""

import numpy as np
import pytest
import torch
from torchvision.models.detection._utils import BoxCoder

from vidlearn.detection.box_coder import decode, encode

WEIGHTS = pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0, 1.0), (10.0, 10.0, 5.0, 5.0)])


def boxes(n, seed=0):
    rng = np.random.default_rng(seed)
    corners = rng.uniform(-30, 90, (n, 2))
    return np.hstack([corners, corners + rng.uniform(0.5, 60, (n, 2))])


@WEIGHTS
@pytest.mark.parametrize("n", [0, 1, 7])
def test_offsets_are_torchvisions(n, weights):
    a, b = boxes(n), boxes(n, 1)
    theirs = BoxCoder(weights).encode_single(torch.tensor(a), torch.tensor(b))
    np.testing.assert_allclose(encode(a, b, weights), theirs.numpy(), atol=1e-12)
    np.testing.assert_allclose(decode(encode(a, b, weights), b, weights), a, atol=1e-10)


@WEIGHTS
@pytest.mark.parametrize("scale", [0.3, 30.0])               # large ones are cut off
def test_boxes_are_torchvisions(weights, scale):
    anchors, offsets = boxes(9), np.random.default_rng(2).normal(size=(9, 3, 4)) * scale
    coder = BoxCoder(weights)
    theirs = coder.decode(torch.tensor(offsets.reshape(9, 12)), [torch.tensor(anchors)]).numpy()
    np.testing.assert_allclose(decode(offsets, anchors, weights), theirs, rtol=1e-12, atol=1e-10)
    np.testing.assert_allclose(decode(offsets[:, 0], anchors, weights), theirs[:, 0], rtol=1e-12,
                               atol=1e-10)
    assert np.isfinite(theirs).all()


def test_one_box_by_hand():
    anchor, box = np.array([[10.0, 10, 30, 50]]), np.array([[15.0, 10, 35, 90]])
    assert encode(box, anchor).tolist() == [[0.25, 0.5, 0, np.log(2)]]
