"""`vidlearn check`: what a notebook says against what is stored in it."""

import os
from pathlib import Path

import nbformat
import pytest
from nbval.kernel import RunningKernel

from vidlearn.course import replay, working_copy


def test_a_notebook_that_says_what_is_stored(recorded):
    path, _ = recorded("6 * 7", ("1 / 0", "raises-exception"))
    assert str(replay.judge(path)) == "✓ 2 cells say what is stored"


def test_a_cell_that_differs_is_shown_with_both_texts(recorded):
    path, _ = recorded("x = 1", "print(x + 41)", "[x, 2]", "weight = 1\nweight / (x - 1 + 1)")
    text = path.read_text()
    for stored, altered in [('"42\\n"', '"43\\n"'), ('"weight / (x - 1 + 1)"', '"1 / 0"')]:
        assert stored in text
        text = text.replace(stored, altered)
    path.write_text(text)
    said = str(replay.judge(path))
    assert said.startswith("✗ 2 of 4 cells differ from what is stored\n  In [2]  Cell outputs")
    assert "now     42" in said and "stored  43" in said
    assert "In [4]  Cell execution caused an exception\n    ZeroDivisionError: division by" in said
    assert "\x1b" not in said and "Traceback" not in said


def test_a_kernel_that_dies_is_noticed_where_it_died_and_not_by_waiting(recorded):
    path, _ = recorded("x = 1", "x + 1", "x + 2", "x + 3")
    text = path.read_text()
    assert text.count('"x + 2"') == 1
    path.write_text(text.replace('"x + 2"', '"__import__(\'os\')._exit(3)"'))
    assert str(replay.judge(path)) == (
        "✗ 1 of 4 cells differ from what is stored\n"
        "  In [3]  The kernel died; did it run out of memory?\n"
        "  not run after that: 1")


def test_every_pytest_in_a_checkout_notices_that_and_only_if_it_runs_notebooks(pytestconfig):
    assert pytestconfig.pluginmanager.hasplugin("vidlearn.course.replay")
    looks = RunningKernel.get_message.__qualname__.startswith("_while_alive")
    assert looks == pytestconfig.getoption("nbval")


def test_a_home_that_cannot_be_written_changes_no_cell(recorded, monkeypatch):
    path, _ = recorded("import matplotlib.pyplot as plt\nfrom pathlib import Path\n"
                       "plt.figure().canvas.draw()\nPath.home().name")
    text = path.read_text()
    path.write_text(text.replace(f'"\'{Path.home().name}\'"', '"\'nobody\'"'))
    assert path.read_text() != text                   # or the home would not have been another
    monkeypatch.setenv("HOME", f"{os.devnull}/nobody")
    for name in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert str(replay.judge(path)) == "✓ 1 cells say what is stored"


CHECKED = ("from vidlearn.course.exercise import Exercise\n"
           "def half(x):\n    return x / 2\nHALF = Exercise(half, [(3.0,)])")
BLANK = "def half(x):\n    raise NotImplementedError"


@pytest.fixture
def copied(recorded, monkeypatch, tmp_path):
    """A recorded lesson, and the reader's copy of it; returns a function that makes both."""
    def make(*cells):
        path, _ = recorded(*cells)
        (tmp_path / "course/notebooks").mkdir(parents=True)
        path = path.rename(tmp_path / "course/notebooks" / path.name)
        monkeypatch.setattr("vidlearn.course.lab.course", lambda: tmp_path / "course")
        working_copy.hand_out({path.name: path}, tmp_path / "mine")
        return path, tmp_path / "mine" / path.name
    return make


def rewrite(path, changes):
    """Give code cells of a notebook other sources: {place: source}; None adds one at the end."""
    notebook = nbformat.read(path, 4)
    for place, source in changes.items():
        if place is None:
            notebook.cells.append(nbformat.v4.new_code_cell(source))
        else:
            notebook.cells[place].source = source
    nbformat.write(notebook, path)


def test_a_copy_without_outputs_is_compared_with_the_recorded_lesson(copied):
    path, copy = copied("x = 6", "print(x * 7)", "x")
    assert "42" not in copy.read_text()
    assert str(replay.judge(copy)) == "✓ 3 cells say what is stored"
    path.write_text(path.read_text().replace('"42\\n"', '"43\\n"'))
    assert str(replay.judge(copy)) == (
        "✗ 1 of 3 cells differ from what is stored\n  In [2]  print(x * 7)\n"
        "    Cell outputs differ\n    now     42\n    stored  43")


