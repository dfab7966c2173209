"""The cache of decoded clips: decoded once, limited in size, and free of unfinished files."""

import os
import time

import numpy as np
import pytest

from tests.datasets.conftest import COUNT
from tools import numbered_frames
from vidlearn import video
from vidlearn.datasets.cache import Cache
from vidlearn.datasets.folder import Folder
from vidlearn.video import sample


@pytest.fixture
def reads(monkeypatch):
    """How often a video is decoded."""
    real, calls = video.read, []
    monkeypatch.setattr(video, "read", lambda *a, **k: calls.append(a) or real(*a, **k))
    return calls


def test_a_clip_is_decoded_once(folder, reads):
    first, second, other = folder[0][0], folder[0][0], folder[1][0]
    np.testing.assert_array_equal(first, second)
    assert len(reads) == 2 and other.shape == first.shape


def test_another_size_is_decoded_again(class_folders, cache, reads):
    assert Folder(class_folders, size=8, cache=cache)[0][0].shape[2:] == (8, 8)
    assert Folder(class_folders, size=10, cache=cache)[0][0].shape[2:] == (10, 10)
    assert len(reads) == 2


def test_a_changed_file_is_decoded_again(tmp_path, cache, reads):
    path = tmp_path / "a.mkv"
    for count in (4, 5):
        frames = np.stack([numbered_frames.picture(i) for i in range(count)])
        video.write(path, frames, 10, overwrite=True)
        assert len(cache.frames(path, (8, 8))) == count
    assert len(reads) == 2


def test_an_unfinished_file_is_decoded_again(folder, reads):
    before = folder[0][0]
    kept, = folder.cache.folder.glob("*.npy")
    for length in (0, 50, 2000):
        kept.write_bytes(kept.read_bytes()[:length])
        np.testing.assert_array_equal(folder[0][0], before)
    assert len(reads) == 4


