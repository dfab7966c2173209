"""What the reader gets of the course: without answers, up to date, and never over his own work."""

import json
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from vidlearn.course.working_copy import STATE, CourseError, HandedOut, digest, hand_out

ANSWER = "six times seven is 42"


def lesson(path, *sources, tags=()):
    """Write a recorded notebook; each cell shows the answer."""
    cells = [new_markdown_cell("# 10 · A lesson")]
    cells += [new_code_cell(source, execution_count=k, outputs=[new_output("stream", text=ANSWER)],
                            metadata={"tags": list(tags), "recorded": "0a1b"})
              for k, source in enumerate(sources, 1)]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)


def edit(path, change):
    """Change the notebook at `path` as JupyterLab would: the JSON is written anew."""
    notebook = nbformat.read(path, 4)
    change(notebook)
    nbformat.write(notebook, path)


@pytest.fixture
def course(tmp_path):
    """The files of a course with two lessons and a clip: {name: path}."""
    folder = tmp_path / "recorded"
    lesson(folder / "00_start.ipynb", "6 * 7")
    lesson(folder / "10_conv.ipynb", "conv()", "check()")
    (folder / "a.webm").write_bytes(b"clip \xff")
    return {"00_start.ipynb": folder / "00_start.ipynb", "10_conv.ipynb": folder / "10_conv.ipynb",
            "data/a.webm": folder / "a.webm"}


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "deep" / "mine"


def run_by_reader(notebook):
    """What is left of a run in JupyterLab: outputs, counts, widget state, an empty cell."""
    for k, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        cell.execution_count, cell.outputs = 40 + k, [new_output("stream", text="my own output")]
        cell.metadata["collapsed"] = False
    notebook.cells.append(new_code_cell(" \n"))
    notebook.metadata.update(widgets={"state": 1}, language_info={"name": "python", "version": "3"})


def solved(notebook):
    notebook.cells[1].source = "my answer"


def state(folder):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(folder.rglob("*")) if path.is_file()}


def test_all_of_it_is_handed_out_and_no_answer(course, mine):
    assert hand_out(course, mine).new == ["00_start.ipynb", "10_conv.ipynb", "data/a.webm"]
    assert (mine / "data/a.webm").read_bytes() == b"clip \xff"
    text = (mine / "10_conv.ipynb").read_text()
    assert ANSWER in course["10_conv.ipynb"].read_text() and ANSWER not in text
    notebook = nbformat.read(mine / "10_conv.ipynb", 4)
    nbformat.validate(notebook)
    recorded = nbformat.read(course["10_conv.ipynb"], 4)
    assert [(c.source, c.id) for c in notebook.cells] == [(c.source, c.id) for c in recorded.cells]
    assert [(c.outputs, c.execution_count, c.metadata) for c in notebook.cells[1:]] == [
        ([], None, {"tags": []})] * 2


def test_a_tag_is_handed_out_too(course, mine):
    lesson(course["10_conv.ipynb"], "1 / 0", tags=["raises-exception"])
    hand_out(course, mine)
    assert nbformat.read(mine / "10_conv.ipynb", 4).cells[1].metadata.tags == ["raises-exception"]


def test_a_second_time_touches_nothing(course, mine):
    hand_out(course, mine)
    edit(mine / "00_start.ipynb", run_by_reader)
    edit(mine / "10_conv.ipynb", solved)
    (mine / "notes.txt").write_text("mine")
    before = state(mine)
    assert hand_out(course, mine) == HandedOut()
    assert state(mine) == before


def test_to_run_a_notebook_is_no_change_and_to_edit_a_cell_is(course, mine):
    hand_out(course, mine)
    path = mine / "10_conv.ipynb"
    handed_out = digest(path)
    edit(path, run_by_reader)
    assert digest(path) == handed_out == digest(course["10_conv.ipynb"])
    for change in (solved, lambda n: n.cells.pop(2), lambda n: n.cells.reverse(),
                   lambda n: n.cells.append(new_code_cell("x = 1")),
                   lambda n: n.cells[1].metadata.update(tags=["a"]),
                   lambda n: n.cells[0].update(source="my note")):
        edit(path, change)
        assert digest(path) not in (handed_out, None)
        handed_out = digest(path)


