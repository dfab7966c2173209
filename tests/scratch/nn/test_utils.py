"""Gradient clipping against PyTorch."""

import math

import numpy as np
import pytest
import torch

from vidlearn.scratch import nn


@pytest.mark.parametrize("norm_type", [1, 2, math.inf])
@pytest.mark.parametrize("max_norm", [0.1, 1e3])
def test_the_total_norm_is_clipped(norm_type, max_norm):
    ours, theirs = gradients()
    total = nn.utils.clip_grad_norm_(ours, max_norm, norm_type)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    assert total.item() == pytest.approx(expected.item(), rel=1e-12)
    same(ours, theirs)


def test_each_number_is_clipped():
    ours, theirs = gradients()
    nn.utils.clip_grad_value_(ours, 0.3)
    torch.nn.utils.clip_grad_value_(theirs, 0.3)
    same(ours, theirs)


def test_one_parameter_and_no_gradient_at_all():
    parameter = nn.Parameter(np.ones(2))
    assert nn.utils.clip_grad_norm_(parameter, 1.0).item() == 0
    (parameter * 3).sum().backward()
    nn.utils.clip_grad_norm_(parameter, 1.0)
    np.testing.assert_allclose(parameter.grad, [1 / math.sqrt(2)] * 2, rtol=1e-6)


def gradients():
    """Three parameters with gradients, one without, here and in PyTorch."""
    rng, ours, theirs = np.random.default_rng(0), [], []
    for shape in ((2, 3), (4,), (1,)):
        value, grad = rng.normal(size=shape), rng.normal(size=shape)
        ours.append(nn.Parameter(value))
        theirs.append(torch.nn.Parameter(torch.tensor(value)))
        (ours[-1] * grad).sum().backward()
        (theirs[-1] * torch.tensor(grad)).sum().backward()
    return [*ours, nn.Parameter(np.ones(2))], [*theirs, torch.nn.Parameter(torch.ones(2))]


def same(ours, theirs):
    for mine, their in zip(ours[:-1], theirs[:-1], strict=True):
        np.testing.assert_allclose(mine.grad, their.grad, rtol=1e-12)
    assert ours[-1].grad is None
