"""A mutant that a weak case cannot tell from the answer is listed; one that never ends is not."""

import sys

import pytest

from tools import mutants
from vidlearn.course.exercise import Exercise


def area(height, width):
    return height * width + 0


def countdown(n):
    steps = 0
    while n > 0:
        n = n - 1
        steps += 1
    return steps


def test_each_slip_is_drawn_once_and_is_another_function():
    drawn = dict(mutants.mutants(area))
    assert {"return height + 0", "return width + 0", "return height * width + 1",
            "return np.abs(height * width + 0)"} <= drawn.keys()
    assert drawn["return width + 0"](3, 4) == 4


def total(numbers, scale=1):
    found = 0
    for number in sorted(numbers[1:], reverse=True):
        if not number < 0 and scale:
            found -= -number
    return divmod(found, scale)


def test_what_is_left_out_swapped_or_shortened_is_drawn():
    drawn = dict(mutants.mutants(total))
    assert {"without found = 0", "without found -= -number",
            "for number in list(sorted(numbers[1:], reverse=True))[:-1]:",
            "for number in list(sorted(numbers[1:], reverse=True))[1:]:",
            "for number in sorted(numbers[:], reverse=True):", "for number in sorted(numbers[1:]):",
            "if number < 0 and scale:", "if not number < 0 or scale:", "found -= number",
            "return divmod(scale, found)"} <= drawn.keys()


def test_a_weak_case_lets_mutants_pass():
    assert "return height + 0" in mutants.survivors(Exercise(area, [(3, 1)]))[0]
    assert "return height + 0" not in mutants.survivors(Exercise(area, [(3, 4)]))[0]


def test_a_mutant_that_never_ends_is_refused(monkeypatch):
    monkeypatch.setattr(mutants, "SECONDS", 0.2)
    passed, count = mutants.survivors(Exercise(countdown, [(3,), (0,)]))
    assert "n = n" not in passed and "n = 1 - n" not in passed and count > 5


def test_the_table_counts_and_the_exit_code_tells(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mutants", "start"])
    with pytest.raises(SystemExit) as left:
        mutants.main()
    table = capsys.readouterr().out
    assert left.value.code == 0 and "start.SECONDS_OF" in table
    assert table.endswith("mutants, 0 passed without a reason\n")
    monkeypatch.setattr(mutants, "EQUAL", {})
    with pytest.raises(SystemExit) as left:
        mutants.main()
    assert left.value.code == 1 and "    return np.abs(frame / rate)" in capsys.readouterr().out
