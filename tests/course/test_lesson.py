"""What a notebook starts with: print options, the data folder, a hint for a missing name."""

from pathlib import Path

import numpy as np
import pytest

from vidlearn.course import lesson
from vidlearn.datasets import real


def test_start_says_one_line_and_sets_how_arrays_print(capsys):
    with np.printoptions():
        lesson.start("24")
        assert str(np.array([1 / 3, 1e-9])) == "[0.3333 0.    ]"
    assert capsys.readouterr().out == "Lesson 24 is ready. Shift+Enter runs a cell.\n"


def test_a_cell_run_too_early_says_so_and_still_fails(recorded):
    _, cells = recorded(
        "from vidlearn.course import lesson\nlesson.start('90')",
        ("print(weight)", "raises-exception"), "weight = 3", ("wieght", "raises-exception"))
    error, typo = cells[1].outputs[0], cells[3].outputs[0]
    assert error.ename == "NameError"
    assert "`weight` is defined in the cell that begins   weight = 3" in "".join(error.traceback)
    assert typo.ename == "NameError" and "is defined in" not in "".join(typo.traceback)


def test_the_notebook_that_runs_is_read_and_not_another_of_its_number(
        notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert lesson._notebook("90") == Path()
    path, copy = notebook("x = 1"), notebook("x = 2", name="90_copy.ipynb")
    assert lesson._notebook("90") == copy
    for running, read in [(path, path), (tmp_path / "90_gone.ipynb", copy),
                          (notebook("x", name="91_other.ipynb"), copy)]:
        monkeypatch.setenv("JPY_SESSION_NAME", str(running))
        assert lesson._notebook("90") == read


def test_a_wrong_answer_has_no_traceback(recorded):
    _, cells = recorded(
        "from vidlearn.course.exercise import Exercise\ndef half(x):\n    return x / 2\n"
        "HALF = Exercise(half, [(3.0,)])",
        ("def mine(x):\n    print('try')\n    return x\nHALF.check(mine)", "raises-exception"))
    printed, error = cells[1].outputs
    assert printed.text == "try\n"
    assert error.traceback == ["✗ half: wrong in case 1 of 1\n  called with x 3.0\n"
                               "  it gave 3, should be 1.5"]


def test_data_is_found_in_the_copied_course_first(tmp_path, monkeypatch):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        (folder / "data").mkdir(parents=True)
        (folder / "notebooks").mkdir()
        (folder / "data" / "both.webm").touch()
    (ours / "data" / "ours.webm").touch()
    monkeypatch.setattr("vidlearn.course.lab.course", lambda: ours)
    monkeypatch.chdir(theirs / "notebooks")
    assert lesson.data("both.webm") == theirs / "data" / "both.webm"
    assert lesson.data("ours.webm") == ours / "data" / "ours.webm"
    with pytest.raises(FileNotFoundError, match=r"no 'c.webm' .* \['both.webm', 'ours.webm'\]"):
        lesson.data("c.webm")


def test_a_real_clip_shows_where_it_was_fetched_and_not_in_a_test(tmp_path, monkeypatch):
    monkeypatch.setattr(real, "_folder", lambda: tmp_path)
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "bikes.mp4").write_bytes(b"frames")
    assert lesson.real("bikes.mp4") is None
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert lesson.real("bikes.mp4") == str(tmp_path / "scenes" / "bikes.mp4")
    assert lesson.real("demo.mp4") is None            # known, and not fetched
