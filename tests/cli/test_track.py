"""vidlearn track follows people in a film, and says what it found or what was wrong."""

import json
import re

import numpy as np
import pytest

from tests.cli.command import run, told
from vidlearn import video
from vidlearn.datasets.street import street

LINE, ZONE = "105,119,105,20", "95,60,150,60,150,115,95,115"
BACKGROUND = "--detector", "background"


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """A street with people, one without, one frame, and a damaged film."""
    folder = tmp_path_factory.mktemp("films")
    clip = street(72, frames=150, people=3, cars=0, crowd=True)
    video.write(folder / "people.mkv", clip.frames, 25)
    video.write(folder / "nobody.mkv", street(1, frames=30, people=0, cars=0).frames, 25)
    video.write(folder / "one.mkv", clip.frames[:1], 25)
    whole = (folder / "people.mkv").read_bytes()
    (folder / "half.mkv").write_bytes(whole[:len(whole) // 2])
    return folder


def test_tracks_counts_and_a_film_are_written(films, tmp_path):
    out, report, film = (tmp_path / name for name in ("t.txt", "counts.json", "film.mp4"))
    code, said = run("track", films / "people.mkv", *BACKGROUND, "--count", LINE, "--zone", ZONE,
                     "-o", out, "--report", report, "--film", film)
    assert code == 0
    rows = np.loadtxt(out, delimiter=",")
    assert rows.shape[1] == 10 and rows[:, 0].min() >= 1 and rows[:, 0].max() <= 150
    found = json.loads(report.read_text())
    assert found["frames"] == 150 and found["people"] == len(np.unique(rows[:, 1])) >= 2
    assert f"{found['people']} people or things followed, at most {found['most_at_once']}" in said
    assert "crossed the line: {left} to the left, {right} to the right".format(
        **found["crossed"]) in said
    assert f"visits to the zone: {len(found['visits'])}" in said and found["visits"]
    assert re.search(r"150 frames, \d+ a second; written: .*t.txt, .*counts.json, .*film.mp4", said)
    assert len(video.read(film)) == 150


def test_without_options_it_says_what_it_saw(films, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = run("track", films / "people.mkv", *BACKGROUND)
    assert code == 0 and "people or things followed" in said and "line" not in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("detector", ["background", "fastestdet"])
def test_a_film_without_people(films, tmp_path, detector):
    code, said = run("track", films / "nobody.mkv", "--detector", detector, "--count", LINE,
                     "--zone", ZONE, "-o", tmp_path / "t.txt", "--report", tmp_path / "c.csv",
                     "--film", tmp_path / "f.webm")
    assert code == 0 and "nobody was found in 30 frames: another --detector may find more" in said
    assert (tmp_path / "t.txt").read_text() == ""
    assert (tmp_path / "c.csv").read_text() == "event,id,second,direction,seconds\n"
    assert len(video.read(tmp_path / "f.webm")) == 30


@pytest.mark.parametrize("detector", ["background", "fastestdet"])
def test_a_film_of_one_frame(films, tmp_path, detector):
    code, said = run("track", films / "one.mkv", "--detector", detector, "--zone", ZONE,
                     "--film", tmp_path / "f.mp4")
    assert code == 0 and "1 frames, " in said
    assert len(video.read(tmp_path / "f.mp4")) == 1


def test_a_damaged_film(films, tmp_path):
    words = "track", films / "half.mkv", *BACKGROUND, "-o", tmp_path / "t.txt"
    code, line = told(*words)
    assert code == 1 and "--allow-damaged" in line and not (tmp_path / "t.txt").exists()
    code, said = run(*words, "--allow-damaged")
    assert code == 0 and (tmp_path / "t.txt").exists()


@pytest.mark.parametrize("words, wanted", [
    (["--count", "1,2,3"], "--count 1,2,3: it takes four numbers x0,y0,x1,y1, with commas"),
    (["--count", "1,2,3,4,5"], "--count 1,2,3,4,5: it takes four numbers"),
    (["--count", "a,b,c,d"], "--count a,b,c,d: it takes four numbers"),
    (["--count", "5,5,5,5"], "starts where it ends: give two points"),
    (["--count", "nan,5,5,5"], "line must be a line"),
    (["--count", "900,0,900,50"], "the line [900.0, 0.0, 900.0, 50.0] lies outside the picture"),
    (["--zone", "1,2,3,4"], "--zone 1,2,3,4: it takes three corners or more"),
    (["--zone", "1,2,3,4,5,6,7"], "it takes three corners or more"),
    (["--zone", "1,1,2,2,3,3"], "encloses no area"),
    (["--detector", "yolo"], "--detector yolo: it is fastestdet or background"),
    (["--report", "counts.xlsx"], "counts.xlsx: a report is .json or .csv"),
    (["--film", "film.xyz"], "no codec for .xyz"),
    (["--film", "."], "Is a directory: ."),
])
def test_wrong_options_are_said_in_one_line(films, tmp_path, monkeypatch, words, wanted):
    monkeypatch.chdir(tmp_path)
    code, line = told("track", films / "people.mkv", *BACKGROUND, *words)
    assert code == 1 and wanted in line
    assert not list(tmp_path.iterdir())


def test_a_film_that_is_not_there_and_one_that_would_be_replaced(films):
    assert "none.mp4" in told("track", "none.mp4", *BACKGROUND)[1]
    code, line = told("track", films / "people.mkv", *BACKGROUND, "-o", films / "people.mkv")
    assert code == 1 and "is the film itself" in line
    assert len(video.read(films / "people.mkv")) == 150
