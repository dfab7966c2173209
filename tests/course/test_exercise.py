"""A check passes what is right, and nothing else; what it says helps."""

import time

import numpy as np
import pytest

from vidlearn.course.exercise import Exercise, WrongAnswer
from vidlearn.scratch.core.tensor import Tensor


def slide(x, w):
    """One output for each place the weights fit."""
    return np.array([np.dot(x[t:t + len(w)], w) for t in range(len(x) - len(w) + 1)], float)


SLIDE = Exercise(
    slide,
    cases=[([1, 2, 4], [1, -1]), (np.arange(9) ** 2, [1, 0, -1]),
           lambda rng: (rng.normal(size=7), rng.normal(size=2))],
    hints=["How many places are there?", "Each place is one np.dot."],
    mistakes={
        "the weights hang over the ends": lambda x, w: np.correlate(x, w, "same").astype(float),
        "the weights are turned round": lambda x, w: np.convolve(x, w, "valid").astype(float),
    },
    seconds=0.3,
)


def line(x, dy):
    return {"dx": dy * 2.0}["dx"], x @ dy, dy.sum(0)


LINE = Exercise(line, [(np.ones((2, 3)), np.arange(3.0))], returns=("dx", "dweight", "dbias"))


def said(exercise, attempt):
    with pytest.raises(WrongAnswer) as caught:
        exercise.check(attempt)
    return str(caught.value)


def answers(value):
    """An exercise whose answer is `value`, whatever comes in."""
    return Exercise(lambda x: value, [(0,)])


def test_the_answer_passes(capsys):
    SLIDE.check(slide)
    assert capsys.readouterr().out == "✓ slide: right in all 3 cases\n"


def your_turn(x, w):
    raise NotImplementedError("your turn")


@pytest.mark.parametrize("blank", [
    your_turn, lambda x, w: None, lambda x, w: ..., None, ...,
])
def test_a_blank_is_not_wrong(blank, capsys):
    SLIDE.check(blank)
    assert capsys.readouterr().out.startswith("○ slide: not written yet")


def test_a_blank_that_returns_nothing_is_told_so(capsys):
    SLIDE.check(lambda x, w: print("working"))
    assert capsys.readouterr().out == "working\n○ slide: not written yet: it returns None\n"


def test_an_option_that_is_not_supported_is_no_blank():
    class UnsupportedOption(NotImplementedError):
        pass

    def attempt(x, w):
        raise UnsupportedOption("padding='same'")
    assert "it raised UnsupportedOption: padding='same'" in said(SLIDE, attempt)


def test_the_first_wrong_number_is_shown_with_its_place_and_its_case():
    message = said(SLIDE, lambda x, w: slide(x, w) + (np.arange(len(x) - len(w) + 1) > 0))
    assert message == ("slide: wrong in case 1 of 3\n"
                       "  called with x [1, 2, 4], w [1, -1]\n"
                       "  it gave -1 at [1], should be -2 (1 of 2 differ)")


@pytest.mark.parametrize("name", SLIDE.mistakes)
def test_a_known_mistake_is_named(name):
    def attempt(x, w):
        return SLIDE.mistakes[name](x, w)
    assert said(SLIDE, attempt).endswith(f"a known mistake: {name}")


def test_a_mistake_that_fits_one_case_only_is_not_named():
    attempt = lambda x, w: np.convolve(x, w, "valid") + 0.0 if len(w) == 2 else slide(x, w)  # noqa: E731
    assert "a known mistake" not in said(SLIDE, attempt)


@pytest.mark.parametrize("attempt, words", [
    ("slide", "takes the function itself, not a str"),
    (lambda x: x, r"slide(x) should be slide(x, w)"),
    (lambda x, w: 1 / 0, "it raised ZeroDivisionError: division by zero"),
    (lambda x, w: exit(), "it raised SystemExit"),
    (lambda x, w: slide(x, w)[None], "shape (1, 2), should be (2,): the right numbers, in another"),
    (lambda x, w: slide(x, w)[::-1], "the right numbers, in another order"),
    (lambda x, w: slide(x, w).tolist(), "it gave a list of 2, should be an array of shape (2,)"),
    (lambda x, w: tuple(slide(x, w)), "it gave a tuple of 2, should be an array of shape (2,)"),
    (lambda x, w: Tensor(slide(x, w)), "it gave a tensor of shape (2,), should be an array"),
    (lambda x, w: slide(x, w).astype(str), "it gave '-1.0' at [0], should be -1"),
    (lambda x, w: slide(x, w).astype(int), "the numbers are right, but int64; should be float64"),
    (lambda x, w: slide(x, w).astype("f4"), "the numbers are right, but float32; should be"),
    (lambda x, w: slide(x, w) * np.nan, "it gave nan at [0], should be -1"),
    (lambda x, w: np.array([[1, 2], None], object), "it gave a ndarray that cannot be compared"),
    (lambda x, w: (i for i in x), "it gave a generator, should be an array"),
    (lambda x, w: "five", "it gave a str, should be an array"),
    (lambda x, w: slide(x, w)[:0], "shape (0,), should be (2,)"),
])
def test_what_is_not_right_is_refused_in_words(attempt, words):
    assert words in said(SLIDE, attempt)


