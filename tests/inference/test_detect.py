"""Objects in frames and films: decoding, tiles, labels, and films that are damaged."""

import numpy as np
import pytest

from tests.inference import street_film
from vidlearn import video
from vidlearn.checks import ArgumentError
from vidlearn.inference.detect import _spans, decode, detect, detect_in_film
from vidlearn.inference.detector import Detector
from vidlearn.scratch.layers.boxes import box_iou

EACH = pytest.mark.parametrize("engine", street_film.ENGINES)


def found(frames=None, engine="opencv", **options):
    frames = street_film.clip().frames if frames is None else frames
    return list(detect(frames, street_film.load(engine), **options))


def planted(*objects, size=32):
    """A detector that sees, in each image, objects (cell, class, width, height, there)."""
    def network(images):
        maps = np.zeros((len(images), 8, size // 16, size // 16))
        maps[:, 5] = 1
        for (row, column), label, width, height, there in objects:
            maps[:, :5, row, column] = [
                there, 0, 0, np.log(width / (1 - width)), np.log(height / (1 - height))]
            maps[:, 5:, row, column] = np.eye(3)[label]
        return maps
    return Detector(("person", "dog", "car"), size, network)


def test_decoding_is_the_published_formula():
    maps = np.random.default_rng(0).normal(size=(8, 3, 4))
    maps[0], maps[5:] = np.random.default_rng(1).random((3, 4)), 0.2
    maps[6] = 0.6
    boxes, labels, scores = decode(maps, (60, 100), score=0)
    row, column = 2, 1                                           # by hand, for one cell
    x, y = (np.tanh(maps[1, row, column]) + column) / 4, (np.tanh(maps[2, row, column]) + row) / 3
    w, h = (1 / (1 + np.exp(-maps[i, row, column])) for i in (3, 4))
    expected = [100 * (x - w / 2), 60 * (y - h / 2), 100 * (x + w / 2), 60 * (y + h / 2)]
    np.testing.assert_allclose(boxes[row * 4 + column], expected, atol=1e-12)
    np.testing.assert_allclose(scores, maps[0].ravel() ** 0.6 * 0.6 ** 0.4)
    assert (labels == 1).all() and len(boxes) == 12


@EACH
def test_it_finds_the_people_and_the_cars_of_a_drawn_street(engine):
    clip = street_film.clip()
    for t, each in enumerate(found(engine=engine, labels=("person", "car"))):
        assert (np.diff(each["scores"]) <= 0).all() and (each["scores"] >= 0.65).all()
        for kind, label in ((0, 0), (1, 2)):
            there = clip.boxes[t][clip.kinds == kind].astype(float)
            right = box_iou(each["boxes"][each["labels"] == label], there).max(0)
            assert (right > 0.5).any()


def test_all_engines_find_the_same():
    by_hand, *others = (found(engine=engine, labels=None) for engine in street_film.ENGINES)
    assert sum(len(each["scores"]) for each in by_hand) >= 10
    for other in others:
        for a, b in zip(by_hand, other, strict=True):
            assert (a["labels"] == b["labels"]).all()
            np.testing.assert_allclose(a["boxes"], b["boxes"], atol=0.05)
            np.testing.assert_allclose(a["scores"], b["scores"], atol=1e-3)


def test_only_what_is_asked_for_is_found():
    people, cars, both = (found(labels=names) for names in (
        ["person"], ["car"], ["person", "car"]))
    for t in range(len(both)):
        assert set(people[t]["labels"]) == {0} and set(cars[t]["labels"]) == {2}
        assert len(people[t]["labels"]) + len(cars[t]["labels"]) == len(both[t]["labels"])


def test_boxes_are_of_the_frame_and_lie_in_it():
    large = np.repeat(np.repeat(street_film.clip().frames[:1], 3, 1), 2, 2)
    small, [big] = found()[0], found(large)
    assert box_iou(small["boxes"] * [2, 3, 2, 3], big["boxes"]).max(1).min() > 0.7
    assert (big["boxes"] >= 0).all() and (big["boxes"] <= [320, 360, 320, 360]).all()


def test_of_boxes_of_one_class_that_overlap_the_best_stays():
    objects = [((0, 0), 0, .9, .9, .9), ((0, 1), 0, .9, .9, .95), ((1, 0), 2, .9, .9, .8)]
    frame = np.zeros((1, 40, 40, 3), np.uint8)
    [both] = detect(frame, planted(*objects), None, iou=0.2)
    assert both["labels"].tolist() == [0, 2]
    np.testing.assert_allclose(both["scores"], np.array([.95, .8]) ** .6)
    [all_three] = detect(frame, planted(*objects), None, iou=1.0)
    assert all_three["labels"].tolist() == [0, 0, 2]


def test_the_threshold_holds():
    seen = planted(((0, 0), 0, .1, .1, .4), ((1, 1), 0, .1, .1, .9))
    frame = np.zeros((1, 64, 64, 3), np.uint8)
    assert [len(next(detect(frame, seen, score=s))["scores"]) for s in (.3, .65, .95)] == [2, 1, 0]


def test_nothing_found_is_empty_arrays_of_the_right_shape():
    for tiles in (1, 2):
        for each in found(street_film.empty(), labels=None, tiles=tiles):
            assert each["boxes"].shape == (0, 4) and each["boxes"].dtype == float
            assert each["labels"].shape == each["scores"].shape == (0,)
    assert found(np.zeros((0, 8, 8, 3), np.uint8)) == []


def test_a_frame_of_one_pixel_and_an_uneven_one():
    for size in ((1, 1), (7, 301)):
        for tiles in (1, 3):
            assert len(found(np.zeros((1, *size, 3), np.uint8), tiles=tiles)) == 1


@pytest.mark.parametrize("length, tiles", [(100, 2), (101, 2), (576, 3), (1920, 8), (1, 4)])
def test_tiles_overlap_and_cover_the_side(length, tiles):
    spans = _spans(length, tiles)
    assert len(spans) == tiles and spans[0][0] == 0 and spans[-1][1] == length
    shared = [(a[1] - b[0]) / (a[1] - a[0]) for a, b in zip(spans, spans[1:], strict=False)]
    assert length == 1 or all(0.25 < share < 0.35 for share in shared)


def test_what_an_inner_edge_cuts_off_is_dropped_and_what_the_frame_cuts_off_is_not():
    """In each tile, an object fills the left half: only at the frame's own edge is it whole."""
    seen = planted(((0, 0), 0, .5, .3, .9))                      # its left edge lies outside
    frame = np.zeros((1, 170, 170, 3), np.uint8)                 # tiles of 100, from 0 and from 70
    [each] = detect(frame, seen, tiles=2, iou=1.0)
    assert each["boxes"][:, 0].max() == 0 and len(each["boxes"]) == 2     # the frame, its left tile


def test_tiles_find_people_that_are_too_small_for_one_look():
    small = np.full((1, 480, 640, 3), 110, np.uint8)
    small[0, 330:450, 450:610] = street_film.clip().frames[0]    # a quarter of each side
    one, four = (found(small, tiles=tiles)[0] for tiles in (1, 2))
    there = street_film.clip().boxes[0][:4] + [450, 330, 450, 330.0]
    right = [(box_iou(each["boxes"], there) > 0.5).any(0).sum() for each in (one, four)]
    assert right[1] > right[0]


def test_frames_are_taken_one_by_one():
    taken = []

    def frames():
        for frame in street_film.clip().frames:
            taken.append(1)
            yield frame
    steps = detect(frames(), street_film.load())
    assert not taken
    next(steps)
    assert len(taken) == 1


@pytest.mark.parametrize("frame", [np.zeros((8, 8, 3)), np.zeros((8, 8), np.uint8), None,
                                   np.zeros((8, 8, 4), np.uint8), np.zeros((0, 8, 3), np.uint8)])
def test_a_frame_that_is_no_picture_is_refused_by_its_number(frame):
    with pytest.raises(ArgumentError, match="frame 1 is .*every frame must be .H, W, 3. uint8"):
        list(detect([street_film.empty()[0], frame], street_film.load()))


def test_wrong_options_are_refused_before_the_first_frame():
    for wrong in (dict(labels=["persn"]), dict(score=1.5), dict(tiles=0), dict(tiles=9),
                  dict(iou=-1), dict(labels="person")):
        with pytest.raises(ArgumentError):
            detect(street_film.empty(), street_film.load(), **wrong)


def test_a_film_gives_the_seconds_the_frames_and_what_is_in_them(tmp_path):
    path = street_film.write(tmp_path / "street.mkv")
    steps = list(detect_in_film(path, street_film.load()))
    assert [second for second, *_ in steps] == [0, 1 / 8, 2 / 8, 3 / 8]
    assert (np.stack([frame for _, frame, _ in steps]) == street_film.clip().frames).all()
    for (*_, a), b in zip(steps, found(), strict=True):
        assert all((a[name] == b[name]).all() for name in b)


def test_a_damaged_film_is_refused_or_used_as_far_as_it_goes(tmp_path):
    path = street_film.write(tmp_path / "cut.mkv", street_film.clip(12).frames)
    data = path.read_bytes()
    path.write_bytes(data[:len(data) * 7 // 10])
    steps, got = detect_in_film(path, street_film.load()), []
    with pytest.raises(video.VideoError, match="declared frames were decoded"):
        for step in steps:
            got.append(step)
    assert 0 < len(got) < 12                                     # the good frames came
    with pytest.warns(UserWarning, match="It is used as far as it goes"):
        left = list(detect_in_film(path, street_film.load(), allow_damaged=True))
    assert len(got) <= len(left) < 12


def test_a_film_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(video.VideoError, match="no such file"):
        list(detect_in_film(tmp_path / "gone.mp4", street_film.load()))
