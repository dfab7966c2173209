"""Cells in random orders: each kind of fault in a tiny notebook is seen, and a sound one passes."""

import pytest

from tests.shuffled import shuffled

START = "from vidlearn import lesson\nlesson.start('90')"
HALF = ("from vidlearn.exercise import Exercise\ndef answer(x):\n    return x / 2\n"
        "HALF = Exercise(answer, [(3.0,)])")


def test_each_failure_of_a_sound_notebook_has_a_hint(notebook):
    path = notebook(START, HALF, "a = 3", "print(a + 4)", "HALF.check(None)", "1 / 0")
    tally = shuffled(path, orders=5)
    assert tally.outcomes.keys() == {"ran", "hinted", "unexplained"}
    assert tally.outcomes.total() == 30
    assert all("In [6] '1 / 0': unexplained: ZeroDivisionError" in fault for fault in tally.faults)
    assert len(tally.faults) == 5


@pytest.mark.parametrize("cell, fault", [
    ("HALF.check(answer)", "a wrong ✓: ✓ answer: right in all 1 cases"),
    ("len([a])", "unexplained: NameError: name 'a' is not defined"),
    ("globals()['a'] += 'text'", "unexplained: "),
    ("import os\nos._exit(1)", "did not end: "),
])
def test_each_kind_of_fault_is_seen(cell, fault, notebook):
    tally = shuffled(notebook(START, HALF, "globals()['a'] = 3", cell), orders=4)
    assert any(f"In [4] {cell.splitlines()[0]!r}: {fault}" in words for words in tally.faults)


def test_the_same_seed_gives_the_same_orders(notebook):
    path = notebook(START, "a = 3", "print(a)", "globals()['b'] = 1", "b")
    assert str(shuffled(path, orders=3, seed=1)) == str(shuffled(path, orders=3, seed=1))
    assert str(shuffled(path, orders=3, seed=1)) != str(shuffled(path, orders=3, seed=5))
