"""vidlearn lab: in place or in a copy of one's own."""

import pytest

from tests.cli.command import run, told
from vidlearn.course import lab


@pytest.mark.parametrize("words, says", [
    (["lab", "notes.txt"], "File exists: notes.txt"),
    (["lab", "notes.txt/x"], "Not a directory: notes.txt/x"),
])
def test_a_mistake_is_one_line_and_exits_with_1(words, says, here):
    code, said = told(*words)
    assert code == 1 and says in said


@pytest.fixture
def opened(monkeypatch):
    """Where JupyterLab would have been started."""
    folders = []
    monkeypatch.setattr(lab, "start", lambda folder, browser: folders.append(folder) or 0)
    return folders


def test_lab_opens_a_checkout_in_place(opened):
    assert run("lab") == (0, "")
    assert opened == [lab.course()]


def test_lab_copies_to_the_folder_that_is_named(opened, tmp_path, monkeypatch):
    (tmp_path / "course/notebooks").mkdir(parents=True)
    (tmp_path / "course/notebooks/00_start.ipynb").write_text("start")
    monkeypatch.setattr(lab, "course", lambda: tmp_path / "course")
    mine = tmp_path / "mine"
    code, said = run("lab", mine)
    assert code == 0 and "1 new files, 0 updated" in said and opened == [mine]
    (mine / "notebooks/00_start.ipynb").write_text("my notes")
    assert "kept your notebooks/00_start.ipynb" in run("lab", mine)[1]


def test_lab_into_a_file_is_a_users_mistake(opened, tmp_path):
    (tmp_path / "file").touch()
    code, said = run("lab", tmp_path / "file")
    assert code == 1 and "File exists" in said
