"""The folders of the lessons, where one may not even look."""

import os
from pathlib import Path

from vidlearn.doctor import space


def test_a_home_that_one_may_not_look_into(broken):
    def denied(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))
    for name in ("exists", "glob"):
        broken.patch(Path, name, denied)
    broken.patch(os, "access", lambda path, mode: False)
    assert not space.writable(Path.home() / "none/at/all") and space.lesson_folders() == []


def test_the_readers_copy_in_a_checkout_is_a_folder_of_lessons(tmp_path, monkeypatch):
    for name in ("course", "notebooks", "data"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ("a.webm" if name == "data" else "00_start.ipynb")).touch()
    monkeypatch.setattr(space, "ROOT", tmp_path)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.chdir(tmp_path / "data")
    assert space.lesson_folders() == [tmp_path / "course", tmp_path / "notebooks"]
