"""A number and its verdict: what is printed, what is compared, and that no ✓ is given away."""

import math

import numpy as np
import pytest
from nbformat.v4 import new_output

from tools.compared import same
from vidlearn.checks import ArgumentError
from vidlearn.course import lesson
from vidlearn.course.measured import Missed, written

LINES = [
    (("accuracy", 0.943), dict(at_least=0.9), "accuracy ≈0.943 (at least 0.90 ✓)"),
    (("accuracy", 94.31), dict(at_least=90, unit="%"), "accuracy ≈94.3 % (at least 90 % ✓)"),
    (("loss", np.float32(1.25e-5)), dict(at_most=0.001), "loss ≈1.25e-05 (at most 0.001 ✓)"),
    (("slope", -0.25), dict(at_least=-1, at_most=0), "slope ≈-0.25 (-1 to 0 ✓)"),
    (("share", 0.41), dict(near=0.4, within=0.025), "share ≈0.41 (0.40 ± 0.025 ✓)"),
    (("weights", np.int64(71_234)), dict(near=71_000, within=1000),
     "weights ≈71,234 (71,000 ± 1,000 ✓)"),
    (("weights", 71_234.4), dict(at_most=1e5), "weights ≈71,234 (at most 100,000 ✓)"),
]


@pytest.mark.parametrize("asked, bounds, line", LINES, ids=[line for *_, line in LINES])
def test_a_number_is_printed_with_its_verdict(asked, bounds, line, capsys):
    lesson.measured(*asked, **bounds)
    assert capsys.readouterr().out == f"{line}\n"


@pytest.mark.parametrize("value, bounds", [
    (0.89, dict(at_least=0.9)), (1.1, dict(at_most=1)), (math.nan, dict(at_least=0)),
    (math.nan, dict(at_most=1)), (math.inf, dict(near=0, within=9)),
    (-1, dict(at_least=0, at_most=2)), (3, dict(at_least=0, at_most=2)),
    (0.51, dict(near=0.4, within=0.1)), (math.nan, dict(near=0, within=1))])
def test_a_number_outside_gets_no_tick_and_stops_the_cell(value, bounds, capsys):
    with pytest.raises(Missed) as missed:
        lesson.measured("it", value, **bounds)
    assert str(missed.value).startswith("it ≈") and "✓" not in str(missed.value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("bounds", [
    dict(at_least=0.9), dict(at_most=0.9), dict(at_least=0.9, at_most=0.9),
    dict(near=0.9, within=0)])
def test_a_bound_itself_is_inside(bounds):
    lesson.measured("it", 0.9, **bounds)


@pytest.mark.parametrize("bounds", [
    {}, dict(near=1), dict(within=1), dict(near=1, within=1, at_least=0), dict(near=1, at_most=2)])
def test_a_number_without_a_verdict_is_refused(bounds):
    with pytest.raises(ArgumentError, match="the verdict needs"):
        lesson.measured("it", 1, **bounds)


def test_bounds_that_nothing_can_keep_are_refused():
    with pytest.raises(ArgumentError, match="at_least 2 is more than at_most 1"):
        lesson.measured("it", 1.5, at_least=2, at_most=1)


def test_a_notebook_shows_what_was_missed_and_no_traceback(recorded):
    _, cells = recorded(("from vidlearn.course import lesson\n"
                         "lesson.measured('accuracy', 0.3, at_least=0.9)", "raises-exception"))
    assert cells[0].outputs[0].traceback == ["✗ accuracy ≈0.3 (at least 0.90)"]


def printed(text):
    return [new_output("stream", text=f"{text}\n")]


@pytest.mark.parametrize("stored, now", [
    ("≈0.943 (at least 0.90 ✓)", "≈0.951 (at least 0.90 ✓)"),
    ("≈1 s", "≈1.25e-05 s"), ("≈-0.2", "≈0.3"), ("≈\u22120.2", "≈+3"),
    ("≈71,234 of 9", "≈998 of 9"), ("≈.5, ≈2.", "≈1, ≈3."),
    ("it is ≈1e+3 %", "you said 5 %; it is ≈1e-10 %")])
def test_the_number_behind_the_sign_is_not_compared(stored, now):
    assert same(printed(stored), printed(now))


@pytest.mark.parametrize("stored, now", [
    ("≈0.943 (at least 0.90 ✓)", "≈0.943 (at least 0.91 ✓)"), ("≈0.9 ✓", "≈0.9 ✗"),
    ("≈9 %", "≈9 s"), ("≈0.5 of 8", "≈0.5 of 9"), ("a 1 ≈2", "a 2 ≈2"), ("≈0.5", "≈nan"),
    ("≈0.5", "≈inf"), ("≈0.5", "0.5"), ("≈1, 2", "≈1, 3"), ("≈ 0.5", "≈ 0.6")])
def test_all_else_is_compared(stored, now):
    assert not same(printed(stored), printed(now))


@pytest.mark.parametrize("value, text", [
    (4, "4"), (112_318, "112,318"), (0.9434, "0.943"), (1234.5, "1,234"),
    (np.float32(0.5), "0.5"), (2.0, "2"), (1.2e-5, "1.2e-05"), (3e20, "3e+20"), ("right", "right"),
    (-2500.0, "-2,500")])
def test_how_a_number_is_written(value, text):
    assert written(value) == text
