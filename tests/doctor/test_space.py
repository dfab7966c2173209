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
