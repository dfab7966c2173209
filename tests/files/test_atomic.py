"""A file is written completely or not at all, and what is in the way is named."""

import errno
import os
import signal

import pytest

from vidlearn.files import atomic
from vidlearn.video import VideoError


def test_it_writes_and_makes_the_folder(tmp_path):
    atomic.write(tmp_path / "new" / "a.bin", b"all")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.bin"]
    assert (tmp_path / "new" / "a.bin").read_bytes() == b"all"


def test_what_a_killed_process_left_is_replaced(tmp_path):
    (tmp_path / "a.bin.part").write_bytes(b"half of something long")
    atomic.write(tmp_path / "a.bin", b"all")
    assert (tmp_path / "a.bin").read_bytes() == b"all" and len(os.listdir(tmp_path)) == 1


@pytest.fixture
def full_disk():
    """Let no file of this process grow beyond 1000 bytes: the disk fills up during a write."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, heard)


def test_a_disk_that_fills_up_leaves_the_old_file_and_no_half_one(tmp_path, full_disk):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(OSError) as caught:
        atomic.write(path, bytes(5000))
    assert caught.value.errno == errno.EFBIG and caught.value.filename == str(path)
    assert path.read_bytes() == b"old" and len(os.listdir(tmp_path)) == 1


@pytest.mark.parametrize("wrong", [OSError(errno.ENOSPC, "No space left on device"),
                                   OSError("gone"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_whatever_stops_it_nothing_half_stays(wrong, step, tmp_path, monkeypatch):
    def stop(*_):
        raise wrong
    monkeypatch.setattr(atomic.os, step, stop)
    with pytest.raises(type(wrong)) as caught:
        atomic.write(tmp_path / "a.bin", b"all")
    assert os.listdir(tmp_path) == []
    assert isinstance(wrong, KeyboardInterrupt) or caught.value.filename == str(tmp_path / "a.bin")


@pytest.mark.parametrize("name, kind, names", [
    ("folder", IsADirectoryError, "folder"), ("file/a.bin", NotADirectoryError, "file"),
    ("file/deep/a.bin", NotADirectoryError, "file"),
])
def test_what_is_in_the_way_is_named_before(name, kind, names, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for ask in (atomic.check, lambda path: atomic.write(path, b"")):
        with pytest.raises(kind) as caught:
            ask(tmp_path / name)
        assert str(tmp_path / names) in caught.value.filename
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


def test_a_folder_that_cannot_be_written_is_named_before(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic.os, "access", lambda folder, how: folder != tmp_path)
    with pytest.raises(PermissionError) as caught:
        atomic.check(tmp_path / "new" / "a.bin")
    assert caught.value.filename == str(tmp_path) and not os.listdir(tmp_path)


def test_checking_leaves_nothing_behind(tmp_path):
    atomic.check(tmp_path / "new" / "a.bin")
    assert os.listdir(tmp_path) == []


def test_bit_by_bit_the_old_file_stays_until_the_block_has_ended(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with atomic.writing(path) as file:
        file.write(b"one ")
        assert path.read_bytes() == b"old"
        file.write(b"two")
    assert path.read_bytes() == b"one two" and len(os.listdir(tmp_path)) == 1


@pytest.mark.parametrize("wrong", [ValueError("film"), KeyboardInterrupt(), VideoError("film"),
                                   FileNotFoundError(errno.ENOENT, "No such file", "film.mp4")])
def test_an_error_in_the_block_passes_as_it_is_and_leaves_the_old_file(wrong, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(type(wrong)) as caught, atomic.writing(path) as file:
        file.write(b"half")
        raise wrong
    assert caught.value is wrong
    assert path.read_bytes() == b"old" and len(os.listdir(tmp_path)) == 1
