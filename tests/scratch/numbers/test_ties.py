"""Ties and kinks: which number gets the gradient, and where the derivative is 0."""

import numpy as np
import pytest

from tests.scratch.tensor_agreement import agree
from vidlearn.scratch import Tensor


@pytest.mark.parametrize("function", [
    lambda x: x.amax(), lambda x: x.amin(0), lambda x: x.max(), lambda x: x.min(),
    lambda x: x.max(1), lambda x: x.min(0, keepdim=True), lambda x: x.argmax(1),
    lambda x: x.argmin(0), lambda x: x.amax((0, 1), keepdim=True), lambda x: x.norm(np.inf),
], ids=range(10))
def test_ties_of_a_reduction(function):
    agree(function, [[3.0, 1.0, 3.0], [0.0, 3.0, 0.0]])


def test_ties_of_two_operands():
    a, b = [1.0, 2.0, 3.0], [2.0, 2.0, 2.0]
    agree(lambda x, y: x.maximum(y), a, b)
    agree(lambda x, y: x.minimum(y), a, b)
    agree(lambda x, y: x.max(y), a, b)


def test_kinks_have_the_stated_derivative():
    x = Tensor([-1.0, 0.0, 2.0], requires_grad=True)
    x.abs().sum().backward()
    np.testing.assert_array_equal(x.grad, [-1, 0, 1])
    x = Tensor([0.0, 1.0, 2.0, 3.0], requires_grad=True)
    x.clamp(1, 2).sum().backward()                    # 0 at the limits
    np.testing.assert_array_equal(x.grad, [0, 0, 0, 0])
    x = Tensor([0.0, 0.0], requires_grad=True)
    x.norm().backward()
    np.testing.assert_array_equal(x.grad, [0, 0])
    x.grad = None
    x.std().backward()
    np.testing.assert_array_equal(x.grad, [0, 0])


def test_a_limit_that_is_a_tensor_gets_half_the_gradient_at_a_tie():
    places = np.array(np.meshgrid([1.0, 2, 3], [1.0, 2, 3], [1.0, 2, 3])).reshape(3, -1)
    x, low, high = (Tensor(p, requires_grad=True) for p in places)
    x.clamp(low, high).sum().backward()
    np.testing.assert_allclose(x.grad.data + low.grad.data + high.grad.data, 1)
    for v, lo, hi, dx, dlow in zip(*places, x.grad.data, low.grad.data, strict=True):
        if lo < hi:
            assert dx == (1 if lo < v < hi else 0.5 if v in (lo, hi) else 0)
            assert dlow == (1 if v < lo else 0.5 if v == lo else 0)


def test_powers_at_zero():
    with np.errstate(all="ignore"):
        agree(lambda x: x ** 0, [0.0, 2.0])
        agree(lambda x: x ** 1, [0.0, 2.0])
        agree(lambda x: 2 ** x, [0.0, 2.0])
        agree(lambda x, y: x ** y, [0.0, 0.0, 3.0], [0.0, 2.0, -1.0])
