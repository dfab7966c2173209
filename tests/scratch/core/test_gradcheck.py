"""gradcheck passes right gradients and names wrong ones."""

import numpy as np
import pytest

from vidlearn import scratch
from vidlearn.scratch import GradcheckError, Tensor, gradcheck


def scale_forward(x, weight):
    return x * weight, (x, weight)


def scale_backward(dy, cache):
    x, weight = cache
    return dy * weight, dy * x


def without_weight(dy, cache):
    return dy, dy * cache[0]


def off_in_one_place(dy, cache):
    dx, dweight = scale_backward(dy, cache)
    dweight[1, 2] += 1e-3
    return dx, dweight


def changes_dy(dy, cache):
    dx, dweight = scale_backward(dy, cache)
    dy *= 2
    return dx, dweight


def arrays(seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, 3)), rng.normal(size=(2, 3))


def test_a_right_pair_passes():
    assert gradcheck((scale_forward, scale_backward), arrays())


def test_a_function_of_tensors_with_several_outputs_passes():
    assert gradcheck(lambda x, w: (scratch.exp(x) @ w.T, (x * w).sum()), arrays())


def test_a_wrong_gradient_is_named_with_both_slopes():
    with pytest.raises(GradcheckError, match=r"^input 0 \(2, 3\): .* slope is .* backward says"):
        gradcheck((scale_forward, without_weight), arrays())


@pytest.mark.parametrize("seed", range(5))
def test_one_wrong_number_is_found_and_its_index_is_named(seed):
    with pytest.raises(GradcheckError, match=r"^input 1 .* worst at \[1, 2\]"):
        gradcheck((scale_forward, off_in_one_place), arrays(seed), seed=seed)


def test_a_missing_gradient_is_found():
    with pytest.raises(GradcheckError, match="input 1"):
        gradcheck((scale_forward, lambda dy, cache: (dy * cache[1], None)), arrays())


def test_a_backward_that_changes_dy_is_found():
    with pytest.raises(GradcheckError, match="changed dy"):
        gradcheck((scale_forward, changes_dy), arrays())


def test_a_forward_that_changes_its_input_is_found():
    def forward(x):
        x *= 2
        return x.copy(), None
    with pytest.raises(GradcheckError, match="input 0 was changed"):
        gradcheck((forward, lambda dy, cache: 2 * dy), arrays()[:1])


def test_a_tensor_that_requires_no_gradient_is_not_checked():
    x, weight = arrays()
    assert gradcheck((scale_forward, lambda dy, cache: (dy * cache[1], None)), (x, Tensor(weight)))


def test_options_reach_the_function():
    assert gradcheck(scratch.sum, arrays()[:1], dim=1, keepdim=True)


def test_float32_is_refused():
    with pytest.raises(TypeError, match="float64"):
        gradcheck(scratch.exp, [np.ones(3, np.float32)])


def test_nothing_to_check_is_refused():
    with pytest.raises(ValueError, match="no input"):
        gradcheck(scratch.exp, [Tensor(np.ones(3))])
