"""Known again by colour: an id comes back with the clothes, if somebody could have come so far."""

import numpy as np
import pytest

from tests.tracking.walkers import tracked, walk
from vidlearn.checks import ArgumentError
from vidlearn.tracking.appearance import Reidentified, colours
from vidlearn.tracking.tracker import Sort

FRAMES = 40
RED, BLUE = (200, 30, 30), (30, 30, 200)


def film(people, hidden=range(0)):
    """Pictures (T, H, W, 3) and boxes of each frame; `people` are (start, speed, colour)."""
    pictures, boxes = np.full((FRAMES, 60, 240, 3), 90, np.uint8), [[] for _ in range(FRAMES)]
    for start, speed, colour in people:
        for t, box in enumerate(walk(start, speed, FRAMES)):
            left, top, right, bottom = box.astype(int)
            pictures[t, top:bottom, left:right] = colour
            if t not in hidden:
                boxes[t].append(box)
    return pictures, [np.reshape(found, (-1, 4)) for found in boxes]


def ids(people, hidden, **options):
    pictures, boxes = film(people, hidden)
    tracker = Reidentified(Sort(min_hits=1), **options)
    return [frame[0].tolist() for frame in tracked(tracker, boxes, pictures=pictures)]


def test_who_comes_back_gets_the_id_back():
    found = ids([((5, 5), (1, 0), RED)], range(15, 25))
    assert found[14] == [1] and found[20] == [] and found[-1] == [1]


def test_somebody_else_gets_a_new_id():
    pictures, boxes = film([((5, 5), (1, 0), RED)], range(15, 25))
    pictures[25:] = np.where(pictures[25:] == RED, BLUE, pictures[25:])
    found = tracked(Reidentified(Sort(min_hits=1)), boxes, pictures=pictures)
    assert found[-1][0].tolist() == [2]


def test_nobody_comes_back_from_too_far_or_too_late():
    assert ids([((5, 5), (1, 0), RED)], range(15, 25), speed=0, reach=3)[-1] == [2]
    assert ids([((5, 5), (1, 0), RED)], range(15, 25), memory=5)[-1] == [2]


def test_two_who_hide_at_once_are_not_confused():
    people = [((5, 3), (1, 0), RED), ((5, 33), (1, 0), BLUE)]
    assert ids(people, range(15, 25))[-1] == [1, 2]


def test_one_id_is_never_given_to_two_at_once():
    people = [((5, 3), (1, 0), RED), ((30, 3), (1, 0), RED)]
    for found in ids(people, range(15, 25)):
        assert len(set(found)) == len(found)


def test_looks_are_shares_of_colours():
    pictures, boxes = film([((5, 5), (1, 0), RED), ((50, 5), (1, 0), BLUE)])
    red, blue = (colours(pictures[0], box) for box in boxes[0])
    np.testing.assert_allclose([red @ red, red @ blue], [1, 0], atol=1e-12)
    assert (colours(pictures[0], np.array([500.0, 0, 510, 20])) == 0).all()


def test_without_a_picture_it_is_refused():
    with pytest.raises(ArgumentError, match="frame: colours are read from it"):
        Reidentified(Sort()).update(np.zeros((0, 4)))
