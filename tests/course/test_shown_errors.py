"""A notebook shows a refusal in short and any other error in full, and loses nothing of either."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from vidlearn.checks import ArgumentError
from vidlearn.course import lesson, shown_errors
from vidlearn.course.shown_errors import WHOLE, own_frames

START = "from vidlearn.course import lesson\nlesson.start('90')"
REFUSED = "def mine():\n    lesson.data(3)\nmine()"
FAULT = ("def fault():\n    raise TypeError('a typo')\n"
         "lesson.lab.course, kept = fault, lesson.lab.course\ntry:\n    lesson.data('a.webm')\n"
         "finally:\n    lesson.lab.course = kept")
UNDEFINED = ("kept = lesson.__dict__.pop('lab')\ntry:\n    lesson.data('a.webm')\n"
             "finally:\n    lesson.lab = kept")


@pytest.fixture
def shown(notebook):
    """Run cells in a kernel; return what each shows: the text of its error, or what it prints."""
    def run(*sources):
        path = notebook(START, *sources)
        cells = nbformat.read(path, 4).cells
        client = NotebookClient(nbformat.v4.new_notebook(cells=cells), allow_errors=True,
                                resources={"metadata": {"path": path.parent}})
        with client.setup_kernel():
            for number, cell in enumerate(cells):
                client.execute_cell(cell, number)
        return [text(cell) for cell in cells[1:]]
    return run


def text(cell):
    [output] = cell.outputs or [{}]
    lines = output["traceback"] if "traceback" in output else [output.get("text", "")]
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(lines))


def test_a_refusal_shows_the_readers_lines_and_the_message_and_nothing_of_the_package(shown):
    [refused] = shown(REFUSED)
    assert "lesson.data(3)" in refused and "mine()" in refused
    assert "ArgumentError: " in refused and "lesson.py" not in refused
    assert "wrapper.py" not in refused and refused.endswith(WHOLE)


def test_how_to_see_all_of_it_is_said_once(shown):
    first, second = shown(REFUSED, "mine()")
    assert WHOLE in first and "ArgumentError" in second and WHOLE not in second


def test_all_of_it_is_one_call_away(shown):
    _, whole = shown(REFUSED, "lesson.traceback()")
    assert "mine()" in whole and "wrapper.py" in whole and "ArgumentError: " in whole


def test_any_other_error_shows_every_line_it_came_through(shown):
    [fault] = shown(FAULT)
    assert "lesson.data('a.webm')" in fault and "lesson.py" in fault
    assert "TypeError: a typo" in fault and WHOLE not in fault


def test_no_cell_is_named_for_a_name_that_is_missing_in_the_package(shown):
    fault, _ = shown(UNDEFINED, "lab = 3")
    assert "NameError" in fault and "lesson.py" in fault and "is defined in" not in fault


def test_an_error_that_looks_after_itself_is_shown_as_it_wants(shown):
    [wrong] = shown("from vidlearn.course.exercise import WrongAnswer\nraise WrongAnswer('half')")
    assert wrong == "✗ half"


def refusal():
    """A refusal that came through a cell and through this package, with a note and a cause."""
    cell = {"refuse": refuse}
    try:
        exec(compile("refuse()", "a cell", "exec"), cell)
    except ArgumentError as error:
        return error, cell


def refuse():
    try:
        shown_errors.own_frames(3, {})
    except AttributeError as cause:
        error = ArgumentError("size must be a number")
        error.add_note("in refuse()")
        raise error from cause


def test_the_error_itself_is_left_as_it_is(monkeypatch):
    error, cell = refusal()
    trace, cause, steps = error.__traceback__, error.__cause__, []
    shell = InteractiveShell(user_ns=cell, colors="nocolor")
    said = []
    monkeypatch.setattr(shell, "_showtraceback", lambda *words: said.append(words))
    shown_errors.ShownErrors(shell, Path).show(shell, type(error), error, trace)
    while trace:
        steps.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert steps == ["refusal", "<module>", "refuse"] and error.__cause__ is cause
    assert error.__notes__ == ["in refuse()"] and not hasattr(error, "_render_traceback_")
    assert said[0][1] is error and "AttributeError" not in "".join(said[0][2])


def test_own_are_the_frames_of_cells_and_of_the_readers_files():
    error, cell = refusal()
    own = own_frames(error.__traceback__, cell)
    names = []
    while own:
        names.append(own.tb_frame.f_code.co_name)
        own = own.tb_next
    assert names == ["refusal", "<module>", "refuse"]         # this file is not installed


def test_a_traceback_of_the_package_alone_has_no_frame_of_the_readers():
    try:
        own_frames(3, {})
    except AttributeError as error:
        assert own_frames(error.__traceback__.tb_next, {}) is None


def test_in_plain_python_the_last_traceback_is_printed(monkeypatch, capsys):
    monkeypatch.delattr(sys, "last_value", raising=False)
    lesson.traceback()
    monkeypatch.setattr(sys, "last_value", refusal()[0], raising=False)
    lesson.traceback()
    said = capsys.readouterr().out
    assert said.startswith("There has been no error.\n") and "in refuse()" in said
    assert "size must be a number" in said and "shown_errors.py" in said
