"""Every operation with random shapes, options, dtypes and memory layouts, compared with PyTorch.

`python -m benchmarks.properties` draws 300 cases of each and prints the largest differences.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scratch.agreement import ORDERS, Case, check_agreement
from tests.scratch.cases import CASES
from tests.scratch.strategies import layouts
from vidlearn import scratch
from vidlearn.scratch import Tensor, lift

EXAMPLES = 6


@pytest.mark.filterwarnings("ignore")                     # of NumPy and PyTorch, about NaN
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=EXAMPLES, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_case_of_an_operation_agrees_with_pytorch(name, data):
    case = data.draw(CASES[name])
    check_agreement(case, *data.draw(layouts(case)))


# ---- does check_agreement find faults? Each one is a fault in x² or in a memory layout

def squares(forward=lambda x: (x * x, x), backward=lambda dy, x: 2 * x * dy, **fields):
    """x² by a pair that may be wrong, and by PyTorch."""
    ours = lift(forward, backward)
    x = np.array([[-1.5, 0.5, 2.5], [1.0, -2.0, 0.25]])
    return Case(lambda lib, x: ours(x) if lib is scratch else x * x, [x], **fields)


def changes_input(x):
    y = x * x
    x *= 2
    return y, x / 2


def changes_dy(dy, x):
    share = 2 * x * dy
    dy += 1
    return share


def only_in_rows(x):
    return np.frombuffer(x.tobytes("A"), x.dtype).reshape(x.shape) ** 2, x


@pytest.mark.parametrize("order", ORDERS)
def test_a_right_pair_agrees_in_any_memory_layout(order):
    found = check_agreement(squares(), [order], order)
    assert set(found) == {"output", "gradient", "slope", "non-finite"}
    assert max(found.values()) < 1e-8


@pytest.mark.parametrize("fault, words", [
    (dict(forward=lambda x: (x * x + 2e-9, x)), "Not equal"),
    (dict(backward=lambda dy, x: 2 * x * dy + 3e-9), "Not equal"),
    (dict(backward=lambda dy, x: x * dy), "Not equal"),
    (dict(forward=changes_input), "an input was changed"),
    (dict(backward=changes_dy), "backward changed dy"),
    (dict(forward=lambda x: (x[:, :2] ** 2, x)), "float64"),
    (dict(forward=lambda x: (x * np.asarray(x, np.float64), x)), "float32 became float64"),
    (dict(forward=lambda x: (np.nan_to_num(x) ** 2, x)), "nan location"),
    (dict(backward=lambda dy, x: np.nan_to_num(2 * x * dy)), "location mismatch"),
])
def test_a_planted_fault_is_seen(fault, words):
    for seed in range(9):                                 # not every seed has non-finite numbers
        case = squares(**fault)
        try:
            check_agreement(case, ["rows"], seed=seed)
        except AssertionError as complaint:
            assert words in str(complaint)
            return
    raise AssertionError("nothing was seen")


def test_a_wrong_gradient_on_both_sides_is_found_by_its_slope():
    crooked = lift(lambda x: (x * x, x), lambda dy, x: 2.001 * x * dy)

    class Twice:                                          # PyTorch's side makes the same mistake
        def __call__(self, lib, x):
            if lib is scratch:
                return crooked(x)
            y = x * x
            return y.detach() + 1.0005 * (2 * x.detach() * x - (2 * x * x.detach()).detach())
    with pytest.raises(AssertionError, match="the slope is"):
        check_agreement(Case(Twice(), [np.array([1.5, -0.5])]), ["rows"])


def test_a_fault_in_one_memory_layout_is_found():
    case = squares(forward=only_in_rows)
    assert check_agreement(case, ["rows"])
    for order in ("columns", "first axis innermost"):
        with pytest.raises(AssertionError):
            check_agreement(case, [order])


def test_what_pytorch_refuses_must_be_refused():
    x = np.ones((2, 3))
    assert check_agreement(Case(lambda lib, x: x @ x, [x]), ["rows"]) == {"refused": 1}
    lenient = Case(lambda lib, x: x if lib is scratch else x @ x, [x])
    with pytest.raises(AssertionError, match="PyTorch refuses this"):
        check_agreement(lenient, ["rows"])


def test_memory_layouts_keep_the_numbers():
    a = np.arange(24.0).reshape(2, 3, 4)
    for name, order in ORDERS.items():
        laid = order(a)
        np.testing.assert_array_equal(laid, a, name)
        assert not np.shares_memory(laid, a), name
    assert not ORDERS["read-only"](a).flags.writeable and not ORDERS["unaligned"](a).flags.aligned
    assert min(ORDERS["reversed"](a).strides) < 0 and not ORDERS["spread"](a).flags.contiguous
    assert Tensor(ORDERS["spread"](a)).shape == a.shape
