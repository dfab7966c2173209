"""vidlearn detect: boxes as text, and a film with them drawn."""

import csv
import io
import json

import numpy as np
import pytest

from tests.cli.command import run, told
from tests.inference import street_film
from vidlearn import video
from vidlearn.inference.detect import detect
from vidlearn.show import draw

FAST = ["--engine", "opencv"]


@pytest.fixture
def street(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return street_film.write(tmp_path / "street.mkv")


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return street_film.write(tmp_path / "nobody.mkv", street_film.empty())


def table(said):
    """The rows of the CSV among the lines that a command says."""
    lines = said.splitlines(keepends=True)
    return list(csv.DictReader(io.StringIO("".join(line for line in lines if "," in line
                                                   and "frames" not in line))))


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_prints_the_boxes_that_the_library_finds(street):
    code, said = run("detect", street, *FAST)
    assert code == 0
    expected = [(t, np.round(box, 2).tolist(), round(float(score), 4))
                for t, each in enumerate(detect(street_film.clip().frames, street_film.load()))
                for box, score in zip(each["boxes"], each["scores"], strict=True)]
    assert [(int(row["frame"]), [float(row[side]) for side in ("left", "top", "right", "bottom")],
             float(row["score"])) for row in table(said)] == expected and expected
    assert {row["label"] for row in table(said)} == {"person"}
    assert f"{len(expected)} boxes in 4 frames: person {len(expected)}" in said


@pytest.mark.parametrize("engine", street_film.ENGINES)
def test_each_engine_finds_them(engine, street):
    code, said = run("detect", street, "--engine", engine, "--labels", "person, car")
    assert code == 0 and {row["label"] for row in table(said)} == {"person", "car"}


def test_it_writes_csv_json_lines_and_a_film(street):
    for name in ("boxes.csv", "boxes.jsonl"):
        code, said = run("detect", street, *FAST, "--labels", "all", "--out", name)
        assert code == 0 and name in said and "frame,seconds" not in said
    with open("boxes.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open("boxes.jsonl", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    assert [{k: str(v) for k, v in line.items()} for line in lines] == rows
    assert {"person", "car"} <= {row["label"] for row in rows}
    assert [float(row["seconds"]) for row in rows] == [int(row["frame"]) / 8 for row in rows]


@pytest.mark.parametrize("name", ["drawn.mp4", "drawn.webm", "drawn.mkv"])
def test_the_film_shows_the_boxes_and_plays_as_long(name, street):
    assert run("detect", street, *FAST, "--film", name)[0] == 0
    clip, probed = video.read(name), video.probe(name)
    assert clip.frames.shape == (4, 120, 160, 3) and clip.fps == pytest.approx(8)
    assert probed.codec == {"mp4": "h264", "webm": "vp9", "mkv": "ffv1"}[name[6:]]
    changed = np.abs(clip.frames.astype(int) - street_film.clip().frames).max(-1) > 60
    red = np.abs(clip.frames.astype(int) - draw.COLOURS[1]).max(-1) < 60
    assert all((changed & red)[t].sum() > 50 for t in range(4))


def test_a_higher_score_finds_fewer_and_tiles_look_again(street):
    counts = [len(table(run("detect", street, *FAST, *words)[1])) for words in (
        ["--score", 0.5], [], ["--score", 0.8], ["--score", 1])]
    assert counts == sorted(counts, reverse=True) and counts[0] > counts[2] > counts[3] == 0
    assert run("detect", street, *FAST, "--tiles", 2)[1] != run("detect", street, *FAST)[1]


def test_a_film_without_people_says_so_and_has_a_head(nobody):
    code, said = run("detect", nobody, *FAST, "--out", "none.csv", "--film", "none.mp4")
    assert code == 0
    assert "no person in 3 frames with a score of 0.65 or more: a lower --score" in said
    with open("none.csv", encoding="utf-8") as file:
        assert file.read() == "frame,seconds,label,score,left,top,right,bottom\n"
    assert len(video.read("none.mp4")) == 3
    assert "no object in 3 frames" in run("detect", nobody, *FAST, "--labels", "all")[1]


@pytest.mark.parametrize("words, says", [
    (["gone.mp4"], "there is no such file"), (["notes.txt"], "notes.txt: is not a video"),
    ([".", "--film", "a.mp4"], "is a folder, not a video"),
    (["street.mkv", "--labels", "persn"], "there is no label 'persn': did you mean person?"),
    (["street.mkv", "--labels", "person,,car"], "there is no label ''"),
    (["street.mkv", "--out", "boxes.txt"], "boxes.txt must end in .csv or .jsonl"),
    (["street.mkv", "--out", "old.csv"], "old.csv exists already: choose another name"),
    (["street.mkv", "--film", "old.mp4"], "old.mp4 exists already: choose another name"),
    (["street.mkv", "--film", "street.mkv"], "street.mkv exists already"),
    (["street.mkv", "--film", "a.gif"], "a.gif must end in .mp4, .webm, .mkv"),
    (["street.mkv", "--film", "no/a.mp4"], "there is no folder no"),
    (["street.mkv", "--out", "notes.txt/a.csv"], "Not a directory: "),
    (["street.mkv", "--engine", "numpy"], "there is no engine 'numpy': choose one of scratch"),
    (["street.mkv", "--device", "cuda"], "opencv runs on the cpu"),
])
def test_a_mistake_is_one_line_and_leaves_no_file(words, says, street, tmp_path):
    for name in ("notes.txt", "old.csv", "old.mp4"):
        (tmp_path / name).write_text("mine")
    before = files(tmp_path)
    code, said = told("detect", *FAST, *words)
    assert code == 1 and says in said
    assert files(tmp_path) == before and (tmp_path / "old.csv").read_text() == "mine"


@pytest.mark.parametrize("words", [["--score", 2], ["--tiles", 0], ["--tiles", 99],
                                   ["--score", "x"], ["--out", ""], ["--labels", " "]])
def test_wrong_usage_exits_with_2(words, street):
    assert told("detect", street, *words)[0] == 2


def test_a_damaged_film_is_refused_whole_or_used_as_far_as_it_goes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = street_film.write(tmp_path / "cut.mkv", street_film.clip(12).frames)
    data = path.read_bytes()
    path.write_bytes(data[:len(data) * 7 // 10])
    words = ["detect", path, *FAST, "--out", "boxes.csv", "--film", "boxes.mp4"]
    code, said = told(*words)
    assert code == 1 and "declared frames were decoded" in said
    assert said.endswith(". --allow-damaged takes what there is")
    assert files(tmp_path) == ["cut.mkv"]
    code, said = run(*words, "--allow-damaged")
    assert code == 0 and "It is used as far as it goes" in said
    assert 0 < len(video.read("boxes.mp4")) < 12
    assert files(tmp_path) == ["boxes.csv", "boxes.mp4", "cut.mkv"]
