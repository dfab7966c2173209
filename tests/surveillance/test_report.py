"""A report is read back as it was."""

import csv
import json

import pytest

from vidlearn.checks import ArgumentError
from vidlearn.surveillance.report import HEAD, save_report
from vidlearn.surveillance.watch import Report

REPORT = Report(50, 1.96, 120, 4, 3, [(3, .4, "left"), (1, 1.2, "right"), (2, 1.5, "left")],
                [(3, .2, 1.04)])


def test_json_has_everything(tmp_path):
    save_report(REPORT, tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text()) == {
        "frames": 50, "seconds": 1.96, "detections": 120, "people": 4, "most_at_once": 3,
        "crossed": {"left": 2, "right": 1},
        "crossings": [{"id": 3, "second": .4, "direction": "left"},
                      {"id": 1, "second": 1.2, "direction": "right"},
                      {"id": 2, "second": 1.5, "direction": "left"}],
        "visits": [{"id": 3, "second": .2, "seconds": 1.04}]}


def test_csv_has_a_row_for_each_event(tmp_path):
    save_report(REPORT, tmp_path / "a.CSV")
    rows = list(csv.reader((tmp_path / "a.CSV").open()))
    assert rows[0] == list(HEAD)
    assert rows[1:] == [["crossing", "3", "0.4", "left", ""], ["crossing", "1", "1.2", "right", ""],
                        ["crossing", "2", "1.5", "left", ""], ["visit", "3", "0.2", "", "1.04"]]


def test_nothing_happened(tmp_path):
    save_report(Report(1), tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["crossings"] == []
    save_report(Report(1), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == ",".join(HEAD) + "\n"


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match="a.xlsx: a report is .json or .csv"):
        save_report(REPORT, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())
