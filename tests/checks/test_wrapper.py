"""A checked function looks at its arguments first; an error from inside goes on with a note."""

import inspect
import pickle
import traceback

import numpy as np
import pytest

from vidlearn import naive
from vidlearn.checks import ArgumentError, checked, is_refusal, kinds
from vidlearn.datasets import motion
from vidlearn.evaluation import metrics
from vidlearn.scratch.core.errors import ShapeError


@checked
def measure(x: kinds.SEQUENCE, count: kinds.POSITIVE_COUNT = 3, size: kinds.SIDES = None,
            *rest: kinds.WORD, caption="", fast=False):
    """Give back what came."""
    return [x, count, size, *rest, caption, fast]


@checked
def pick(x: kinds.SEQUENCE, place):
    """The number at a place."""
    return x[place]


@checked
def outer(x: kinds.SEQUENCE):
    """Ask `pick` for a number that is not there."""
    return pick(x, 9)


@checked
class Thing:
    """Counts."""

    def __init__(self, count=1):
        self.count = count

    def _inside(self, count=1):
        return count

    def grown(self, by=1):
        """One more."""
        return self.count + by


@pytest.mark.parametrize("arguments, options, says", [
    ((None,), {}, "^measure: x must be a list of numbers, not None$"),
    (([1], 0), {}, "^measure: count must be a whole number, 1 or more, not 0$"),
    (([1],), {"count": "a"}, "measure: count must be a whole number, 1 or more, not 'a'"),
    (([1], 2, (1, 2, 3)), {}, r"size must be a length or .*, not tuple: \(1, 2, 3\)"),
    (([1], 2, 3, "a", 5), {}, "measure: rest must be a word, not 5"),
    (([1],), {"fast": "no"}, "measure: fast must be True or False, not 'no'"),
])
def test_another_kind_is_refused_by_name(arguments, options, says):
    with pytest.raises(ArgumentError, match=says) as caught:
        measure(*arguments, **options)
    assert is_refusal(caught.value) and not hasattr(caught.value, "__notes__")


def test_what_is_right_goes_through_as_its_kind_takes_it():
    x, *others = measure([1], np.float32(2), (4, 5), "a", "b", caption=None, fast=1)
    assert isinstance(x, np.ndarray) and others == [2, (4, 5), "a", "b", None, 1]
    assert measure(x=[1], size=None)[1:] == [3, None, "", False]


def test_a_class_and_its_methods_look_too_but_not_inside():
    with pytest.raises(ArgumentError, match="^Thing: count must be a whole number"):
        Thing("a")
    with pytest.raises(ArgumentError, match="^Thing.grown: by must be a whole number"):
        Thing().grown("a")
    assert Thing()._inside("a") == "a" and Thing(2).grown(3) == 5


def test_an_error_from_inside_keeps_its_class_its_words_and_its_traceback():
    with pytest.raises(IndexError, match="index 9 is out of bounds") as caught:
        outer([1.0])
    assert not is_refusal(caught.value)
    assert caught.value.__notes__ == ["in pick(x array (1,) float64, place 9)",
                                      "in outer(x array (1,) float64)"]
    assert "return x[place]" in "".join(traceback.format_exception(caught.value))


def test_what_the_readers_own_function_raises_is_left_as_it_is():
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        metrics.bootstrap(lambda x: 1 / 0, [1, 2], rounds=1)


def test_a_function_keeps_its_name_its_source_and_shows_its_kinds():
    assert "def conv(" in inspect.getsource(inspect.unwrap(naive.conv))
    assert naive.conv.__name__ == "conv" and naive.conv.__doc__
    assert str(inspect.signature(measure)).startswith(
        "(x: a list of numbers, count: a whole number, 1 or more = 3, size: a length or (")
    assert checked(measure) is measure


def test_a_worker_process_can_be_sent_a_checked_function():
    assert pickle.loads(pickle.dumps([measure, motion.motion])) == [measure, motion.motion]


@pytest.mark.parametrize("call, says", [
    (lambda: naive.conv(np.ones((1, 3, 4)), np.ones((2, 2, 2))), r"^conv: x \(1, 3, 4\), weight "
     r"\(2, 2, 2\) must be x \(N, C, \*S\), weight \(O, C/groups, \*K\)$"),
    (lambda: naive.conv(np.ones((1, 2)), np.ones((2, 2, 2))), r"x \(1, 2\), weight"),
    (lambda: naive.linear(np.ones((1, 3)), np.ones((2, 4))), r"x \(N, F\), weight \(O, F\)$"),
    (lambda: naive.lstm_step(np.ones((1, 3)), np.ones((1, 2)), np.ones((1, 5)), np.ones((8, 3)),
                             np.ones((8, 2))), r"c \(1, 5\), .* c \(N, U\), weight_ih \(4U, F\)"),
])
def test_arrays_of_one_call_must_fit_axis_by_axis(call, says):
    with pytest.raises(ArgumentError, match=says):
        call()


def test_a_refusal_is_what_a_user_would_catch():
    assert issubclass(ArgumentError, TypeError) and issubclass(ArgumentError, ValueError)
    assert is_refusal(ShapeError("")) and not is_refusal(ValueError(""))
