"""Tensor and its graph beyond PyTorch's sample inputs: backward, hooks, freed memory, no_grad."""

import copy
import weakref

import numpy as np
import pytest

from vidlearn import scratch
from vidlearn.scratch import GraphError, ShapeError, Tensor, lift


def test_a_tensor_used_twice_gets_both_gradients():
    x = Tensor([2.0, 3.0], requires_grad=True)
    (x * x + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [5, 7])


def test_gradients_add_up_until_they_are_cleared():
    x = Tensor([1.0, 2.0], requires_grad=True)
    for _ in range(3):
        (2 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [6, 6])
    x.grad = None
    (2 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 2])


def test_the_gradients_of_two_leaves_are_two_arrays():
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    dy = np.ones(2, np.float32)
    (a + b).backward(dy)
    a.grad.data *= 7
    np.testing.assert_array_equal(b.grad, [1, 1])
    np.testing.assert_array_equal(dy, [1, 1])


def test_backward_through_ten_thousand_steps_frees_them():
    x = Tensor(np.float64(1), requires_grad=True)
    y = x
    for _ in range(10_000):
        y = y + 0.001 * x
    y.backward()
    assert x.grad.item() == pytest.approx(11)
    y = x
    for _ in range(10_000):
        y = y * 1.0
    end = weakref.ref(y)
    del y                                             # a long graph without a backward pass
    assert end() is None


def test_memory_is_freed_during_backward():
    alive = []

    class Big(np.ndarray):
        pass

    def forward(x):
        cache = np.ones(3).view(Big)
        alive.append(weakref.ref(cache))
        return x * 1, cache

    seen = []

    def backward(dy, cache):
        seen.append(sum(ref() is not None for ref in alive))
        return dy

    x = Tensor(np.ones(3), requires_grad=True)
    y = x
    for _ in range(5):
        y = lift(forward, backward)(y)
    total = y.sum()
    total.backward()
    assert seen == [5, 4, 3, 2, 1]
    assert [ref() for ref in alive] == [None] * 5 and total.requires_grad


def test_a_second_backward_needs_retain_graph():
    x = Tensor([1.0], requires_grad=True)
    y = x.exp()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == pytest.approx(2 * np.e)
    with pytest.raises(GraphError, match="retain_graph=True"):
        y.backward()
    with pytest.raises(GraphError, match="retain_graph=True"):
        (y * 2).backward()


def test_several_outputs_have_one_backward_pass():
    def backward(dys, cache):
        calls.append([dy.tolist() for dy in dys])
        return np.concatenate(dys)
    calls = []
    halves = lift(lambda x: ((x[:2], x[2:]), None), backward)
    x = Tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    first, second = halves(x)
    (first * second + first).sum().backward()
    assert calls == [[[4, 5], [1, 2]]]
    first, second = halves(x)
    second.sum().backward()                           # the first output was not used: zeros
    assert calls[1] == [[0, 0], [1, 1]]


def test_a_backward_with_a_wrong_number_of_gradients_is_named():
    def bad_backward(dy, cache):
        return dy, dy
    y = lift(lambda x: (x * 1, None), bad_backward)(Tensor([1.0], requires_grad=True))
    with pytest.raises(ShapeError, match="bad_backward returned 2 gradients for 1 inputs"):
        y.backward()
    y = lift(lambda x: (x * 1, None), lambda dy, cache: dy[:, None])(
        Tensor([1.0, 2.0], requires_grad=True))
    with pytest.raises(ShapeError, match=r"\(2, 1\) arrived at a Tensor of shape \(2,\)"):
        y.sum().backward()


def test_only_needed_gradients_are_computed():
    def backward(dy, cache, needs):
        asked.append(needs)
        return tuple(dy if need else None for need in needs)
    asked = []
    add = lift(lambda a, b: (a + b, None), backward)
    x = Tensor([1.0], requires_grad=True)
    add(x, Tensor([2.0])).backward()
    add(np.ones(1), x).backward()
    assert asked == [(True, False), (False, True)]


def test_hooks_see_and_change_the_gradient():
    x = Tensor([1.0, 2.0], requires_grad=True)
    middle = x * 3
    seen = []
    middle.retain_grad()
    handle = middle.register_hook(lambda g: seen.append(g.numpy().copy()))
    x.register_hook(lambda g: g * 10)
    (middle ** 2).sum().backward()
    np.testing.assert_array_equal(seen, [[6, 12]])
    np.testing.assert_array_equal(middle.grad, [6, 12])
    np.testing.assert_array_equal(x.grad, [180, 360])
    handle.remove()
    (x * 3).sum().backward()
    assert len(seen) == 1


def test_no_grad_records_no_graph():
    x = Tensor([1.0], requires_grad=True)
    with scratch.no_grad():
        y = x * 2
        with scratch.no_grad():
            pass
        assert not (x * 2).requires_grad and not scratch.is_grad_enabled()
    assert scratch.is_grad_enabled() and not y.requires_grad

    @scratch.no_grad()
    def double(x):
        return x * 2
    assert not double(x).requires_grad and (x * 2).requires_grad
    with pytest.raises(ZeroDivisionError), scratch.no_grad():
        raise ZeroDivisionError
    assert scratch.is_grad_enabled()


def test_leaves_and_results():
    x = Tensor([1.0], requires_grad=True)
    y = x * 2
    assert x.is_leaf and not y.is_leaf and y.detach().is_leaf
    assert y.detach().data is y.data and not y.detach().requires_grad
    y.backward()
    assert y.grad is None and isinstance(x.grad, Tensor)
    assert x.requires_grad_(False) is x and not (x * 2).requires_grad


def test_backward_refuses_clearly():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ShapeError, match=r"shape \(2,\) needs a gradient"):
        (x * 2).backward()
    with pytest.raises(ShapeError, match=r"gradient of shape \(3,\)"):
        (x * 2).backward(np.ones(3))
    with pytest.raises(GraphError, match="does not require"):
        Tensor([1.0]).backward()
    with pytest.raises(GraphError, match="int64"):
        Tensor([1], requires_grad=True)
    with pytest.raises(GraphError, match="is not a leaf"):
        (x * 2).requires_grad_(False)
    with pytest.raises(GraphError, match="detach"):
        np.asarray(x)


def test_a_leaf_can_be_copied_with_its_gradient():
    x = Tensor([1.0, 2.0], requires_grad=True)
    (x * 2).sum().backward()
    other = copy.deepcopy(x)
    other.data += 1
    other.grad.data += 1
    np.testing.assert_array_equal(x.data, [1, 2])
    np.testing.assert_array_equal(x.grad, [2, 2])