def test_a_newer_lesson_replaces_what_was_only_run(course, mine):
    hand_out(course, mine)
    edit(mine / "10_conv.ipynb", run_by_reader)
    lesson(course["10_conv.ipynb"], "conv()", "better()")
    course["data/a.webm"].write_bytes(b"sharper")
    assert hand_out(course, mine) == HandedOut(updated=["10_conv.ipynb", "data/a.webm"])
    assert "better()" in (mine / "10_conv.ipynb").read_text()
    assert ANSWER not in (mine / "10_conv.ipynb").read_text()
    assert (mine / "data/a.webm").read_bytes() == b"sharper"


def test_a_new_recording_of_the_same_cells_is_nothing_new(course, mine):
    hand_out(course, mine)
    edit(mine / "10_conv.ipynb", run_by_reader)
    before = state(mine)
    edit(course["10_conv.ipynb"], run_by_reader)
    assert hand_out(course, mine) == HandedOut() and state(mine) == before


def test_what_the_reader_changed_is_kept_and_he_is_told_how_to_get_the_newer(course, mine):
    hand_out(course, mine)
    edit(mine / "10_conv.ipynb", solved)
    (mine / "data/a.webm").write_bytes(b"my clip")
    before = state(mine)
    lesson(course["10_conv.ipynb"], "better()")
    course["data/a.webm"].write_bytes(b"sharper")
    for _ in range(2):                                # and every time, until he gets it
        done = hand_out(course, mine)
        assert done == HandedOut(kept=["10_conv.ipynb", "data/a.webm"])
        assert state(mine) == before
    assert str(done) == (
        "0 new, 0 updated\n  kept your 10_conv.ipynb: the course has a newer one; --fresh 10 gets "
        "it and puts yours aside\n  kept your data/a.webm: the course has a newer one")


def test_fresh_puts_the_readers_copy_aside_and_deletes_nothing(course, mine):
    hand_out(course, mine)
    for number, aside in enumerate(("10_conv.mine.ipynb", "10_conv.mine-2.ipynb")):
        edit(mine / "10_conv.ipynb", solved)
        lesson(course["10_conv.ipynb"], f"better({number})")
        mines = (mine / "10_conv.ipynb").read_bytes()
        done = hand_out(course, mine, ["10"])
        assert done == HandedOut(new=["10_conv.ipynb"], aside=[aside])
        assert f"\n  put your copy aside: {aside}" in str(done)
        assert (mine / aside).read_bytes() == mines
        assert f"better({number})" in (mine / "10_conv.ipynb").read_text()
    assert hand_out(course, mine) == HandedOut()


def test_fresh_clears_the_outputs_of_a_copy_that_was_only_run(course, mine):
    hand_out(course, mine)
    clear = (mine / "10_conv.ipynb").read_bytes()
    edit(mine / "10_conv.ipynb", run_by_reader)
    assert hand_out(course, mine, ["10"]) == HandedOut(new=["10_conv.ipynb"])
    assert (mine / "10_conv.ipynb").read_bytes() == clear


def test_a_lesson_that_is_not_there_is_refused_before_anything_is_done(course, mine):
    with pytest.raises(CourseError, match="there is no lesson 11; there are 00, 10"):
        hand_out(course, mine, ["10", "11"])
    assert not mine.exists()


def test_a_course_without_lessons_removes_nothing(course, mine):
    hand_out(course, mine)
    before = state(mine)
    with pytest.raises(CourseError, match="no notebooks"):
        hand_out({"data/a.webm": course["data/a.webm"]}, mine)
    assert state(mine) == before


