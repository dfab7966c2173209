"""What was found, as CSV and JSON lines, in files that are whole or not there."""

import csv
import io
import json
import os

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.inference import found

CLASSES = ("person", "traffic light")
SEEN = {"boxes": np.array([[1.234567, 2, 30.5, 40], [0, 0, 5, 5]]), "labels": np.array([1, 0]),
        "scores": np.array([0.987654, 0.5])}
NOTHING = {"boxes": np.zeros((0, 4)), "labels": np.zeros(0, int), "scores": np.zeros(0)}


def rows():
    return found.listed(3, 0.1 + 0.2, SEEN, CLASSES) + found.listed(4, 0.4, NOTHING, CLASSES)


def test_a_row_has_the_frame_the_second_the_name_and_the_box():
    assert rows() == [(3, 0.3, "traffic light", 0.9877, 1.23, 2, 30.5, 40),
                      (3, 0.3, "person", 0.5, 0, 0, 5, 5)]


def test_csv_and_json_lines_say_the_same():
    table = list(csv.DictReader(io.StringIO(found.as_csv(rows()))))
    lines = [json.loads(line) for line in found.as_json_lines(rows()).splitlines()]
    assert list(table[0]) == ["frame", "seconds", "label", "score", "left", "top", "right",
                              "bottom"]
    assert [{name: str(value) for name, value in line.items()} for line in lines] == table


def test_nothing_found_is_a_head_without_lines():
    assert found.as_csv([]) == "frame,seconds,label,score,left,top,right,bottom\n"
    assert found.as_json_lines([]) == ""


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "new/b.jsonl"])
def test_a_file_holds_the_text(name, tmp_path):
    found.save(tmp_path / name, rows())
    text = found.as_json_lines(rows()) if name.endswith("jsonl") else found.as_csv(rows())
    assert (tmp_path / name).read_text(encoding="utf-8") == text


def test_another_ending_or_a_file_that_exists_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("mine")
    for name, says in (("a.txt", "a.txt must end in .csv or .jsonl"), ("a", "must end in"),
                       ("a.csv", "a.csv exists already")):
        with pytest.raises(ArgumentError, match=says):
            found.save(tmp_path / name, rows())
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "mine"


def test_a_failure_leaves_no_file(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        found.save(tmp_path / "a.csv", rows())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [
    {"boxes": np.full((1, 4), np.nan), "labels": [0], "scores": [1.0]},
    {"boxes": np.zeros((1, 4)), "labels": [0], "scores": [np.nan]},
    {"boxes": np.zeros((2, 4)), "labels": [0], "scores": [1.0]}, {"boxes": np.zeros((0, 4))},
])
def test_what_is_no_detection_is_refused(wrong):
    with pytest.raises(ArgumentError, match="detection must be"):
        found.listed(0, 0.0, wrong, CLASSES)
