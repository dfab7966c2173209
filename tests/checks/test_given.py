"""What is given to a public function is looked at first, and a refusal says what came."""

import inspect
import pickle

import numpy as np
import pytest
import torch

from tests.checks import right_arguments as right
from vidlearn import evaluation, explain, models, naive, scratch, show, video
from vidlearn.checks import given, kinds
from vidlearn.datasets import load, motion
from vidlearn.datasets.folder import Folder
from vidlearn.engine import Engine
from vidlearn.evaluation import metrics
from vidlearn.video import transform
from vidlearn.vision import background, flow

BYTES, MOVING = right.BYTES, right.MOVING


def measure(x, count=3, seed=0, share=0.5, way="up", fast=False, size=None, caption="", *rest):
    return [x, count, seed, share, way, fast, size, caption, *rest]


def outer(x):
    return namespace["inner"](x, 1)


def inner(first, second):
    return first[second]


class Thing:
    def __init__(self, count=1):
        self.count = count

    def _inside(self, count=1):
        return count

    def grown(self, by=1):
        return self.count + by


namespace = dict(__name__=__name__, measure=measure, inner=inner, outer=outer, Thing=Thing)
given.check(namespace, {"x first": kinds.array("an array", 1), "size": kinds.SIDES,
                        "rest": kinds.WORD})


@pytest.mark.parametrize("wrong, says", [
    (dict(x=None), "measure: x must be an array, not None"),
    (dict(x=MOVING), "x must be an array, not Motion: its .clips are an array"),
    (dict(x=BYTES), r"x must be an array, not array \(4, 8, 8, 3\) uint8"),
    (dict(x=torch.ones(2, requires_grad=True)), r"not Tensor \(2,\) torch.float32: Can't call n"),
    (dict(count=0), "count must be a whole number, 1 or more, not 0"),
    (dict(count=1.5), "count must be a whole number, 1 or more, not 1.5"),
    (dict(count=True), "count must be a whole number, 1 or more, not True"),
    (dict(count=10**30), "count must be a whole number, 1 or more, not 1000"),
    (dict(seed=-1), "seed must be a whole number, 0 or more, or a list of them, not -1"),
    (dict(share=float("nan")), "share must be a finite number, not nan"),
    (dict(share="a lot"), "share must be a finite number, not str: 'a lot'"),
    (dict(way=3), "way must be a word, not 3"), (dict(fast="no"), "fast must be True or False, n"),
    (dict(size=(1, 2, 3)), r"size must be a length or \(height, width\) .* not tuple: \(1, 2, 3\)"),
    (dict(size=len), "not builtin_function_or_method: len"),
])
def test_another_kind_is_refused_by_name(wrong, says):
    with pytest.raises((TypeError, ValueError), match=says):
        namespace["measure"](**({"x": [1]} | wrong))


def test_what_is_right_goes_through():
    found = namespace["measure"]([1], np.float32(2), 10**30, 1, "down", 1, (2, 3), None, "more")
    assert isinstance(found[0], np.ndarray) and found[1:] == [
        2, 10**30, 1, "down", 1, (2, 3), None, "more"]


def test_arguments_in_a_row_are_counted_by_their_name():
    with pytest.raises(ValueError, match="measure: rest must be a word, not 5"):
        namespace["measure"]([1], 2, 3, 0.5, "up", True, 4, "", "a", 5)


def test_a_class_and_its_methods_look_too_but_not_inside():
    with pytest.raises(TypeError, match="Thing: count must be"):
        Thing("a")
    with pytest.raises(TypeError, match=r"Thing.grown: by must be"):
        Thing().grown("a")
    assert Thing()._inside("a") == "a"


def test_what_goes_wrong_deep_inside_is_told_in_the_words_of_the_call():
    with pytest.raises(ValueError, match=r"^outer cannot take x array \(1,\) int64: index 1 is"):
        namespace["outer"]([1])


def test_what_the_readers_own_function_raises_is_left_alone():
    with pytest.raises(ZeroDivisionError):
        metrics.bootstrap(lambda x: 1 / 0, [1, 2], rounds=1)


def test_a_function_keeps_its_name_its_source_and_its_signature():
    assert "def conv(x, weight" in inspect.getsource(inspect.unwrap(naive.conv))
    assert list(inspect.signature(naive.conv).parameters)[:2] == ["x", "weight"]
    assert naive.conv.__name__ == "conv" and naive.conv.__doc__


