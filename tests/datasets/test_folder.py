"""Class folders of clips: what is found, read, refused and cached."""

import pickle

import numpy as np
import pytest

from tests.datasets.conftest import COUNT
from tools import numbered_frames
from vidlearn import video
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.load import batches
from vidlearn.datasets.split import check_split, group_folds
from vidlearn.video import sample, transform


def test_classes_are_the_sorted_names_of_the_folders(folder):
    assert folder.classes == ("jump", "walk")
    assert len(folder) == 6
    assert folder.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert [path.name for path, _ in folder.items][:2] == ["v_jump_g01_c01.mkv",
                                                           "v_jump_g02_c01.mkv"]
    assert folder.names[3] == "walk/v_walk_g01_c01.mkv"
    assert repr(folder).endswith("6 clips; jump 3, walk 3; 3 left out)")


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


def test_the_user_chooses_the_augmentation(class_folders, cache):
    flipped = Folder(class_folders, frames=6, size=(16, 64), cache=cache,
                     augment=lambda frames, rng: transform.horizontal_flip(frames, rng, p=1))
    plain = Folder(class_folders, frames=6, size=(16, 64), cache=cache, augment=None)
    a, b = (data.draw(0, np.random.default_rng(0))[0] for data in (flipped, plain))
    np.testing.assert_array_equal(a, b[..., ::-1])


def test_deeper_folders_and_capitals_are_found(tmp_path, class_folders, cache):
    deep = tmp_path / "root" / "walk" / "camera 1"
    deep.mkdir(parents=True)
    (deep / "A.MKV").write_bytes((class_folders / "walk" / "v_walk_g01_c01.mkv").read_bytes())
    data = Folder(tmp_path / "root", frames=2, size=16, cache=cache)
    assert len(data) == 1 and data[0][0].shape == (3, 2, 16, 16)


class TestSources:
    def test_by_pattern_and_by_function(self, class_folders, folder):
        assert folder.groups.tolist() == ["g01", "g02", "g03"] * 2
        data = Folder(class_folders, source=lambda path: path.parent.name)
        assert data.groups.tolist() == ["jump"] * 3 + ["walk"] * 3

    def test_folds_of_subsets_do_not_leak(self, folder):
        for train, test in group_folds(folder.groups, 3):
            a, b = folder.subset(train), folder.subset(test)
            assert (len(a), len(b)) == (4, 2)
            assert b.classes == folder.classes
            check_split(a.groups, b.groups)

    def test_an_unknown_source_is_an_error(self, class_folders):
        with pytest.raises(ValueError, match="give Folder a source="):
            _ = Folder(class_folders).groups
        with pytest.raises(ValueError, match="is not in its name"):
            _ = Folder(class_folders, source=r"person(\d+)").groups


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
        dict(frames=10_000, size=1000), dict(frames=16, size=(8000, 9000))])
    def test_a_clip_that_no_memory_holds(self, class_folders, wrong):
        with pytest.raises(ValueError, match="take more than 1 GiB a clip: take fewer frames or a"):
            Folder(class_folders, **wrong)

    @pytest.mark.parametrize("wrong", [
        dict(frames=0), dict(frames=-1), dict(frames=10**6), dict(size=0), dict(size=(8, -1)),
        dict(size=100_000), dict(size=(8, 8, 8))])
    def test_impossible_frames_and_sizes(self, class_folders, wrong):
        with pytest.raises(ValueError, match="frames of size .*: each must be 1 to 10000"):
            Folder(class_folders, **wrong)

    def test_a_source_that_is_not_a_pattern(self, class_folders):
        with pytest.raises(ValueError, match=r"source '\(' is not a pattern: missing \)"):
            Folder(class_folders, source="(")

    @pytest.mark.parametrize("source", ["", "(x)?walk", "()"])
    def test_an_empty_match_of_the_source_names_the_clip(self, class_folders, source):
        with pytest.raises(ValueError, match="v_jump_g01_c01.mkv: source pattern .* is not in its"):
            _ = Folder(class_folders, source=source).groups


class TestDamaged:
    @pytest.fixture
    def damaged(self, tmp_path, class_folders, cache):
        root = tmp_path / "root" / "walk"
        root.mkdir(parents=True)
        data = (class_folders / "walk" / "v_walk_g01_c01.mkv").read_bytes()
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


class TestAllowDamaged:
    """A folder with one good clip of 24 frames, two that are cut off and one of text."""

    @pytest.fixture
    def root(self, tmp_path, class_folders):
        root = tmp_path / "root" / "walk"
        root.mkdir(parents=True)
        data = (class_folders / "walk" / "v_walk_g01_c01.mkv").read_bytes()
        for name, share in (("good", 10), ("half", 5), ("most", 8)):
            (root / f"{name}.mkv").write_bytes(data[:len(data) * share // 10])
        (root / "text.mkv").write_text("nothing")
        return root.parent

    @pytest.fixture
    def allowing(self, root, cache):
        return Folder(root, frames=4, size=(16, 64), cache=cache, augment=None, allow_damaged=True)

    def test_they_are_used_as_far_as_they_go(self, allowing):
        for i, draw in enumerate((False, False, True)):
            clip, _ = allowing.draw(i, np.random.default_rng(0)) if draw else allowing[i]
            left = video.read(allowing.items[i].path, strict=False)
            frames = np.rint(clip.transpose(1, 2, 3, 0) * 255).astype(np.uint8)
            numbers = numbered_frames.numbers(frames)
            assert draw or numbers == sample.uniform(len(left), 4).tolist()
            assert numbers == sorted(set(numbers)) and numbers[-1] < len(left) <= COUNT

    def test_one_line_counts_and_names_them(self, allowing):
        with pytest.warns(UserWarning) as said:
            damaged = allowing.scan()
        half, most = (len(video.read(allowing.items[i].path, strict=False)) for i in (1, 2))
        assert 0 < half < most < COUNT
        assert [str(w.message) for w in said] == [
            f"{allowing.root}: 2 of 4 clips are damaged, and used as far as they go: "
            f"walk/half.mkv ({half} of 24 frames), walk/most.mkv ({most} of 24 frames)"]
        assert said[0].filename == __file__
        assert [error.path.name for error in damaged] == ["text.mkv"]
        assert [path.name for path, _ in allowing.without(damaged).items] == [
            "good.mkv", "half.mkv", "most.mkv"]

    def test_a_part_allows_what_the_whole_does(self, allowing, root, cache):
        assert allowing.subset([1])[0][0].shape == (3, 4, 16, 64)
        strict = Folder(root, frames=4, size=(16, 64), cache=cache)
        with pytest.raises(video.VideoError, match="half.mkv"):       # though it is in the cache
            strict[1]
        assert [error.path.name for error in strict.scan()] == ["half.mkv", "most.mkv", "text.mkv"]

    def test_workers_read_the_same(self, allowing):
        some = allowing.subset([0, 1, 2])
        alone, many = (list(batches(some, 3, workers=n)) for n in (0, 2))
        np.testing.assert_array_equal(alone[0][0], many[0][0])

    def test_a_line_names_ten(self, allowing, recwarn):
        allowing.items = allowing.items[1:2] * 11
        assert allowing.scan() == []
        assert str(recwarn.list[0].message).count("walk/half.mkv") == 10
        assert str(recwarn.list[0].message).endswith(" frames), ...")


def test_it_can_be_pickled(class_folders, cache):
    data = pickle.loads(pickle.dumps(Folder(class_folders, frames=2, size=8, cache=cache)))
    assert data[5][0].shape == (3, 2, 8, 8)