def test_cells_that_the_reader_wrote_only_have_to_run(copied):
    _, copy = copied("x = 6", "print(x * 7)", "print('same')")
    rewrite(copy, {1: "print(x * 8)", None: "print('mine')"})
    rewrite(copy, {None: " "})
    said = str(replay.judge(copy))
    assert said == ("✓ 3 cells say what is stored\n"
                    "  yours, run and not compared: In [2], In [4]")
    rewrite(copy, {1: "print(x * eight)"})
    said = str(replay.judge(copy))
    assert said.startswith("✗ 1 of 5 cells differ from what is stored\n  In [2]  print(x * eight)")
    assert "NameError: name 'eight' is not defined" in said


def test_what_a_changed_cell_changes_further_down_is_shown(copied):
    _, copy = copied("x = 6", "print('same')", "print(x * 7)")
    rewrite(copy, {0: "x = 5"})
    verdict = replay.judge(copy)
    assert list(verdict.differ) == [3] and verdict.own == [1]
    assert "now     35\n    stored  42" in str(verdict)


@pytest.mark.parametrize("answer, is_right", [("return x / 2", True), ("return x", False)])
def test_the_check_of_an_answer_has_to_find_it_right(answer, is_right, copied):
    _, copy = copied(CHECKED, BLANK, "HALF.check(half)", "print('same')")
    assert replay.judge(copy) == replay.Verdict(4, {})
    rewrite(copy, {1: f"def half(x):\n    {answer}"})
    verdict = replay.judge(copy)
    assert verdict.own == [2, 3] and list(verdict.differ) == ([] if is_right else [3])
    assert ("it gave 3, should be 1.5" in str(verdict)) != is_right


def test_a_copy_keeps_the_tags_that_let_a_cell_fail_or_differ(copied):
    _, copy = copied(("1 / 0", "raises-exception"), ("id(object())", "nbval-ignore-output"))
    assert replay.judge(copy) == replay.Verdict(2, {})


def test_a_copy_that_was_put_aside_is_a_copy_too(copied):
    path, copy = copied("print(6 * 7)")
    aside = copy.rename(copy.with_name("90_tiny.mine.ipynb"))
    assert replay.judge(aside) == replay.Verdict(1, {})


def test_a_notebook_that_nobody_has_run_is_not_said_to_agree(notebook):
    assert str(replay.judge(notebook("print(6 * 7)", "x = 1"))) == (
        "✓ 0 cells say what is stored\n  yours, run and not compared: In [1], In [2]")


def test_a_notebook_of_the_readers_own_is_compared_with_itself(copied, recorded):
    copied("print(6 * 7)")
    path, _ = recorded("print(1)", name="91_mine.ipynb")
    assert replay.judge(path) == replay.Verdict(1, {})
    rewrite(path, {0: "print(2)"})
    assert list(replay.judge(path).differ) == [1]


@pytest.mark.parametrize("name, content, words", [
    ("gone.ipynb", None, "there is no notebook gone.ipynb in"),
    ("notes.txt", "text", "there is no notebook notes.txt in"),
    ("torn.ipynb", '{"cells": [', "torn.ipynb is not a notebook: "),
    ("other.ipynb", "{}", "other.ipynb is not a notebook: "),
])
def test_what_is_not_a_notebook_is_refused(name, content, words, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(replay.NotebookError, match=words):
        replay.judge(tmp_path / name)


def test_a_notebook_without_code_cannot_be_judged(notebook):
    with pytest.raises(replay.NotebookError, match="cannot be run: .*no tests ran"):
        replay.judge(notebook())


def test_notebooks_are_found_by_number_or_by_path(tmp_path, monkeypatch):
    for name in ("course/24_conv3d", "course/00_start", "mine/24_conv3d", "mine/24_conv3d.mine"):
        path = tmp_path / f"{name.replace('/', '/notebooks/')}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.setattr("vidlearn.course.lab.course", lambda: tmp_path / "course")
    monkeypatch.chdir(tmp_path)
    assert [p.stem for p in replay.find([])] == ["00_start", "24_conv3d"]
    assert [p.stem for p in replay.find(["24", "other/x.ipynb"])] == ["24_conv3d", "x"]
    monkeypatch.chdir(tmp_path / "mine")              # a copy goes before the course
    assert replay.find([]) == [tmp_path / "mine/notebooks/24_conv3d.ipynb"]
