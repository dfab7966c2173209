"""Videos of five codecs, damaged in five ways: no crash, no hang, no silently short clip."""

import os
import time
from collections import Counter

import pytest

from tests.video.conftest import COUNT
from tools import damage_survey
from tools.damage_survey import Reader

EACH = 10                                             # of each video and damage: 250 files


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """(video, damage, frames decoded, error, verdict) of each damaged file."""
    folder = tmp_path_factory.mktemp("survey")
    paths, wholes = damage_survey.whole_films(folder)
    assert list(wholes.values()) == [COUNT] * 4 + [120]
    with Reader(damage_survey.by_vidlearn) as reader:
        rows = damage_survey.survey(paths, wholes, EACH, 7, folder, {"vidlearn": reader})
        return [(name, kind, *(answer if len(answer) == 2 else (None, answer)), end)
                for _, name, kind, answer, end in rows]


def test_every_video_is_damaged_in_every_way(found):
    films = Counter((name, kind) for name, kind, *_ in found)
    assert len(films) == 25 and set(films.values()) == {EACH}
    ends = Counter(end for *_, end in found)
    assert ends["all"] > 50 and ends["error"] > 100


def test_no_damaged_file_crashes_or_hangs_the_reader(found):
    assert [row for row in found if row[-1] in ("crash", "hang")] == []


def test_a_damaged_file_is_hardly_ever_short_without_an_error(found):
    silent = [row for row in found if row[-1] == "silent"]
    assert len(silent) <= len(found) / 100, silent


def test_every_error_says_how_many_frames_were_decoded(found):
    errors = [row for row in found if row[-1] == "error"]
    assert [row for row in errors if row[2] is None] == []
    assert all(str(row[2]) in row[3] for row in errors if row[2])


def test_nearly_every_error_says_how_many_frames_are_declared(found):
    """Of a file that opens: of one with a damaged header FFmpeg says nothing."""
    errors = [row for row in found if row[-1] == "error" and row[2]]
    without = [row for row in errors if f"{row[2]} of " not in row[3]]
    assert len(errors) > 50 and len(without) <= len(errors) / 50, without


def test_what_is_left_of_a_damaged_file_is_all_that_was_decoded(tmp_path):
    """With `strict` off nothing crashes or hangs either, and no frame is lost for it."""
    paths, few = damage_survey.films(tmp_path), 0
    with Reader(damage_survey.by_vidlearn_as_far_as_it_goes) as left, \
            Reader(damage_survey.by_vidlearn) as strict:
        for row in damage_survey.variants(paths, 4, 8, tmp_path):
            decoded, error = left.ask(row[-1])        # "crash" and "hang" are no pairs
            frames, why = strict.ask(row[-1])
            assert decoded >= (frames or 0) and (error is None) == (decoded > 0), (row, error)
            few += why is not None and decoded > 0
    assert few > 20


def crash_or_answer(path):
    """A reader that ends its process, never answers, or answers."""
    if path == "abort":
        os.abort()
    while path in ("work", "sleep"):
        if path == "sleep":
            time.sleep(60)
    return len(path), None


def test_the_survey_sees_a_crash_and_a_hang_and_goes_on():
    with Reader(crash_or_answer, busy=0.5, limit=6) as reader:
        answers = [reader.ask(path) for path in ("one", "abort", "three", "work", "sleep", "done")]
    assert answers == [(3, None), "crash", (5, None), "hang", "hang", (4, None)]


@pytest.mark.parametrize("answer, end", [
    ((40, None), "all"), ((39, None), "silent"), ((41, None), "silent"), ((0, "why"), "error"),
    ("crash", "crash")])
def test_a_verdict(answer, end):
    assert damage_survey.verdict(answer, 40) == end
