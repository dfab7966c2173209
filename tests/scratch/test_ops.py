"""Boxes and RoIAlign: the numbers and the gradients of torchvision.ops."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision import ops as theirs

from vidlearn import scratch
from vidlearn.scratch import ops
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers import boxes as arrays

FORMATS = ("xyxy", "xywh", "cxcywh")
EMPTY = np.zeros((0, 4))


def boxes(rng, n, least=0.5, scale=20.0):
    corners = rng.uniform(-5, scale, (n, 2))
    return np.hstack([corners, corners + rng.uniform(least, 12, (n, 2))])


def cells(rng, n, least=0):
    """Boxes on a coarse grid: many ties, boxes that touch and, with least 0, without area."""
    corners = rng.integers(0, 8, (n, 2)).astype(float)
    return np.hstack([corners, corners + rng.integers(least, 5, (n, 2))])


def agree(name, *inputs, **options):
    """Compare ours with torchvision's: the plain function, the Tensors, and every gradient."""
    a = [scratch.tensor(x, requires_grad=True) for x in inputs]
    b = [torch.tensor(x, requires_grad=True) for x in inputs]
    y, expected = getattr(ops, name)(*a, **options), getattr(theirs, name)(*b, **options)
    np.testing.assert_allclose(y.detach().numpy(), expected.detach().numpy(), atol=1e-10)
    if hasattr(arrays, name):
        np.testing.assert_allclose(getattr(arrays, name)(*inputs, **options),
                                   expected.detach().numpy(), atol=1e-10)
    dy = np.random.default_rng(9).normal(size=y.shape)
    y.backward(scratch.tensor(dy))
    expected.backward(torch.tensor(dy))
    for ours, other in zip(a, b, strict=True):
        np.testing.assert_allclose(ours.grad.numpy(), other.grad.numpy(), atol=1e-10)


@pytest.mark.parametrize("name", ["box_iou", "generalized_box_iou"])
@pytest.mark.parametrize("n, m", [(1, 1), (5, 3), (0, 3), (4, 0)])
def test_iou_of_each_with_each(name, n, m):
    rng = np.random.default_rng(n)
    agree(name, boxes(rng, n), boxes(rng, m))


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
@pytest.mark.parametrize("n", [1, 6, 0])
def test_the_loss_of_boxes_beside_each_other(reduction, n):
    rng = np.random.default_rng(3)
    agree("generalized_box_iou_loss", boxes(rng, n), boxes(rng, n), reduction=reduction)


@pytest.mark.parametrize("into", FORMATS)
@pytest.mark.parametrize("start", FORMATS)
def test_formats(start, into):
    agree("box_convert", boxes(np.random.default_rng(0), 4), in_fmt=start, out_fmt=into)


def test_area_and_clipping():
    values = boxes(np.random.default_rng(1), 7)
    agree("box_area", values)
    agree("clip_boxes_to_image", values, size=(9, 14))
    agree("clip_boxes_to_image", EMPTY, size=(9, 14))


def test_boxes_without_area_and_that_only_touch():
    flat, whole, beside = [2.0, 2, 2, 6], [0.0, 0, 4, 8], [4.0, 0, 6, 8]
    assert arrays.box_iou([flat, whole], [whole, beside]).tolist() == [[0, 0], [1, 0]]
    assert np.isnan(arrays.box_iou([flat], [flat])).all()


@given(st.integers(0, 2**32 - 1), st.integers(0, 25), st.sampled_from([0.0, 0.3, 1 / 3, 0.5, 1.0]))
def test_nms_keeps_what_torchvisions_keeps(seed, n, threshold):
    rng = np.random.default_rng(seed)
    values, scores, idxs = cells(rng, n), rng.integers(0, 6, n) / 5, rng.integers(-1, 3, n)
    tensors = [torch.tensor(x) for x in (values, scores, idxs)]
    np.testing.assert_array_equal(arrays.nms(values, scores, threshold),
                                  theirs.nms(*tensors[:2], threshold).numpy())
    np.testing.assert_array_equal(arrays.batched_nms(values, scores, idxs, threshold),
                                  theirs.batched_nms(*tensors, threshold).numpy())
    np.testing.assert_array_equal(arrays.remove_small_boxes(values, 2),
                                  theirs.remove_small_boxes(tensors[0], 2).numpy())


