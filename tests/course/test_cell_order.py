"""Cells that did not run in their order: which defines a missing name, which took a name over."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

from vidlearn.course.cell_order import (
    ABOVE,
    Cell,
    code_cells,
    missing,
    replaced,
    skipped,
    unfinished,
)


def cells(*sources):
    return [Cell(source, f"id-{k}") for k, source in enumerate(sources)]


@pytest.mark.parametrize("source", [
    "weight = 1", "a, weight = 1, 2", "def weight(): pass", "class weight: pass",
    "import numpy as weight", "from numpy import ones as weight", "for weight in range(3): pass",
    "with open('a') as weight: pass", "(weight := 3)",
])
def test_the_cell_that_defines_a_name_is_found(source):
    assert missing("weight", cells("import numpy as np", source)) == (
        f"`weight` is defined in the cell that begins   {source}\n{ABOVE}")


@pytest.mark.parametrize("source", [
    "print(weight)", "def f():\n    weight = 1", "x.weight = 2", "%magic weight = 1", "", "a = \0",
])
def test_a_name_that_no_cell_defines_has_no_hint(source):
    assert missing("weight", cells(source)) == ""


LESSON = cells("import numpy as np", "x = np.ones(3)", "for x in (1, 2):\n    pass", "len(x)",
               "x = x + 1\nlen(x)")


@pytest.mark.parametrize("running, maker, wanted", [
    (3, 1, 2), (1, None, None), (3, 2, None), (3, 4, 2), (4, 1, 2), (4, 4, None),
])
def test_a_name_that_another_cell_defined_last_is_told(running, maker, wanted):
    made = {} if maker is None else {"x": LESSON[maker], "y": LESSON[0]}
    words = replaced(LESSON[running], LESSON, made)
    assert words == ("" if wanted is None else (
        f"`x` was last defined in the cell that begins   {LESSON[maker].first}\n"
        f"It should come from the cell that begins   {LESSON[wanted].first}\n{ABOVE}"))


def test_a_cell_of_the_readers_own_takes_a_name_over_too():
    mine = Cell("x = 5", "new")
    assert "last defined in the cell that begins   x = 5\n" in replaced(
        LESSON[3], LESSON, {"x": mine})
    assert replaced(Cell("len(x)", "newer"), LESSON, {"x": mine}) == ""


def test_a_cell_that_was_changed_is_the_same_cell():
    changed = Cell("for x in (7,): pass", LESSON[2].identity)
    assert replaced(LESSON[3], LESSON, {"x": changed}) == ""
    assert Cell("x") == Cell("x", "id-0") and Cell("x", "a") != Cell("x", "b")


def test_a_name_of_a_cell_that_stopped_half_way_is_told():
    made = {"x": LESSON[1], "np": LESSON[0]}
    assert unfinished(LESSON[3], made, [LESSON[1]]) == (
        "`x` is defined in the cell that begins   x = np.ones(3)\n"
        f"That cell stopped with an error before its end. {ABOVE}")
    assert unfinished(LESSON[3], made, [LESSON[0]]) == ""            # it uses no np
    assert unfinished(LESSON[3], made, []) == ""
    assert unfinished(LESSON[1], made, [LESSON[1]]) == ""            # it is that cell itself


def test_a_cell_above_that_has_not_run_is_told():
    words = f"This cell above has not run yet:   x = np.ones(3)\n{ABOVE}"
    changed = Cell("import numpy", LESSON[0].identity)
    assert skipped(LESSON[3], LESSON, [changed, LESSON[3], LESSON[2]]) == words
    assert skipped(LESSON[3], LESSON, LESSON[:4]) == ""
    assert skipped(LESSON[0], LESSON, [LESSON[0]]) == ""
    assert skipped(Cell("len(x)", "new"), LESSON, []) == ""
    assert skipped(Cell(LESSON[3].source), LESSON, []) == ""         # changed cells look alike


@pytest.mark.parametrize("text", [
    "", "{", "[]", '{"cells": 3}', '{"cells": [{"cell_type": "code"}]}',
])
def test_a_notebook_that_cannot_be_read_has_no_cells(text, tmp_path):
    (tmp_path / "90_half.ipynb").write_text(text)
    assert code_cells(tmp_path / "90_half.ipynb") == []
    assert code_cells(tmp_path) == code_cells(tmp_path / "91.ipynb") == []


def test_the_code_cells_of_a_notebook_are_read(tmp_path):
    (tmp_path / "90.ipynb").write_text(json.dumps({"cells": [
        {"cell_type": "markdown", "source": ["x = 1"]},
        {"cell_type": "code", "source": ["x = 1\n", "y = 2"], "id": "a"}]}))
    assert code_cells(tmp_path / "90.ipynb") == [Cell("x = 1\ny = 2", "a")]


def test_in_a_kernel_the_words_stand_under_the_error(notebook):
    path = notebook("from vidlearn.course import lesson\nlesson.start('90')",
                    "x = 'three'", "len(x)",
                    "x = None\nraise KeyError('half way')", "def f():\n    x += 1\nf()")
    cells = nbformat.read(path, 4).cells
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), allow_errors=True,
                            resources={"metadata": {"path": path.parent}})
    with client.setup_kernel():
        for number in (0, 3, 2, 4):
            client.execute_cell(cells[number], number)
    half, early, local = ("".join(cells[k].outputs[0].traceback) for k in (3, 2, 4))
    assert "TypeError" in early and early.endswith(
        "`x` was last defined in the cell that begins   x = None\n"
        f"It should come from the cell that begins   x = 'three'\n{ABOVE}")
    assert "UnboundLocalError" in local and "is defined in" not in local + half
    assert "KeyError" in half and "was last defined" not in half


def test_a_wrong_answer_is_not_blamed_on_a_cell_that_has_nothing_to_do_with_it():
    cells = [Cell("problems = report()", "a"), Cell("def f(x):\n    return x", "b"),
             Cell("EXERCISE.check(f)", "c")]
    assert skipped(cells[2], cells, cells[1:]) == ""
    assert skipped(cells[2], cells, [cells[2]]) == (
        f"This cell above has not run yet:   def f(x):\n{ABOVE}")


@pytest.mark.parametrize("change", ["found.append(3)", "found[0] = 3", "found.size = 3"])
def test_a_cell_that_changes_what_is_used_here_is_told(change):
    cells = [Cell("import found as module", "a"), Cell("found = []", "b"), Cell(change, "c"),
             Cell("module.start()", "d"), Cell("found[0] + module.x", "e")]
    assert skipped(cells[4], cells, [cells[0], cells[1], cells[4]]) == (
        f"This cell above has not run yet:   {change}\n{ABOVE}")
    assert skipped(cells[4], cells, [cells[1], cells[2], cells[4]]) == ""
