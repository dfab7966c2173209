"""Changes in place: where they are allowed, and what they change."""

import numpy as np
import pytest

from vidlearn import scratch
from vidlearn.scratch import GraphError, Tensor


def test_item_assignment_where_no_gradient_is_kept():
    x = scratch.zeros(2, 3)
    x[0] = 1
    x[:, 1] = scratch.tensor([5.0, 6.0])
    x[x > 5] = -1
    x[[1, 1], [0, 2]] = 7
    np.testing.assert_array_equal(x, [[1, 5, 1], [7, -1, 7]])
    w = scratch.ones(2, requires_grad=True)
    with scratch.no_grad():
        w[0] = 3
        w -= 1
    np.testing.assert_array_equal(w.detach(), [2, 0])
    assert w.requires_grad and w.is_leaf


@pytest.mark.parametrize("change", [
    lambda x, w: x.__setitem__(0, w[0]), lambda x, w: w.zero_(), lambda x, w: x.add_(w),
    lambda x, w: w.fill_(2), lambda x, w: w.__iadd__(1), lambda x, w: (w * 1).clamp_(0, 1),
], ids=range(6))
def test_a_change_that_would_break_the_graph_is_refused(change):
    x, w = scratch.zeros(2), scratch.ones(2, requires_grad=True)
    with pytest.raises(GraphError, match="in place"):
        change(x, w)


def test_methods_in_place():
    x = scratch.tensor([1.0, -2.0])
    same = x.add_(1).mul_(3).sub_(2, alpha=2).div_(2).clamp_(min=-2)
    assert same is x
    np.testing.assert_array_equal(x, [1, -2])
    assert x.fill_(4).tolist() == [4, 4] and x.zero_().tolist() == [0, 0]
    assert x.copy_(scratch.tensor([8, 9])).tolist() == [8, 9] and x.dtype == scratch.float32


def test_a_running_sum_of_results_is_a_new_tensor():
    x = Tensor([1.0, 2.0], requires_grad=True)
    total = first = scratch.zeros(2)
    for _ in range(3):
        total += x * x
    total.sum().backward()
    np.testing.assert_array_equal(x.grad, [6, 12])
    np.testing.assert_array_equal(first, [0, 0])
