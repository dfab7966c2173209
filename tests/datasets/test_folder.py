"""Class folders of clips: what is found, read, refused and cached."""

import os
import pickle
import time

import numpy as np
import pytest

from tools import numbered_frames
from vidlearn import video
from vidlearn.datasets.cache import Cache
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.split import check_split, group_folds
from vidlearn.video import sample, transform

COUNT = 24


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Two classes of three clips with numbered frames, named as in UCF101."""
    root = tmp_path_factory.mktemp("clips")
    for label in ("walk", "jump"):
        (root / label).mkdir()
        for group in range(1, 4):
            frames = np.stack([numbered_frames.picture(i) for i in range(COUNT)])
            video.write(root / label / f"v_{label}_g{group:02}_c01.mkv", frames, 10)
    (root / ".hidden").mkdir()
    (root / "notes.txt").write_text("not a clip")
    (root / "walk" / "notes.txt").write_text("not a clip")
    return root


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def folder(made, cache):
    return Folder(made, frames=6, size=(16, 64), cache=cache, source=r"_(g\d+)_")


def test_classes_are_the_sorted_names_of_the_folders(folder):
    assert folder.classes == ("jump", "walk")
    assert len(folder) == 6
    assert folder.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert [path.name for path, _ in folder.items][:2] == ["v_jump_g01_c01.mkv",
                                                           "v_jump_g02_c01.mkv"]
    assert folder.names[3] == "walk/v_walk_g01_c01.mkv"
    assert repr(folder).endswith("6 clips; jump 3, walk 3)")


def test_a_clip_has_evenly_spaced_frames(folder):
    clip, label = folder[4]
    assert clip.shape == (3, 6, 16, 64) and clip.dtype == np.float32 and label == 1
    frames = np.rint(clip.transpose(1, 2, 3, 0) * 255).astype(np.uint8)
    assert numbered_frames.numbers(frames) == sample.uniform(COUNT, 6).tolist()
    np.testing.assert_array_equal(folder[4][0], clip)
    expected = video.read(folder.items[4].path, count=6, size=(16, 64)).frames
    np.testing.assert_array_equal(clip, video.to_tensor(expected))      # as classify reads it


def test_a_draw_takes_random_frames_and_augments_them(folder):
    draws = [folder.draw(0, np.random.default_rng(seed))[0] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert draws[0].shape == (3, 6, 16, 64) and (draws[0] != draws[2]).any()


def test_the_user_chooses_the_augmentation(made, cache):
    flipped = Folder(made, frames=6, size=(16, 64), cache=cache,
                     augment=lambda frames, rng: transform.horizontal_flip(frames, rng, p=1))
    plain = Folder(made, frames=6, size=(16, 64), cache=cache, augment=None)
    a, b = (data.draw(0, np.random.default_rng(0))[0] for data in (flipped, plain))
    np.testing.assert_array_equal(a, b[..., ::-1])


def test_deeper_folders_and_capitals_are_found(tmp_path, made, cache):
    deep = tmp_path / "root" / "walk" / "camera 1"
    deep.mkdir(parents=True)
    (deep / "A.MKV").write_bytes((made / "walk" / "v_walk_g01_c01.mkv").read_bytes())
    data = Folder(tmp_path / "root", frames=2, size=16, cache=cache)
    assert len(data) == 1 and data[0][0].shape == (3, 2, 16, 16)


class TestSources:
    def test_by_pattern_and_by_function(self, made, folder):
        assert folder.groups.tolist() == ["g01", "g02", "g03"] * 2
        data = Folder(made, source=lambda path: path.parent.name)
        assert data.groups.tolist() == ["jump"] * 3 + ["walk"] * 3

    def test_folds_of_subsets_do_not_leak(self, folder):
        for train, test in group_folds(folder.groups, 3):
            a, b = folder.subset(train), folder.subset(test)
            assert (len(a), len(b)) == (4, 2)
            assert b.classes == folder.classes
            check_split(a.groups, b.groups)

    def test_an_unknown_source_is_an_error(self, made):
        with pytest.raises(ValueError, match="give Folder a source="):
            _ = Folder(made).groups
        with pytest.raises(ValueError, match="is not in its name"):
            _ = Folder(made, source=r"person(\d+)").groups


class TestWrongFolders:
    def test_no_folder(self, tmp_path):
        with pytest.raises(ValueError, match="no such folder"):
            Folder(tmp_path / "nowhere")

    def test_no_class(self, tmp_path):
        with pytest.raises(ValueError, match="no class folder.*root/label/clip.mp4"):
            Folder(tmp_path)

    def test_a_class_without_clips(self, tmp_path):
        (tmp_path / "walk").mkdir()
        (tmp_path / "walk" / "clip.txt").touch()
        with pytest.raises(ValueError, match=r"walk: there is no clip of this class.*\.mp4"):
            Folder(tmp_path)

    def test_a_clip_without_class(self, tmp_path):
        (tmp_path / "walk").mkdir()
        (tmp_path / "clip.mp4").touch()
        with pytest.raises(ValueError, match="1 clips have no class, the first is clip.mp4"):
            Folder(tmp_path)

    def test_a_file_in_place_of_a_folder(self, tmp_path):
        (tmp_path / "clip.mp4").touch()
        with pytest.raises(ValueError, match="clip.mp4: there is no such folder of clips"):
            Folder(tmp_path / "clip.mp4")

    @pytest.mark.parametrize("wrong", [
        dict(frames=0), dict(frames=-1), dict(frames=10**6), dict(size=0), dict(size=(8, -1)),
        dict(size=100_000), dict(size=(8, 8, 8))])
    def test_impossible_frames_and_sizes(self, made, wrong):
        with pytest.raises(ValueError, match="frames of size .*: each must be 1 to 10000"):
            Folder(made, **wrong)

    def test_a_source_that_is_not_a_pattern(self, made):
        with pytest.raises(ValueError, match=r"source '\(' is not a pattern: missing \)"):
            Folder(made, source="(")

    @pytest.mark.parametrize("source", ["", "(x)?walk", "()"])
    def test_an_empty_match_of_the_source_names_the_clip(self, made, source):
        with pytest.raises(ValueError, match="v_jump_g01_c01.mkv: source pattern .* is not in its"):
            _ = Folder(made, source=source).groups


class TestDamaged:
    @pytest.fixture
    def damaged(self, tmp_path, made, cache):
        root = tmp_path / "root" / "walk"
        root.mkdir(parents=True)
        data = (made / "walk" / "v_walk_g01_c01.mkv").read_bytes()
        (root / "good.mkv").write_bytes(data)
        (root / "short.mkv").write_bytes(data[:len(data) // 2])
        (root / "text.mkv").write_text("nothing")
        return Folder(root.parent, frames=2, size=16, cache=cache)

    def test_they_are_listed_with_their_reasons(self, damaged):
        found = damaged.scan()
        assert [error.path.name for error in found] == ["short.mkv", "text.mkv"]
        assert "declared frames were decoded" in str(found[0]) and "not a video" in str(found[1])

    def test_they_are_left_out_on_request_only(self, damaged):
        assert len(damaged) == 3
        with pytest.raises(video.VideoError, match="short.mkv"):
            damaged[1]
        good = damaged.without(damaged.scan())
        assert [path.name for path, _ in good.items] == ["good.mkv"] and len(damaged) == 3


class TestCache:
    @pytest.fixture
    def reads(self, monkeypatch):
        """How often a video is decoded."""
        real, calls = video.read, []
        monkeypatch.setattr(video, "read", lambda *a, **k: calls.append(a) or real(*a, **k))
        return calls

    def test_a_clip_is_decoded_once(self, folder, reads):
        first, second, other = folder[0][0], folder[0][0], folder[1][0]
        np.testing.assert_array_equal(first, second)
        assert len(reads) == 2 and other.shape == first.shape

    def test_another_size_is_decoded_again(self, made, cache, reads):
        assert Folder(made, size=8, cache=cache)[0][0].shape[2:] == (8, 8)
        assert Folder(made, size=10, cache=cache)[0][0].shape[2:] == (10, 10)
        assert len(reads) == 2

    def test_a_changed_file_is_decoded_again(self, tmp_path, cache, reads):
        path = tmp_path / "a.mkv"
        for count in (4, 5):
            frames = np.stack([numbered_frames.picture(i) for i in range(count)])
            video.write(path, frames, 10, overwrite=True)
            assert len(cache.frames(path, (8, 8))) == count
        assert len(reads) == 2

    def test_an_unfinished_file_is_decoded_again(self, folder, reads):
        before = folder[0][0]
        kept, = folder.cache.folder.glob("*.npy")
        for length in (0, 50, 2000):
            kept.write_bytes(kept.read_bytes()[:length])
            np.testing.assert_array_equal(folder[0][0], before)
        assert len(reads) == 4

    def test_no_unfinished_file_is_kept(self, folder, monkeypatch):
        def full(*_):
            raise OSError("no space left")

        monkeypatch.setattr(np, "save", full)
        with pytest.warns(UserWarning, match="no more decoded clips are kept.*no space left"):
            assert folder[0][0].shape == (3, 6, 16, 64)
        assert list(folder.cache.folder.iterdir()) == []

    def test_an_unfinished_file_of_a_killed_process_is_deleted_after_a_day(self, made, cache):
        cache.folder.mkdir()
        young, old = cache.folder / "a.1.part", cache.folder / "b.2.part"
        for part, age in ((young, 3600), (old, 2 * 86400)):
            part.write_bytes(bytes(99))
            os.utime(part, (time.time() - age,) * 2)
        assert cache.used() == 198
        _ = Folder(made, frames=2, size=8, cache=cache)[0]
        assert young.exists() and not old.exists()
        cache.clear()
        assert not list(cache.folder.iterdir())

    def test_another_process_may_delete_a_file(self, folder, recwarn, monkeypatch):
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

    def test_its_size_is_limited_and_it_can_be_cleared(self, made, tmp_path, reads):
        one = COUNT * 16 * 64 * 3 + 200
        cache = Cache(tmp_path / "small", limit=2 * one)
        data = Folder(made, size=(16, 64), cache=cache)
        with pytest.warns(UserWarning, match="it holds 0.0 GiB; Cache"):
            clips = [data[i][0] for i in range(6)]
        assert len(clips) == 6 and one < cache.used() <= 2 * one
        cache.clear()
        assert cache.used() == 0 and len(reads) == 6

    def test_it_need_not_be_writable(self, made, tmp_path):
        (tmp_path / "file").touch()
        data = Folder(made, frames=2, size=8, cache=Cache(tmp_path / "file" / "cache"))
        with pytest.warns(UserWarning, match="no more decoded clips are kept"):
            assert data[0][0].shape == (3, 2, 8, 8)

    def test_it_is_in_the_users_cache_folder(self):
        assert {"vidlearn", "clips"} <= set(Cache().folder.parts)


def test_it_can_be_pickled(made, cache):
    data = pickle.loads(pickle.dumps(Folder(made, frames=2, size=8, cache=cache)))
    assert data[5][0].shape == (3, 2, 8, 8)