def test_an_attempt_without_a_signature_is_tried():
    def attempt(x, w):
        return 5
    attempt.__signature__ = "unheard of"
    assert "it gave the number 5, should be an array" in said(SLIDE, attempt)


def test_an_error_that_cannot_be_printed_is_named():
    class Broken(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    def attempt(x, w):
        raise Broken
    assert "it raised Broken\n  in line" in said(SLIDE, attempt)


def test_an_error_is_shown_with_the_line_it_came_through():
    def attempt(x, w):
        y = np.ones(2) @ np.ones(3)
        return y
    message = said(SLIDE, attempt)
    assert "it raised ValueError: matmul" in message and ": y = np.ones(2) @ np.ones(3)" in message


def test_a_loop_that_never_ends_is_left_behind():
    rounds = []

    def attempt(x, w):
        while True:
            rounds.append(1)
    assert "not done after 0.3 s" in said(SLIDE, attempt)
    time.sleep(0.3)
    before = len(rounds)
    time.sleep(0.3)
    assert len(rounds) == before                      # the thread has ended, too


def test_a_known_mistake_is_not_looked_for_where_one_case_never_ends():
    tried = []

    def attempt(x, w):
        tried.append(len(x))
        while len(x) == 9:
            pass
        return SLIDE.mistakes["the weights hang over the ends"](x, w)
    assert said(SLIDE, attempt).endswith("shape (3,), should be (2,)")
    assert tried == [3, 3, 9]                         # each further mistake would wait again


def test_one_that_changes_its_input_is_refused():
    def attempt(x, w):
        y = slide(x, w)
        x[0] = 99
        return y
    assert "it changed its input x: work on a copy" in said(SLIDE, attempt)


def test_printing_is_let_through(capsys):
    SLIDE.check(lambda x, w: print("t") or slide(x, w))
    assert capsys.readouterr().out == "t\n" * 3 + "✓ slide: right in all 3 cases\n"


def test_a_part_of_a_tuple_is_called_by_its_name(capsys):
    wrong = said(LINE, lambda x, dy: (dy * 2, (x @ dy)[::-1] + 1, dy.sum(0)))
    assert "dweight: it gave 4 at [0], should be 3 (2 of 2 differ)" in wrong
    assert "it gave 2 results, should be 3" in said(LINE, lambda x, dy: (dy * 2, x @ dy))
    LINE.check(line)
    assert "✓" in capsys.readouterr().out


@pytest.mark.parametrize("want, right, wrong, words", [
    (3.0, 3, 3.5, "it gave 3.5, should be 3"),
    (3, np.int32(3), 3.0, "the numbers are right, but float64; should be int64"),
    (np.float64(0.1), 0.1, np.float32(0.1), "the numbers are right, but float32; should be"),
    (np.float32(0.1), 0.1, 0.2, "it gave 0.2, should be 0.1"),
    (np.zeros(2, np.uint8), np.zeros(2, np.uint8), np.zeros(2, int), "right, but int64; should"),
    (np.zeros(2, np.int64), np.zeros(2, np.int32), np.zeros(2, np.uint8), "right, but uint8; sh"),
    (True, np.True_, 1, "the numbers are right, but int64; should be bool"),
    ("left", "left", "right", "it gave 'right', should be 'left'"),
    ([1, 2], [1, 2], [2, 1], "result [0]: it gave 2, should be 1"),
    ({"a": 1.0}, {"a": 1.0}, {"a": 2.0}, "['a']: it gave 2, should be 1"),
    ({"a": 1.0}, {"a": 1.0}, {"b": 1.0}, "it gave the keys ['b'], should be ['a']"),
    (np.array([np.inf, np.nan]), np.array([np.inf, np.nan]), np.array([1, np.nan]),
     "it gave 1 at [0], should be inf (1 of 2 differ)"),
    (1e9, 1e9 + 1, 1e9 + 1e6, "should be 1e+09"),
    (Tensor(np.ones(2)), Tensor(np.ones(2)), np.ones(2), "it gave an array of shape (2,), should"),
])
def test_results_of_every_kind_are_compared(want, right, wrong, words, capsys):
    exercise = answers(want)
    exercise.check(lambda x: right)
    assert "✓" in capsys.readouterr().out
    assert words in said(exercise, lambda x: wrong)


@pytest.mark.parametrize("value, shown", [
    (np.array([1 / 3, 2.0]), "[0.3333, 2.    ]"), (np.eye(2), "[[1., 0.], [0., 1.]]"),
    (np.zeros((2, 5)), "(2, 5)"), (Tensor(np.ones((3, 4))), "(3, 4)"), ((2, 1), "(2, 1)"),
    ("same", "'same'"), (list(range(99)), "a list of 99"),
    (np.random.default_rng(0), "a Generator"),
])
def test_what_went_in_is_shown_in_a_few_characters(value, shown):
    exercise = Exercise(lambda x: 1, [(value,)])
    assert f"called with x {shown}" in said(exercise, lambda x: 2)


def test_an_answer_may_be_to_refuse(capsys):
    def root(x):
        if x < 0:
            raise ValueError("a square is not negative")
        return x ** 0.5
    exercise = Exercise(root, [(4.0,), (-1.0,)], raises=(ValueError,))
    exercise.check(root)
    assert "✓" in capsys.readouterr().out
    assert "it should raise ValueError" in said(exercise, lambda x: abs(x) ** 0.5)


def test_a_fault_in_the_answer_is_not_taken_for_its_result():
    def root(x):
        return x.sqare()
    exercise = Exercise(root, [(4.0,)], raises=(ValueError,))
    for attempt in (root, lambda x: x ** 0.5):
        with pytest.raises(AttributeError, match="sqare") as caught:
            exercise.check(attempt)
        assert caught.traceback[-1].name == "root"


def test_a_fault_in_the_comparison_is_not_put_on_the_attempt(monkeypatch):
    monkeypatch.setattr("vidlearn.course.difference._close", lambda *_: None.close)
    with pytest.raises(AttributeError, match="close"):
        SLIDE.check(slide)


def test_the_words_are_the_same_each_time():
    wrong = lambda x, w: slide(x, w) * 1.1           # noqa: E731
    assert said(SLIDE, wrong) == said(SLIDE, wrong)


def test_hints_come_one_by_one(capsys):
    exercise = Exercise(slide, [([1], [1])], hints=["first", "second"])
    for _ in range(3):
        exercise.hint()
    assert capsys.readouterr().out.splitlines() == [
        "hint 1 of 2: first", "hint 2 of 2: second",
        "slide: no more hints; .show() shows the answer"]


def test_show_prints_the_answer(capsys):
    SLIDE.show()
    assert capsys.readouterr().out.startswith("def slide(x, w):\n")


def test_in_a_notebook_the_message_stands_alone():
    assert WrongAnswer("slide: wrong")._render_traceback_() == ["✗ slide: wrong"]


def test_after_a_case_that_passed_nothing_is_a_wrong_answer(capsys):
    def forgets(x, w):
        return slide(x, w) if len(x) == 3 else None

    def stops(x, w):
        if len(x) == 3:
            return slide(x, w)
        raise NotImplementedError("longer ones")
    assert said(SLIDE, forgets).splitlines()[::2] == [
        "slide: wrong in case 2 of 3", "  it gave a NoneType, should be an array of shape (7,)"]
    assert "case 2 of 3" in said(SLIDE, stops) and "longer ones" in said(SLIDE, stops)
    assert capsys.readouterr().out == ""


def test_two_numbers_that_differ_are_never_printed_alike():
    exercise = Exercise(lambda x: x, [(2.536779,), (np.array([1.0, 2.536779]),)])
    assert "it gave 2.536783, should be 2.536779" in said(exercise, lambda x: x + 4e-6)
    exercise.cases.pop(0)
    assert "it gave 2.536783 at [1], should be 2.536779" in said(
        exercise, lambda x: x + np.array([0, 4e-6]))


def test_a_mistake_that_is_like_another_one_on_the_list_is_not_named():
    doubled = {"twice": lambda x, w: 2 * slide(x, w), "added": lambda x, w: slide(x, w) * 2}
    alike = Exercise(slide, SLIDE.cases, mistakes=doubled)
    assert "a known mistake" not in said(alike, lambda x, w: 2 * slide(x, w))


def test_whole_numbers_are_exact_however_large():
    count = Exercise(lambda n: n * n, [(3,), (1_000_003,)])
    assert "it gave 1000006000008, should be 1000006000009" in said(
        count, lambda n: n * n - (n > 9))


def test_a_choice_is_judged_as_a_whole_and_not_given_away():
    exercise = Exercise(lambda: ("labels", "rate"), [()], is_choice=True)
    for wrong in (("labels", "clips"), ("rate", "labels"), ("labels",), 3):
        told = said(exercise, lambda wrong=wrong: wrong)
        assert "not all of it fits" in told and "should be" not in told