def test_a_lesson_that_got_another_name_leaves_no_double_and_the_readers_work_stays(course, mine):
    hand_out(course, mine)
    for name in ("10_conv", "00_start"):
        course[f"{name}_new.ipynb"] = course.pop(f"{name}.ipynb")
    edit(mine / "00_start.ipynb", solved)
    edit(mine / "10_conv.ipynb", run_by_reader)
    done = hand_out(course, mine)
    assert done == HandedOut(new=["00_start_new.ipynb", "10_conv_new.ipynb"],
                             removed=["10_conv.ipynb"])
    assert "\n  removed 10_conv.ipynb, which the course has no more" in str(done)
    assert {path.name for path in mine.glob("*.ipynb")} == {
        "00_start.ipynb", "00_start_new.ipynb", "10_conv_new.ipynb"}
    assert hand_out(course, mine) == HandedOut()


def test_a_lesson_that_the_reader_deleted_comes_back(course, mine):
    hand_out(course, mine)
    (mine / "10_conv.ipynb").unlink()
    assert hand_out(course, mine) == HandedOut(new=["10_conv.ipynb"])


def test_what_was_there_before_is_the_readers(course, mine):
    lesson(mine / "10_conv.ipynb", "my own lesson 10")
    before = (mine / "10_conv.ipynb").read_bytes()
    assert hand_out(course, mine).kept == ["10_conv.ipynb"]
    assert (mine / "10_conv.ipynb").read_bytes() == before


@pytest.mark.parametrize("damaged", [b'{"10_conv.ipynb": "ab', b"", b"[1]", b"\xff\xfe"])
def test_without_its_state_nothing_is_lost_and_what_is_equal_is_known_again(
        damaged, course, mine):
    hand_out(course, mine)
    edit(mine / "10_conv.ipynb", solved)
    mines = (mine / "10_conv.ipynb").read_bytes()
    (mine / STATE).write_bytes(damaged)
    assert hand_out(course, mine) == HandedOut(kept=["10_conv.ipynb"])
    assert (mine / "10_conv.ipynb").read_bytes() == mines
    lesson(course["00_start.ipynb"], "newer")
    assert hand_out(course, mine).updated == ["00_start.ipynb"]


@pytest.mark.parametrize("text", ['{"cells": [', "[]", '{"cells": 3}', '{"cells": [{}]}', ""])
def test_a_notebook_that_is_half_saved_is_the_readers(text, course, mine):
    hand_out(course, mine)
    (mine / "10_conv.ipynb").write_text(text)
    lesson(course["10_conv.ipynb"], "newer")
    assert hand_out(course, mine) == HandedOut(kept=["10_conv.ipynb"])
    assert (mine / "10_conv.ipynb").read_text() == text


def test_an_interruption_leaves_no_half_file_and_can_be_run_again(course, mine, monkeypatch):
    replace, done = os.replace, []

    def stops(source, target):
        if done:
            raise KeyboardInterrupt
        done.append(target)
        replace(source, target)

    monkeypatch.setattr("os.replace", stops)
    with pytest.raises(KeyboardInterrupt):
        hand_out(course, mine)
    monkeypatch.undo()
    assert [path.name for path in mine.rglob("*") if path.is_file()] == ["00_start.ipynb"]
    assert hand_out(course, mine).new == ["10_conv.ipynb", "data/a.webm"]
    assert len(json.loads((mine / STATE).read_text())) == 3


@pytest.fixture
def lock(monkeypatch):
    """A function after which no folder can be written; root, who runs tests, heeds no mode."""
    return lambda: monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)


def test_a_folder_that_cannot_be_written_serves_as_long_as_nothing_is_new(course, mine, lock):
    hand_out(course, mine)
    lock()
    assert hand_out(course, mine) == HandedOut()


def test_a_folder_that_cannot_be_written_is_named(course, mine, lock):
    hand_out(course, mine)
    lesson(course["10_conv.ipynb"], "newer")
    lock()
    with pytest.raises(PermissionError) as error:
        hand_out(course, mine)
    assert error.value.filename == str(mine)
