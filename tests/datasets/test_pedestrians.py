"""Boxes around real people: they fit the film, and broken files are refused."""

from pathlib import Path

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.datasets.pedestrians import read_people

DATA = Path(__file__).parents[2] / "data"
HEADER = "frame,left,top,right,bottom\n"


@pytest.fixture(scope="module")
def people():
    return read_people(DATA / "vtest_people.csv")


def test_every_box_lies_in_its_frame(people):
    assert len(people) == 24
    assert sum(map(len, people.values())) == 150
    for frame, boxes in people.items():
        assert 0 <= frame < 795
        assert boxes.dtype == np.float64 and boxes.shape[1:] == (4,)
        assert (boxes >= 0).all() and (boxes[:, 2:] <= [768, 576]).all()


def test_people_are_taller_than_wide(people):
    width, height = np.concatenate(list(people.values()))[:, 2:].T - np.concatenate(
        list(people.values()))[:, :2].T
    assert (height > 30).all()
    assert 0.3 < np.median(width / height) < 0.45
    assert (width / height).max() < 0.7


@pytest.mark.parametrize("text, words", [
    ("", "must begin with frame,left"), ("a,b\n1,2\n", "not a,b"),
    (HEADER + "1,2,3,4\n", "line 2: '1,2,3,4' must be five whole numbers"),
    (HEADER + "1,2,3,4,nan\n", "line 2"), (HEADER + "1,2,3,8,9\n1,5,5,5,9\n", "line 3.*no area")])
def test_broken_boxes_are_refused(tmp_path, text, words):
    path = tmp_path / "boxes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentError, match=words):
        read_people(path)


def test_a_file_of_no_boxes_has_no_people(tmp_path):
    path = tmp_path / "boxes.csv"
    path.write_text(HEADER, encoding="utf-8")
    assert read_people(path) == {}