def test_no_unfinished_file_is_kept(folder, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(np, "save", full)
    with pytest.warns(UserWarning, match="no more decoded clips are kept.*no space left"):
        assert folder[0][0].shape == (3, 6, 16, 64)
    assert list(folder.cache.folder.iterdir()) == []


def test_an_unfinished_file_of_a_killed_process_is_deleted_after_a_day(class_folders, cache):
    cache.folder.mkdir()
    young, old = cache.folder / "a.1.part", cache.folder / "b.2.part"
    for part, age in ((young, 3600), (old, 2 * 86400)):
        part.write_bytes(bytes(99))
        os.utime(part, (time.time() - age,) * 2)
    assert cache.used() == 198
    _ = Folder(class_folders, frames=2, size=8, cache=cache)[0]
    assert young.exists() and not old.exists()
    cache.clear()
    assert not list(cache.folder.iterdir())


def test_another_process_may_delete_a_file(folder, recwarn, monkeypatch):
    _ = folder[0]
    kept, = folder.cache.folder.iterdir()
    stat = type(kept).stat

    def vanish(path, **options):
        if path == kept:
            raise FileNotFoundError(2, "No such file", str(path))
        return stat(path, **options)
    monkeypatch.setattr(type(kept), "stat", vanish)
    _ = folder[1]
    monkeypatch.undo()
    assert len(list(folder.cache.folder.iterdir())) == 2 and not recwarn.list


def test_its_size_is_limited_and_it_can_be_cleared(class_folders, tmp_path, reads):
    one = COUNT * 16 * 64 * 3 + 200
    cache = Cache(tmp_path / "small", limit=2 * one)
    data = Folder(class_folders, size=(16, 64), cache=cache)
    with pytest.warns(UserWarning, match="it holds 0.0 GiB; Cache"):
        clips = [data[i][0] for i in range(6)]
    assert len(clips) == 6 and one < cache.used() <= 2 * one
    cache.clear()
    assert cache.used() == 0 and len(reads) == 6


def test_it_need_not_be_writable(class_folders, tmp_path):
    (tmp_path / "file").touch()
    data = Folder(class_folders, frames=2, size=8, cache=Cache(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match="no more decoded clips are kept"):
        assert data[0][0].shape == (3, 2, 8, 8)


def test_it_is_in_the_users_cache_folder():
    assert {"vidlearn", "clips"} <= set(Cache().folder.parts)


class TestDamaged:
    """A film that is cut off: 24 frames, of which some are left."""

    @pytest.fixture
    def cut(self, class_folders, tmp_path):
        data = (class_folders / "walk" / "v_walk_g01_c01.mkv").read_bytes()
        path = tmp_path / "cut.mkv"
        path.write_bytes(data[:len(data) * 6 // 10])
        return path

    def test_what_is_left_is_decoded_once_and_only_for_who_allows_it(self, cut, cache, reads):
        for _ in range(2):
            with pytest.raises(video.VideoError, match="of 24 declared frames were decoded"):
                cache.frames(cut, (16, 64))
            frames = cache.frames(cut, (16, 64), allow_damaged=True)
            assert numbered_frames.numbers(frames) == list(range(len(frames)))
            assert 0 < len(frames) < COUNT
        assert len(reads) == 4                        # refused, refused and taken; refused; kept
        assert len(list(cache.folder.iterdir())) == 1

    def test_a_healthy_film_is_kept_once(self, class_folders, cache, reads):
        path = class_folders / "walk" / "v_walk_g01_c01.mkv"
        for allow in (True, False, True):
            assert len(cache.frames(path, (16, 64), allow_damaged=allow)) == COUNT
        assert len(reads) == 1

    def test_a_long_one_is_thinned(self, cut, cache, monkeypatch):
        left = video.read(cut, strict=False, size=(16, 64))
        monkeypatch.setattr("vidlearn.datasets.cache.LONG", 5 * 16 * 64 * 3)
        for _ in range(2):
            frames = cache.frames(cut, (16, 64), 3, allow_damaged=True)
            np.testing.assert_array_equal(frames, left.frames[sample.uniform(len(left), 3)])
        with pytest.raises(video.VideoError, match="declared frames"):
            cache.frames(cut, (16, 64), 3)

    def test_a_file_of_which_nothing_is_left_is_an_error(self, tmp_path, cache):
        for path in (tmp_path / "gone.mkv", tmp_path / "text.mkv"):
            (tmp_path / "text.mkv").write_text("nothing")
            with pytest.raises(video.VideoError, match="no such file|not a video"):
                cache.frames(path, (16, 64), allow_damaged=True)
        assert not cache.folder.exists()


class TestLongFilms:
    """More bytes than a clip may take: here, a few frames."""

    @pytest.fixture
    def film(self, tmp_path):
        root = tmp_path / "root"
        (root / "a").mkdir(parents=True)
        video.write(root / "a" / "long.mkv",
                    np.stack([numbered_frames.picture(i) for i in range(200)]), 10)
        return root

    @pytest.fixture(params=[1, 3, 40, 199])
    def short(self, request, monkeypatch):
        """So many frames of 16x64 may be held."""
        monkeypatch.setattr("vidlearn.datasets.cache.LONG", request.param * 16 * 64 * 3 + 5)
        return request.param

    @pytest.mark.parametrize("count", [1, 5, 16])
    def test_its_frames_are_those_of_the_whole_film(self, film, cache, short, count):
        data = Folder(film, frames=count, size=(16, 64), cache=cache)
        expected = video.to_tensor(video.read(data.items[0].path, count=count,
                                              size=(16, 64)).frames)
        for _ in range(2):                                       # decoded, and from the cache
            np.testing.assert_array_equal(data[0][0], expected)
        kept, = cache.folder.iterdir()
        held = len(np.load(kept))
        assert held % count == 0 and held <= max(count, short) and not data.scan()

    def test_a_draw_takes_one_frame_of_each_part(self, film, cache, short):
        data = Folder(film, frames=5, size=(16, 64), cache=cache, augment=None)
        for seed in range(3):
            clip = data.draw(0, np.random.default_rng(seed))[0]
            frames = np.rint(clip.transpose(1, 2, 3, 0) * 255).astype(np.uint8)
            found = np.array(numbered_frames.numbers(frames))
            assert (found // 40 == np.arange(5)).all()

    def test_two_numbers_of_frames_share_a_clip_that_is_held_whole(self, film, cache, reads):
        for count in (2, 3):
            assert Folder(film, frames=count, size=(16, 64), cache=cache)[0][0].shape[1] == count
        assert len(reads) == 1
