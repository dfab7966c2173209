"""What lies where: classes, given splits, and what is left out, each with its reason."""

import os
import unicodedata
import warnings

import pytest

from vidlearn.datasets import layout
from vidlearn.datasets.folder import Folder


def put(root, *names):
    """Files with these names, each with bytes of its own."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def reasons(root, left_out):
    return {path.relative_to(root).as_posix(): why for path, why in left_out}


class TestSplit:
    @pytest.mark.parametrize("names", [
        ("train", "val", "test"), ("Training", "validation", "TEST"), ("train", "test"),
        ("train_set", "dev", "testing"), ("Train", "Valid"), ("training data", "Test-Set")])
    def test_parts_are_no_classes(self, tmp_path, names):
        put(tmp_path, *(f"{part}/{label}/{i}.mp4" for part in names for label in ("a", "b")
                        for i in range(2)))
        data = Folder(tmp_path)
        assert data.classes == ("a", "b") and len(data) == 4 * len(names)
        parts = data.parts
        assert list(parts) == [p for p in ("train", "val", "test")
                               if p in {layout.part_of(name) for name in names}]
        for part, clips in parts.items():
            assert {layout.part_of(name.split("/")[0]) for name in clips.names} == {part}
            assert clips.labels.tolist() == [0, 0, 1, 1] and clips.classes == ("a", "b")

    def test_train_alone_is_a_part(self, tmp_path):
        put(tmp_path, "train/a/0.mp4", "train/b/0.mp4")
        assert Folder(tmp_path).classes == ("a", "b")

    def test_a_class_that_one_part_lacks_is_a_class(self, tmp_path):
        put(tmp_path, "train/a/0.mp4", "train/b/0.mp4", "test/b/1.mp4")
        parts = Folder(tmp_path).parts
        assert parts["test"].classes == ("a", "b") and parts["test"].labels.tolist() == [1]

    def test_a_folder_without_clips_beside_the_parts_is_left_out(self, tmp_path):
        put(tmp_path, "train/a/0.mp4", "test/a/1.mp4", "annotations/all.csv")
        found, left_out = layout.find(tmp_path)
        assert len(found) == 2
        assert reasons(tmp_path, left_out)["annotations"] == layout.EMPTY

    @pytest.mark.parametrize("names", [
        ("train", "val", "test"), ("Training", "validation", "TEST"), ("train", "test"),
        ("train_clips", "test_clips")])
    def test_parts_may_lie_in_the_classes(self, tmp_path, names):
        put(tmp_path, *(f"{label}/{part}/{deep}{i}.mp4" for label in ("walk", "run")
                        for part in names for i, deep in enumerate(("", "cam 1/"))))
        data = Folder(tmp_path)
        assert data.classes == ("run", "walk") and len(data) == 4 * len(names)
        assert data.labels.tolist() == sorted(data.labels)
        parts = data.parts
        assert set(parts) == {layout.part_of(name) for name in names}
        for part, clips in parts.items():
            assert {layout.part_of(name.split("/")[1]) for name in clips.names} == {part}
            assert clips.labels.tolist() == [0, 0, 1, 1] and clips.classes == ("run", "walk")

    def test_a_class_may_lack_a_part_that_lies_in_the_others(self, tmp_path):
        parts = Folder(put(tmp_path, "a/train/0.mp4", "b/train/1.mp4", "b/test/2.mp4")).parts
        assert parts["train"].names == ("a/train/0.mp4", "b/train/1.mp4")
        assert parts["test"].names == ("b/test/2.mp4",) and parts["test"].labels.tolist() == [1]

    def test_a_clip_in_two_parts_of_its_class_is_said(self, tmp_path):
        put(tmp_path, "a/train/0.mp4", "b/train/1.mp4", "b/test/2.mp4")
        (tmp_path / "b/test/3.mp4").write_bytes((tmp_path / "b/train/1.mp4").read_bytes())
        with pytest.warns(UserWarning, match="1 clips are in two classes or parts, byte for byte"):
            Folder(tmp_path)

    @pytest.mark.parametrize("names", [
        ["a/train/0.mp4", "b/train/1.mp4"], ["a/train/0.mp4", "b/1.mp4", "b/test/2.mp4"]])
    def test_folders_inside_that_split_nothing_are_of_the_class(self, tmp_path, names):
        data = Folder(put(tmp_path, *names))
        assert data.classes == ("a", "b") and data.parts == {} and len(data) == len(names)

    def test_classes_without_a_split_have_no_parts(self, tmp_path):
        put(tmp_path, "a/0.mp4", "b/0.mp4", "test/0.mp4")     # a class may be called test
        data = Folder(tmp_path)
        assert data.classes == ("a", "b", "test") and data.parts == {}

    @pytest.mark.parametrize("names, says", [
        (["train/0.mp4", "test/1.mp4"], "test, train are parts of a split, and 1 clips of it have"),
        (["train/a/0.mp4", "test/a/1.mp4", "test/2.mp4"], "test: test, train are parts of a split"),
        (["train/a/0.mp4", "test/a/1.mp4", "more/a/2.mp4"], "of more, test, train, some are parts"),
        (["day/a/0.mp4", "day/b/0.mp4", "night/a/0.mp4", "night/b/0.mp4"],
         r"day and .*night are no classes.*same names \(a, b\)"),
        (["walk/train/0.mp4", "walk/test/0.mp4", "walk/old/0.mp4", "run/train/0.mp4",
          "run/test/0.mp4"], r"run and .*walk are no classes: no clip lies directly in them, and "
         r"both hold folders of the same names \(test, train\)"),
    ])
    def test_folders_that_are_neither_are_named(self, tmp_path, names, says):
        with pytest.raises(ValueError, match=says):
            Folder(put(tmp_path, *names))

    @pytest.mark.parametrize("names", [
        ["walk/videos/0.mp4", "run/videos/0.mp4"],             # one folder in each splits nothing
        ["walk/cam1/0.mp4", "walk/cam2/1.mp4", "run/cam1/0.mp4"],
        ["walk/cam1/0.mp4", "walk/cam2/1.mp4", "run/cam1/0.mp4", "run/cam2/0.mp4", "run/3.mp4"]])
    def test_classes_may_have_folders_inside(self, tmp_path, names):
        assert Folder(put(tmp_path, *names)).classes == ("run", "walk")


class TestLeftOut:
    @pytest.mark.parametrize("ending", layout.SUFFIXES)
    def test_every_ending_of_a_film_is_taken(self, tmp_path, ending):
        put(tmp_path, f"a/0{ending}", f"a/1{ending.upper()}")
        assert len(layout.find(tmp_path)[0]) == 2

    def test_all_else_is_named_with_its_reason(self, tmp_path):
        put(tmp_path, "a/0.mp4", "a/_0AbC.mp4", "a/notes.txt", "a/.DS_Store", "a/._0.mp4",
            "a/.git/0.mp4", "_unsure/0.mp4", "readme.md", "a/noending")
        (tmp_path / "a" / "gone.mp4").symlink_to("nowhere.mp4")
        (tmp_path / "a" / "loop.mp4").symlink_to("loop.mp4")
        found, left_out = layout.find(tmp_path)
        assert [clip.path.name for clip in found] == ["0.mp4", "_0AbC.mp4"]    # a YouTube name
        assert reasons(tmp_path, left_out) == {
            "_unsure": layout.HIDDEN, "readme.md": layout.ENDING, "a/notes.txt": layout.ENDING,
            "a/noending": layout.ENDING, "a/.DS_Store": layout.HIDDEN, "a/._0.mp4": layout.HIDDEN,
            "a/.git": layout.HIDDEN, "a/gone.mp4": layout.BROKEN, "a/loop.mp4": layout.BROKEN}

    def test_one_line_counts_and_names_them(self, tmp_path):
        put(tmp_path, "a/0.mp4", *(f"a/{i}.txt" for i in range(5)), "a/.b")
        with pytest.warns(UserWarning) as said:
            data = Folder(tmp_path)
        assert [str(w.message) for w in said] == [
            f"{tmp_path}: 6 left out: 1 whose name begins with . or _ (a/.b); "
            "5 with an ending that is no film's (a/0.txt, a/1.txt, a/2.txt, ...)"]
        assert said[0].filename == __file__ and len(data.left_out) == 6

    def test_where_all_is_taken_nothing_is_said(self, tmp_path):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Folder(put(tmp_path, "a/0.mp4", "b/0.mp4"))

    @pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
    def test_a_folder_that_may_not_be_read(self, tmp_path):
        put(tmp_path, "a/0.mp4", "a/shut/1.mp4")
        (tmp_path / "a" / "shut").chmod(0)
        assert reasons(tmp_path, layout.find(tmp_path)[1]) == {"a/shut": layout.CLOSED}
        (tmp_path / "a" / "shut").chmod(0o700)

    def test_other_than_files(self, tmp_path):
        put(tmp_path, "a/0.mp4")
        os.mkfifo(tmp_path / "a" / "pipe.mp4")
        assert reasons(tmp_path, layout.find(tmp_path)[1]) == {"a/pipe.mp4": layout.NO_FILE}


class TestLinks:
    def test_folders_elsewhere_are_followed(self, tmp_path):
        put(tmp_path, "far/0.mp4", "far/deep/1.mp4", "root/b/2.mp4")
        (tmp_path / "root" / "a").symlink_to(tmp_path / "far")
        data = Folder(tmp_path / "root")
        assert data.names == ("a/0.mp4", "a/deep/1.mp4", "b/2.mp4")

    @pytest.mark.parametrize("target", ["..", ".", "../b", "c"])
    def test_each_folder_is_followed_once(self, tmp_path, target):
        put(tmp_path, "a/0.mp4", "a/c/1.mp4", "b/2.mp4")
        (tmp_path / "a" / "z").symlink_to(target)
        found, left_out = layout.find(tmp_path)
        assert [clip.path.name for clip in found] == ["0.mp4", "1.mp4", "2.mp4"]
        assert reasons(tmp_path, left_out) == {"a/z": layout.TWICE}

    def test_linked_clips_are_clips(self, tmp_path):
        put(tmp_path, "far/0.mp4", "root/a/1.mp4")
        (tmp_path / "root" / "a" / "0.mp4").symlink_to(tmp_path / "far" / "0.mp4")
        assert len(Folder(tmp_path / "root")) == 2


@pytest.mark.parametrize("name", ["café", "Ünder", "が"])
def test_one_name_spelled_in_two_ways_is_one_class(tmp_path, name):
    for i, form in enumerate(("NFC", "NFD")):
        put(tmp_path, f"{unicodedata.normalize(form, name)}/{i}.mp4")
        put(tmp_path / "parts", f"{('train', 'test')[i]}/{unicodedata.normalize(form, name)}/0.mp4")
    parts = Folder(tmp_path / "parts")
    (tmp_path / "parts").rename(tmp_path / ".parts")
    data = Folder(tmp_path)
    assert data.classes == parts.classes == (unicodedata.normalize("NFC", name),)
    assert len(data) == len(parts) == 2
