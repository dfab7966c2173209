"""vidlearn lab: a copy of one's own, in the checkout or elsewhere."""

import json

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


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A course with one lesson."""
    root = tmp_path / "checkout"
    (root / "notebooks").mkdir(parents=True)
    (root / "data").mkdir()
    monkeypatch.setattr(lab, "course", lambda: root)
    write(root / "notebooks/10_conv.ipynb", "conv()")
    return root


def write(path, source):
    cell = {"cell_type": "code", "source": source, "metadata": {}, "execution_count": None,
            "outputs": [], "id": "a"}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4,
                                "nbformat_minor": 5}))


def test_lab_opens_a_copy_in_the_checkout(opened, checkout):
    assert run("lab") == (0, f"{checkout / 'course'}: 1 new, 0 updated\n")
    assert opened == [checkout / "course"] and (checkout / "course/10_conv.ipynb").exists()


def test_lab_keeps_what_the_reader_changed_until_a_fresh_one_is_asked_for(
        opened, checkout, tmp_path):
    mine = tmp_path / "mine"
    assert "1 new, 0 updated" in run("lab", mine)[1]
    write(mine / "notebooks/10_conv.ipynb", "my answer")
    write(checkout / "notebooks/10_conv.ipynb", "better()")
    assert "kept your notebooks/10_conv.ipynb" in run("lab", mine)[1]
    code, said = run("lab", mine, "--fresh", "10")
    assert code == 0 and "put your copy aside: notebooks/10_conv.mine.ipynb" in said
    assert "my answer" in (mine / "notebooks/10_conv.mine.ipynb").read_text()
    assert "better()" in (mine / "notebooks/10_conv.ipynb").read_text()
    assert opened == [mine] * 3


def test_a_lesson_that_does_not_exist_is_a_users_mistake(opened, checkout):
    code, said = run("lab", "--fresh", "99")
    assert code == 1 and "there is no lesson 99; there are 10" in said and opened == []


def test_lab_into_a_file_is_a_users_mistake(opened, tmp_path):
    (tmp_path / "file").touch()
    code, said = run("lab", tmp_path / "file")
    assert code == 1 and "File exists" in said