def test_workers_can_be_sent_what_they_need(tmp_path):
    film, clips, _ = right.files(tmp_path)
    again = pickle.loads(pickle.dumps([Folder(clips), motion.motion, transform.resize, MOVING]))
    assert again[0].augment is Folder(clips).augment and again[1] is motion.motion


def test_an_engine_may_be_given_by_its_name():
    data, hand = right.Two(), Engine("scratch")
    model = models.build("mean_frames", scratch.nn, 2, width=1, features=1)
    by_name, found = (evaluation.evaluate(model, data, engine) for engine in ("scratch", hand))
    assert (by_name.scores == found.scores).all()
    assert explain.cascade(model, "scratch", lambda model: 1)[""] == 1


@pytest.mark.parametrize("call, says", [
    (lambda: explain.saliency(right.flat_net(), np.zeros((3, 8, 8)), Engine(
        "scratch", dtype="float64"), label=9), r"label 9 of a model .* must be 0 to 1"),
    (lambda: explain.occlusion(right.flat_net(), np.zeros((3, 8, 8), np.uint8),
                               "scratch", 0, (4, 4)), "clip must be .* of floating numbers, not a"),
    (lambda: evaluation.wilson(5, 4), "right 5 cannot be more than total 4"),
    (lambda: evaluation.Result(np.ones((3, 2)), np.zeros(2, int), ("a", "b")),
     r"labels \(2,\), 2 c"),
    (lambda: evaluation.Result(np.ones((1, 2)), np.array([2]), ("a", "b")), "labels from 0"),
    (lambda: transform.grey(BYTES.astype(float)), r"floating frames lie in 0..1; these lie in 0"),
    (lambda: transform.resize(BYTES.astype(int), 4), "frames must be .* not array .* int64"),
    (lambda: background.foreground_masks(background.Difference(), []), "there is no frame"),
    (lambda: next(load.batches(["a word"], 1)), r"data\[i\] must be a pair \(clip, label\), not"),
    (lambda: show.images(BYTES, ["one"]), "1 titles for 4 pictures: one each"),
    (lambda: show.images(BYTES[0]), r"pictures; image shows one, not array \(8, 8, 3\) uint8"),
    (lambda: show.live(lambda x: x, y=(0, 1)), "no control for y: the function takes x"),
    (lambda: metrics.auc([0, 1], [0, 1, 2]), r"x \(2,\) and y \(3,\) must be of one length"),
    (lambda: metrics.auc([1, 0], [0, 1]), "and x rising"),
    (lambda: transform.normalize(np.ones((1, 1, 2, 2)), [0], [0]), r"std \[0.0\] must be more th"),
    (lambda: background.Difference().apply(np.zeros((5, 8, 8))), r"\(5, 8, 8\): apply takes the f"),
    (lambda: naive.conv(np.ones((1, 3, 4)), np.ones((2, 2, 2))), r"^conv: x \(1, 3, 4\), weight "
     r"\(2, 2, 2\) must be x \(N, C, \*S\), weight \(O, C/groups, \*K\)$"),
    (lambda: naive.conv(np.ones((1, 2)), np.ones((2, 2, 2))), r"x \(1, 2\), weight"),
    (lambda: naive.linear(np.ones((1, 3)), np.ones((2, 4))), r"x \(N, F\), weight \(O, F\)$"),
    (lambda: naive.lstm_step(np.ones((1, 3)), np.ones((1, 2)), np.ones((1, 5)), np.ones((8, 3)),
                             np.ones((8, 2))), r"c \(1, 5\), .* c \(N, U\), weight_ih \(4U, F\)"),
    (lambda: show.bars([1, 2], ["a"]), "2 values, and 1 names or labels: one each"),
    (lambda: show.frame_probabilities([BYTES], [], ("a", "b")), "1 films and 0 scores: one each"),
    (lambda: motion.Motion(BYTES[None], [0]).subset([5]), r"numbers array \(1,\) int64: index 5"),
    (lambda: video.read(None), "read: path must be the path of a file, not None"),
    (lambda: models.build("c3d", scratch.nn, ["left", "right"]), "classes must be a whole number"),
])
def test_what_was_taken_without_a_word_is_refused(call, says):
    with pytest.raises((TypeError, ValueError), match=says):
        call()


def test_slopes_of_bytes_do_not_wrap_round():
    falling = np.array([[9, 5, 1]] * 3, np.uint8)
    assert (flow.slopes(falling)[0] == [[-2, -4, -2]] * 3).all()
