"""Cells in random orders: each kind of fault in a tiny notebook is seen, and a sound one passes."""

import pytest

from tools.shuffled import shuffled

START = "from vidlearn.course import lesson\nlesson.start('90')"
HALF = ("from vidlearn.course.exercise import Exercise\ndef answer(x):\n    return x / 2\n"
        "HALF = Exercise(answer, [(3.0,)])")


def test_each_failure_of_a_sound_notebook_has_a_hint(notebook):
    path = notebook(START, HALF, "a = [3]", "a.append(4)", "HALF.check(None)", "a[1] / len(a)")
    tally = shuffled(path, orders=5)
    assert tally.outcomes.keys() == {"ran", "hinted"} and tally.outcomes.total() == 30
    assert tally.outcomes["hinted"] > 5 and tally.faults == []


def test_an_error_that_no_order_explains_is_the_cells_own(notebook):
    path = notebook(START, "1 / 0")                   # in these orders it runs second and first
    own, early = shuffled(path, orders=1, seed=1), shuffled(path, orders=1, seed=0)
    assert own.outcomes == early.outcomes == {"ran": 1, "unexplained": 1}
    assert "2. to run: In [2]" in own.faults[0]


def test_an_error_that_the_cell_is_there_to_show_is_no_fault(recorded):
    path, _ = recorded(START, ("X_train", "raises-exception"), ("1 / 0", "raises-exception"))
    tally = shuffled(path, orders=2)
    assert tally.faults == [] and tally.outcomes["failed as meant"] >= 2


@pytest.mark.parametrize("cell, fault", [
    ("HALF.check(answer)", "a wrong ✓: ✓ answer: right in all 1 cases"),
    ("len([a])", "unexplained: NameError: name 'a' is not defined"),
    ("globals()['a'] += 'text'", "unexplained: "),
    ("import os\nos._exit(1)", "did not end: "),
])
def test_each_kind_of_fault_is_seen(cell, fault, notebook):
    tally = shuffled(notebook(START, HALF, "globals()['a'] = 3", cell), orders=10)
    assert any(f"In [4] {cell.splitlines()[0]!r}: {fault}" in words for words in tally.faults)


def test_the_same_seed_gives_the_same_orders(notebook):
    path = notebook(START, "a = 3", "print(a)", "globals()['b'] = 1", "b")
    assert str(shuffled(path, orders=3, seed=1)) == str(shuffled(path, orders=3, seed=1))
    assert str(shuffled(path, orders=3, seed=1)) != str(shuffled(path, orders=3, seed=5))
