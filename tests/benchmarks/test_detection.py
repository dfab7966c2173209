"""The benchmark of detect judges what is found against a truth; here on a street that is drawn."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.inference import street_film

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def detection(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    path = BENCHMARKS / "detection.py"
    spec = importlib.util.spec_from_file_location("detection_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("tables", None)


def boxes(*rows):
    return {"boxes": np.array(rows, float).reshape(-1, 4), "labels": np.zeros(len(rows), int),
            "scores": np.linspace(0.9, 0.8, len(rows))}


def test_precision_and_recall_are_counted_over_all_frames(detection):
    truth = [np.array([[0, 0, 10, 10.0], [20, 0, 30, 10]]), np.array([[0, 0, 10, 10.0]])]
    found = [boxes([0, 0, 10, 10], [0, 0, 10, 9], [50, 0, 60, 9]), boxes([0, 0, 10, 8])]
    assert detection.judged(found, truth) == (2 / 4, 2 / 3)
    assert detection.judged([boxes(), boxes()], truth) == (1, 0)


def test_it_prints_a_row_for_each_engine_and_setting(detection, tmp_path, monkeypatch, capsys):
    film = street_film.write(tmp_path / "street.mkv")
    clip = street_film.clip()
    lines = ["frame,id,left,top,width,height"] + [
        f"{t + 1},0,{a},{b},{c - a},{d - b}" for t in range(len(clip.boxes))
        for a, b, c, d in clip.boxes[t][clip.kinds == 0]]
    (tmp_path / "truth.csv").write_text("\n".join(lines))
    truth = detection.read_truth(tmp_path / "truth.csv")
    assert list(truth) == [0, 1, 2, 3]
    assert (truth[2] == clip.boxes[2][clip.kinds == 0]).all()
    monkeypatch.setattr(sys, "argv", ["detection.py", str(film), str(tmp_path / "truth.csv"),
                                      "--engine", "opencv"])
    detection.main()
    said = re.findall(r"^\| `--engine opencv (.+)` \| (.+) \|$", capsys.readouterr().out, re.M)
    assert len(said) == 4 and said[1][0] == "--score 0.65"
    low, usual = ([float(x) for x in numbers.split(" | ")] for _, numbers in said[:2])
    assert low[1] >= usual[1] > 0.2 and usual[0] > 0.5 and usual[4] > 0
