"""Split lists of UCF101, HMDB51 and Kinetics, as they are published."""

import pytest

from vidlearn.datasets import split_list
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.split_list import Line


def put(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def parts(data):
    return {name: part.names for name, part in data.parts.items()}


UCF = {"trainlist01.txt": "Archery/v_Archery_g08_c01.avi 1\nBowling/v_Bowling_g08_c01.avi 2\n",
       "testlist01.txt": "Archery/v_Archery_g01_c01.avi\nBowling/v_Bowling_g01_c01.avi\n",
       "trainlist02.txt": "Archery/v_Archery_g01_c01.avi 1\nBowling/v_Bowling_g01_c01.avi 2\n",
       "classInd.txt": "1 Archery\n2 Bowling\n"}
UCF_PARTS = {"train": ("Archery/v_Archery_g08_c01.avi", "Bowling/v_Bowling_g08_c01.avi"),
             "test": ("Archery/v_Archery_g01_c01.avi", "Bowling/v_Bowling_g01_c01.avi")}


def ucf_clips(root, flat=False):
    names = [name for part in UCF_PARTS.values() for name in part]
    return put(root / "clips", {name.split("/")[1] if flat else name: name for name in names})


class TestUcf:
    @pytest.mark.parametrize("given", ["trainlist01.txt", "testlist01.txt",
                                       ("trainlist01.txt", "testlist01.txt")])
    def test_one_list_is_enough(self, tmp_path, given):
        put(tmp_path, UCF)
        lists = [tmp_path / name for name in ([given] if isinstance(given, str) else given)]
        data = Folder(ucf_clips(tmp_path), split_list=lists)
        assert data.classes == ("Archery", "Bowling") and data.labels.tolist() == [0, 0, 1, 1]
        assert parts(data) == UCF_PARTS

    def test_clips_may_lie_in_one_folder(self, tmp_path):
        put(tmp_path, UCF)
        data = Folder(ucf_clips(tmp_path, flat=True), split_list=tmp_path / "trainlist01.txt")
        assert data.classes == ("Archery", "Bowling")
        assert parts(data)["test"] == ("v_Archery_g01_c01.avi", "v_Bowling_g01_c01.avi")

    def test_another_split_has_another_train(self, tmp_path):
        put(tmp_path, UCF)
        with pytest.warns(UserWarning, match="2 not in the split list"):
            data = Folder(ucf_clips(tmp_path), split_list=str(tmp_path / "trainlist02.txt"))
        assert parts(data) == {"train": UCF_PARTS["test"]}

    def test_numbers_are_named_by_class_ind(self, tmp_path):
        put(tmp_path, {"train.txt": "x.avi 1\ny z.avi 2\n",
                       "classInd.txt": "1 Archery\n2 Bow tie\n"})
        assert split_list.read(tmp_path / "train.txt") == [
            Line("x.avi", "Archery", "train"), Line("y z.avi", "Bow tie", "train")]

    def test_windows_separators(self, tmp_path):
        put(tmp_path, {"train.txt": "a\\0.avi 1\r\nb\\1.avi 2\r\n"})
        put(tmp_path / "clips", {"a/0.avi": "0", "b/1.avi": "1"})
        data = Folder(tmp_path / "clips", split_list=tmp_path / "train.txt")
        assert data.classes == ("a", "b") and len(data) == 2


def test_hmdb_has_a_list_for_each_class_and_three_splits(tmp_path):
    put(tmp_path, {"brush_hair_test_split1.txt": "x 1.avi 1 \ny.avi 2 \nz.avi 0 \n",
                   "wave_test_split1.txt": "x 1.avi 1 \n", "wave_test_split2.txt": "x 1.avi 2 \n"})
    put(tmp_path / "clips", {"brush_hair/x 1.avi": "1", "brush_hair/y.avi": "2",
                             "brush_hair/z.avi": "3", "wave/x 1.avi": "4"})
    with pytest.warns(UserWarning, match=r"1 not in the split list \(brush_hair/z.avi\)"):
        data = Folder(tmp_path / "clips", split_list=tmp_path / "wave_test_split1.txt")
    assert data.classes == ("brush_hair", "wave")
    assert parts(data) == {"train": ("brush_hair/x 1.avi", "wave/x 1.avi"),
                           "test": ("brush_hair/y.avi",)}


KINETICS = "label,youtube_id,time_start,time_end,split,is_cc\n"


class TestKinetics:
    def test_names_are_ids_with_seconds(self, tmp_path):
        put(tmp_path, {
            "k400_train.csv": KINETICS + "air drumming,-0aB,1,11,train,0\n"
                                         '"a, b",_1cD,300,310,train,0\n',
            "k400_val.csv": KINETICS + "air drumming,2eF,0,10,validate,0\n"
                                       '"a, b",gone,5,15,val,0\n'})
        put(tmp_path / "clips", {"train/air_drumming/-0aB_000001_000011.mp4": "0",
                                 "train/a/_1cD_000300_000310.mkv": "1",
                                 "val/air_drumming/2eF.mp4": "2"})
        with pytest.warns(UserWarning, match="1 clips of the split list are not in it.* is gone_0"):
            data = Folder(tmp_path / "clips", split_list=tmp_path / "k400_train.csv")
        assert data.classes == ("a, b", "air drumming")
        assert parts(data) == {"train": ("train/a/_1cD_000300_000310.mkv",
                                         "train/air_drumming/-0aB_000001_000011.mp4"),
                               "val": ("val/air_drumming/2eF.mp4",)}

    @pytest.mark.parametrize("text", [
        "name,label\nx.mp4,left\ny.mp4,right\n", "x.mp4,left\ny.mp4,right\n",
        "label;path\nleft;x.mp4\nright;clips/y.mp4\n", "\ufeffvideo\tclass\nx\tleft\ny\tright\n",
        "/far/away/x.mp4 left\n/far/away/y.mp4 right\n"])
    @pytest.mark.parametrize("name, part", [("train.csv", "train"), ("labels.csv", "")])
    def test_a_table_of_names_and_labels(self, tmp_path, text, name, part):
        put(tmp_path, {name: text})
        put(tmp_path / "clips", {"x.mp4": "0", "y.mp4": "1"})
        data = Folder(tmp_path / "clips", split_list=tmp_path / name)
        assert data.classes == ("left", "right") and data.labels.tolist() == [0, 1]
        assert parts(data) == ({part: ("x.mp4", "y.mp4")} if part else {})


@pytest.mark.parametrize("name, text, says", [
    ("gone.csv", None, "there is no such split list"),
    ("clips", None, "clips: is a folder: give one of the lists in it"),
    ("train.csv", "name,url\nx.mp4,http\n", "its columns name, url must name the clip"),
    ("train.csv", "name,label\nx.mp4\n", "'x.mp4' must have 2 columns"),
    ("train.csv", "", "names no clip"), ("train.txt", "\n\n", "names no clip"),
    ("train.txt", "x.mp4\ny.mp4\n", "x.mp4 has no class"),
    ("wave_test_split1.txt", "x.mp4 3\n", "must be a name and 0, 1 or 2"),
    ("train.csv", "gone.mp4,left\n", "no clip of the split list is in it, the first is gone.mp4"),
    ("train.csv", "a/x.mp4,left\nx.mp4,right\n", "names x.mp4 twice: left train and right train"),
    ("train.csv", "z.mp4,left\n", "the split list names z.mp4, and there are 2"),
])
def test_a_list_that_cannot_be_right_is_named(tmp_path, name, text, says):
    put(tmp_path / "clips", {"a/x.mp4": "0", "a/z.mp4": "1", "b/z.mp4": "2"})
    if text is not None:
        put(tmp_path, {name: text})
    with pytest.raises(ValueError, match=says):
        Folder(tmp_path / "clips", split_list=tmp_path / name)


def test_what_is_not_text_is_named(tmp_path):
    put(tmp_path / "clips", {"a/x.mp4": "0"})
    (tmp_path / "train.csv").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(ValueError, match="train.csv: this split list cannot be read"):
        Folder(tmp_path / "clips", split_list=tmp_path / "train.csv")


def test_a_clip_of_another_class_is_not_taken_for_one_of_the_same_name(tmp_path):
    put(tmp_path, {"train.txt": "a/0.avi 1\nb/1.avi 2\n"})
    put(tmp_path / "clips", {"b/0.avi": "0", "b/1.avi": "1"})
    with pytest.warns(UserWarning, match="1 clips of the split list are not in it.* is a/0.avi"):
        data = Folder(tmp_path / "clips", split_list=tmp_path / "train.txt")
    assert data.names == ("b/1.avi",)
