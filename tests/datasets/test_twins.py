"""The same clip in two classes, or in two parts of a split, is seen."""

import pytest

from vidlearn.datasets.folder import Folder
from vidlearn.datasets.layout import Found
from vidlearn.datasets.twins import END, twins


def put(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


@pytest.mark.parametrize("files, first", [
    ({"a/0.mp4": b"one", "b/1.mp4": b"one"}, "a/0.mp4 and b/1.mp4"),
    ({"a/0.mp4": b"one", "a/1.mp4": b"one", "b/2.mkv": b"one"}, "a/0.mp4 and b/2.mkv"),
    ({"train/a/0.mp4": b"one", "train/b/1.mp4": b"two", "test/a/2.mp4": b"one"},
     "test/a/2.mp4 and train/a/0.mp4"),
])
def test_a_clip_that_is_there_twice_is_said(tmp_path, files, first):
    with pytest.warns(UserWarning, match=f": 1 clips are in two classes or parts.*{first}"):
        Folder(put(tmp_path, files))


@pytest.mark.parametrize("change", [0, END, 2 * END, 3 * END - 1])
def test_files_of_one_length_that_differ_anywhere_are_two(tmp_path, change):
    data = bytearray(3 * END)
    put(tmp_path, {"a/0.mp4": bytes(data)})
    data[change] = 1
    put(tmp_path, {"b/0.mp4": bytes(data)})
    assert twins([Found(tmp_path / "a/0.mp4", "a"), Found(tmp_path / "b/0.mp4", "b")]) == []


def test_a_copy_in_the_same_class_and_empty_files_are_no_news(tmp_path):
    put(tmp_path, {"a/0.mp4": b"one", "a/1.mp4": b"one", "a/2.mp4": b"", "b/3.mp4": b""})
    assert twins([Found(tmp_path / name, name[0]) for name in
                  ("a/0.mp4", "a/1.mp4", "a/2.mp4", "b/3.mp4")]) == []
    assert twins([Found(tmp_path / "gone.mp4", "a"), Found(tmp_path / "a/0.mp4", "b")]) == []
