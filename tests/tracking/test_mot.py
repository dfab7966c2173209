"""MOT files: written and read again, and refused line by line."""

import numpy as np
import pytest

from tests.tracking.walkers import walk
from vidlearn.checks import ArgumentError
from vidlearn.tracking import mot

TRACKS = [([3], walk((0, 0), (1, 0), 1)), ([], np.zeros((0, 4))),
          ([3, 9], walk((2.25, 4.5), (5, 0), 2))]


def test_what_is_written_is_read_again(tmp_path):
    mot.write(tmp_path / "tracks.txt", TRACKS)
    lines = (tmp_path / "tracks.txt").read_text().splitlines()
    assert lines[0] == "1,3,1.00,1.00,10.00,24.00,1,-1,-1,-1" and len(lines) == 3
    found = mot.read(tmp_path / "tracks.txt")
    assert len(found) == 3 and len(mot.read(tmp_path / "tracks.txt", frames=5)) == 5
    for (ids, boxes), (again, read, scores) in zip(TRACKS, found, strict=True):
        assert again.tolist() == ids and scores.tolist() == [1] * len(ids)
        np.testing.assert_allclose(read, boxes)


def test_detections_have_scores_and_empty_lines_are_skipped(tmp_path):
    (tmp_path / "det.txt").write_text("2,-1,11,21,5,6,0.25,-1,-1,-1\n\n1,-1,1,1,5,6\n")
    (_, _, sure), (ids, boxes, scores) = mot.read(tmp_path / "det.txt")
    assert (ids.tolist(), boxes.tolist(), scores.tolist()) == ([-1], [[10, 20, 15, 26]], [0.25])
    assert sure.tolist() == [1]


@pytest.mark.parametrize("line", ["1,2,3,4,5", "1,2,3,4,0,6", "0,2,3,4,5,6", "1,2,a,4,5,6",
                                  "1.5,2,3,4,5,6", "1,2,nan,4,5,6", "x"])
def test_a_line_that_is_none_is_named(tmp_path, line):
    (tmp_path / "gt.txt").write_text("1,1,1,1,5,5\n" + line + "\n")
    with pytest.raises(ArgumentError, match=r"gt\.txt, line 2: "):
        mot.read(tmp_path / "gt.txt")


def test_a_film_that_is_too_short_is_named(tmp_path):
    mot.write(tmp_path / "tracks.txt", TRACKS)
    with pytest.raises(ArgumentError, match="frame 3, but the film has 2 frames"):
        mot.read(tmp_path / "tracks.txt", frames=2)


def test_an_empty_file_holds_nothing(tmp_path):
    (tmp_path / "none.txt").touch()
    assert mot.read(tmp_path / "none.txt") == [] and len(mot.read(tmp_path / "none.txt", 4)) == 4
