"""vidlearn check: the notebooks against what is stored in them."""

import pytest

from tests.cli.command import run, told
from vidlearn.course import replay


@pytest.mark.parametrize("words, says", [
    (["check", "clips"], "clips is a folder, and no notebook is in it"),
    (["check", "."], " is a folder, and no notebook"),
    (["check", "999"], "there is no notebook 999"),
    (["check", "gone.ipynb"], "there is no notebook gone.ipynb"),
])
def test_a_mistake_is_one_line_and_exits_with_1(words, says, here):
    code, said = told(*words)
    assert code == 1 and says in said


def test_check_exits_with_1_where_a_cell_differs(monkeypatch, tmp_path):
    found = {"good": replay.Verdict(3, {}), "bad": replay.Verdict(3, {2: "Cell outputs differ"})}
    monkeypatch.setattr(replay, "judge", lambda path: found[path.stem])
    assert run("check", "good.ipynb") == (0, "good: ✓ 3 cells say what is stored\n")
    code, said = run("check", "good.ipynb", "bad.ipynb")
    assert code == 1 and "bad: ✗ 1 of 3 cells differ" in said and "In [2]" in said