def test_nms_on_tensors_and_a_chain_of_boxes():
    """The middle of three drops both ends; were it dropped first, it would drop none."""
    chain = scratch.tensor([[0.0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]])
    assert ops.nms(chain, scratch.tensor([0.5, 0.9, 0.4]), 0.4).tolist() == [1]
    assert ops.nms(chain, scratch.tensor([0.9, 0.5, 0.4]), 0.4).tolist() == [0, 2]
    groups = scratch.tensor([0, 1, 0])
    kept = ops.batched_nms(chain, scratch.tensor([0.5, 0.9, 0.4]), groups, 0.4)
    assert kept.tolist() == [1, 0, 2]


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="scores: 1 for 2 boxes"):
        arrays.nms([[0, 0, 1, 1], [0, 0, 1, 1]], [1.0], 0.5)
    with pytest.raises(ValueError, match="idxs: 1 for 2 boxes"):
        arrays.batched_nms([[0, 0, 1, 1], [0, 0, 1, 1]], [1.0, 1.0], [1], 0.5)
    with pytest.raises(ShapeError, match="same shape"):
        ops.generalized_box_iou_loss(scratch.ones(2, 4), scratch.ones(3, 4))


@given(st.integers(0, 2**32 - 1), st.tuples(st.integers(1, 6), st.integers(1, 6)),
       st.sampled_from([-1, 0, 1, 2, 3]), st.sampled_from([1.0, 0.25, 0.125]), st.booleans())
def test_roi_align_and_its_gradient(seed, output_size, ratio, scale, aligned):
    rng = np.random.default_rng(seed)
    x, n = rng.normal(size=(2, 3, *rng.integers(1, 14, 2))), rng.integers(0, 7)
    least = 0.0 if aligned else -3.0       # aligned, torchvision fails for sides below 0
    regions = np.hstack([rng.integers(0, 2, (n, 1)), boxes(rng, n, least, 60.0)])
    a, b = scratch.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y = ops.roi_align(a, scratch.tensor(regions), output_size, scale, ratio, aligned)
    expected = theirs.roi_align(b, torch.tensor(regions), output_size, scale, ratio, aligned)
    np.testing.assert_allclose(y.detach().numpy(), expected.detach().numpy(), atol=1e-10)
    dy = rng.normal(size=y.shape)
    y.backward(scratch.tensor(dy))
    expected.backward(torch.tensor(dy))
    np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), atol=1e-10)


def test_roi_align_as_a_layer_with_one_list_of_boxes_an_image():
    rng = np.random.default_rng(0)
    x, lists = rng.normal(size=(2, 3, 7, 9)), [boxes(rng, 2), boxes(rng, 3)]
    y = ops.RoIAlign((2, 3), 0.5, 2)(scratch.tensor(x), [scratch.tensor(b) for b in lists])
    expected = theirs.RoIAlign((2, 3), 0.5, 2)(torch.tensor(x), [torch.tensor(b) for b in lists])
    np.testing.assert_allclose(y.numpy(), expected.numpy(), atol=1e-10)


def test_roi_align_of_an_image_that_is_not_there_is_refused():
    with pytest.raises(ShapeError, match="images 0 to 2, but x has 2"):
        ops.roi_align(scratch.ones(2, 1, 4, 4),
                      scratch.tensor([[0.0, 0, 0, 1, 1], [2, 0, 0, 1, 1]]), 2)
    with pytest.raises(ShapeError, match="boxes for 1 images, but input has 2"):
        ops.roi_align(scratch.ones(2, 1, 4, 4), [scratch.ones(1, 4)], 2)


def test_a_missing_name_says_whether_torchvision_has_it():
    with pytest.raises(AttributeError, match="scratch.ops has no deform_conv2d, but torch has"):
        ops.deform_conv2d  # noqa: B018
    with pytest.raises(AttributeError, match="near it: nms"):
        ops.nmss  # noqa: B018


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
@pytest.mark.parametrize("alpha, gamma", [(0.25, 2), (-1, 2), (0.7, 0.5), (0, 0)])
def test_the_focal_loss(alpha, gamma, reduction):
    rng = np.random.default_rng(0)
    agree("sigmoid_focal_loss", 4 * rng.normal(size=(5, 3)), rng.uniform(size=(5, 3)), alpha=alpha,
          gamma=gamma, reduction=reduction)
    with pytest.raises(ShapeError, match="must have the same shape"):
        ops.sigmoid_focal_loss(scratch.ones(2, 3), scratch.ones(3, 3))
