"""NaN, infinities, -0.0 and denormal numbers in inputs and in gradients are treated as in PyTorch.

`python -m benchmarks.unusual` tries many more and prints a table; `unusual_values.py` lists the
known differences and their reasons.
"""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scratch.agreement import Case
from tests.scratch.cases import CASES
from tests.scratch.unusual_values import (
    KNOWN_DIFFERENCES,
    all_differences,
    differences,
    known_difference,
)
from vidlearn import scratch
from vidlearn.scratch import Tensor, lift, nn

F = nn.functional


@pytest.mark.filterwarnings("ignore")                     # of NumPy and PyTorch, about NaN
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=2, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_unusual_numbers_are_treated_as_in_pytorch(name, data):
    case, rng = data.draw(CASES[name]), np.random.default_rng(data.draw(st.integers(0, 999)))
    for kind, place, found in all_differences(case, rng):
        assert not found or known_difference(name, kind, place), (kind, place, found)


def test_known_differences_name_existing_operations():
    drawn = {name.removesuffix(" of mixed types") for name in CASES}
    assert {name for names, *_ in KNOWN_DIFFERENCES for name in names.split()} <= drawn


@pytest.mark.parametrize("place, backward", [
    ("input", lambda dy, x: dy * np.sign(x)),             # NaN, and torch has 0
    ("gradient", lambda dy, x: dy * (x > 0) - dy * (x < 0)),      # 0 · NaN
])
def test_a_planted_fault_is_seen(place, backward):
    ours, x = lift(lambda x: (np.abs(x), x), backward), np.array([1.5, -0.5, 2.5])
    case = Case(lambda lib, x: ours(x) if lib is scratch else x.abs(), [x])
    seen = [differences(case, "NaN", place, np.random.default_rng(seed)) for seed in range(9)]
    assert any(seen) == (place == "input")                # NaN - NaN is NaN on both sides
    assert not any(differences(case, "-0.0", place, np.random.default_rng(s)) for s in range(9))


def both(function, *arrays, dy=None):
    """The gradients of ours and of torch's, as two lists."""
    found = []
    for lib, make in ((scratch, Tensor), (torch, torch.tensor)):
        leaves = [make(np.array(a, np.float64)).requires_grad_() for a in arrays]
        y = function(lib, *leaves)
        y.backward(make(np.ones(tuple(y.shape)) if dy is None else np.array(dy, np.float64)))
        found.append([np.asarray(leaf.grad) for leaf in leaves])
    return found


NON_FINITE = [np.nan, np.inf, -np.inf, 1.0]
ZERO_DERIVATIVE = {                            # functions whose derivative is 0 for some of x
    "relu": (lambda lib, x: lib.nn.functional.relu(x), [-1.0, 0.0, 2.0, 3.0]),
    "clamp": (lambda lib, x: x.clamp(0.5, 2.5), [-1.0, 0.0, 2.0, 3.0]),
    "max_pool1d": (lambda lib, x: lib.nn.functional.max_pool1d(x, 3, 1, 1).reshape(4),
                   [[[1.0, 3.0, 2.0, 0.0]]]),
    "max": (lambda lib, x: x.max() * lib.ones(4), [1.0, 3.0, 2.0, 0.0]),
    "nll_loss": (lambda lib, x: lib.nn.functional.nll_loss(
        x, lib.tensor([0, 1, -100, 0]), reduction="none"), np.ones((4, 2))),
    "cross_entropy": (lambda lib, x: lib.nn.functional.cross_entropy(
        x, lib.tensor([-100, 1, -100, 0]), reduction="none", label_smoothing=0.1), np.ones((4, 2))),
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("name", ZERO_DERIVATIVE)
@pytest.mark.parametrize("turn", range(4))
def test_non_finite_gradients_do_not_pass_where_the_derivative_is_zero(name, turn):
    function, x = ZERO_DERIVATIVE[name]
    mine, theirs = both(function, x, dy=np.roll(NON_FINITE, turn))
    np.testing.assert_array_equal(mine[0], theirs[0])


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("function, x, target", [
    (F.l1_loss, [np.nan, np.inf, 1.0], [0.0, np.inf, 3.0]),
    (partial(F.smooth_l1_loss, beta=0), [np.nan, np.inf, 1.0], [0.0, np.inf, 3.0]),
    (F.binary_cross_entropy_with_logits, [-np.inf, np.inf, 1.0], [0.0, 1.0, np.inf]),
])
def test_losses_of_non_finite_numbers(function, x, target):
    theirs = getattr(torch.nn.functional, getattr(function, "__name__", "l1_loss"))  # beta 0: l1
    mine, expected = both(lambda lib, a, b: (function if lib is scratch else theirs)(a, b),
                          x, target)
    np.testing.assert_allclose(mine, expected)


@pytest.mark.filterwarnings("ignore:invalid value")
def test_the_gradient_of_a_maximum_that_is_nan_goes_to_the_nans():
    mine, theirs = both(lambda lib, x: x.max(), [1.0, np.nan, 2.0, np.nan])
    np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(mine[0], [0, 0.5, 0, 0.5])
