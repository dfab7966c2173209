"""Each kind of argument takes what is right, makes the value to go on with, refuses the rest."""

import inspect

import numpy as np
import pytest
import torch

from vidlearn import scratch
from vidlearn.checks import ArgumentError, kinds
from vidlearn.checks.wrapper import kind_of
from vidlearn.scratch.core import tensor_kinds
from vidlearn.scratch.layers import arguments
from vidlearn.show import draw

FRAMES = np.zeros((4, 8, 8, 3), np.uint8)
NAN, INFINITE = float("nan"), float("inf")
NONSENSE = [None, object(), {"a": 1}, 1j, np.ones(2) * 1j, {1}, torch.nn.Linear]

RIGHT = [                       # a kind, values that it takes, and values that it refuses
    (kinds.COUNT, [0, 3, np.int64(2)], [-1, 1.5, NAN, INFINITE, True, "2", 10**30, [1], len]),
    (kinds.POSITIVE_COUNT, [1, 2**31 - 1], [0, -1, 0.5, True, "a"]),
    (kinds.NUMBER, [0, -1.5, np.float32(2)], [NAN, INFINITE, "a", True, [1], len]),
    (kinds.NOT_NEGATIVE, [0, 1.5], [-1, NAN]), (kinds.POSITIVE, [0.1], [0, -1, NAN, INFINITE]),
    (kinds.FRACTION, [0, 0.5, 1], [-0.1, 1.1, NAN, "a"]),
    (kinds.REAL, [NAN, 3], ["a", True, [1]]), (kinds.WORD, ["a", ""], [3, ["a"], b"a", len]),
    (kinds.FLAG, [True, False, 0, 1, np.bool_(True)], ["no", 2, 0.5, NAN, [], len]),
    (kinds.PATH, ["a.mp4"], [3, b"a", ["a"]]), (kinds.FUNCTION, [len], ["len", 3]),
    (kinds.RNG, [np.random.default_rng(0)], [0, "a", np.random]),
    (kinds.WORDS, [["a"], ("a", "b")], ["a", [], ["a", 3], 3]),
    (kinds.SEED, [0, 2**100, [1, 2]], [-1, 0.5, "a", [], [-1]]),
    (kinds.SIDES, [8, (8, 9)], [0, (8,), (8, 9, 10), "8", (0, 1)]),
    (kinds.STEPS, [1, (1, 2)], [0, (1, 0), "a"]), (kinds.PADS, [0, (0, 1)], [-1, (-1,), "a"]),
    (draw.RGB, [(0, 128, 255)], [(0, 0), (0, 0, 256), "red", 3]),
    (kinds.MATRIX, [np.ones((2, 3)), [[1, 2]]], [np.ones(2), np.zeros((0, 2)), 3, "a"]),
    (kinds.SEQUENCE, [[1, 2]], [[], [[1]], ["a"]]),
    (draw.PICTURE, [FRAMES[0]], [FRAMES, FRAMES[0, ..., 0], FRAMES[0].astype(float)]),
    (kinds.BYTES, [FRAMES], [FRAMES[0], FRAMES / 255]), (kinds.COLOURS, [FRAMES, FRAMES / 255],
                                                         [FRAMES.astype(int), FRAMES[..., :2]]),
    (kinds.LABELS, [[0, 1], []], [[0.5], [[0]], "a"]), (kinds.CLIPS, [slice(2), [0]], [[0.5], "a"]),
    (arguments.array("N, C, *S"), [np.ones((1, 2)), np.ones((1, 2, 3))],
     [[[1, 2]], np.ones(1), np.array([["a"]])]),
    (arguments.array("N, F"), [np.ones((1, 2))], [np.ones((1, 2, 3)), scratch.ones(1, 2)]),
    (kinds.choice("mean", "sum"), ["mean"], ["men", 3, ["mean"]]),
    (tensor_kinds.TENSOR, [scratch.ones(2), [1.0], 2, np.ones(2)], ["a", torch.ones(2)]),
    (tensor_kinds.REAL, [scratch.ones(2), [1.0]], [[1], np.ones(2, int), "a", torch.ones(2)]),
    (tensor_kinds.MASK, [scratch.ones(2) > 0], [scratch.ones(2), "a"]),
    (tensor_kinds.TENSOR_ONLY, [scratch.ones(2)], [np.ones(2), [1.0], 1]),
    (tensor_kinds.OPERAND, [1, scratch.ones(2)], ["a", torch.ones(2)]),
    (tensor_kinds.NUMBER, [1, 0.5, INFINITE], [NAN, "a", [1]]),
    (tensor_kinds.RATES, [0, [0.1, 0.2]], [-1, [-1], NAN, "a"]),
    (tensor_kinds.sizes(1, "same"), [1, (2, None), "same"], [0, (0,), "full", 1.5, "a"]),
    (tensor_kinds.PARAMETERS, [scratch.ones(1), [scratch.ones(1)]], ["a", [1], torch.ones(2)]),
]


@pytest.mark.parametrize("kind, right, wrong", RIGHT, ids=[str(row[0])[:40] for row in RIGHT])
def test_what_is_right_is_taken_and_the_rest_refused(kind, right, wrong):
    for value in right:
        kind.look(value, "x")
    for value in [*wrong, *(NONSENSE if kind is not kinds.FUNCTION else NONSENSE[:-1])]:
        with pytest.raises(ArgumentError, match="^x must be "):
            kind.look(value, "x")
            pytest.fail(f"{kind} takes {value!r}")


def test_what_is_quickly_right_is_taken_as_it_is():
    for kind, right, _ in RIGHT:
        for value in right:
            if type(value) in kind.types or kind.right(value):
                assert kind.look(value, "x") is value or kind.take(value) == value


def test_a_value_is_made_what_the_function_goes_on_with():
    assert kinds.COUNT.look(4.0, "x") == 4 and type(kinds.COUNT.look(np.float32(4), "x")) is int
    assert isinstance(kinds.MATRIX.look([[1, 2]], "x"), np.ndarray)
    assert kinds.LABELS.look([], "x").dtype.kind == "i"
    assert kinds.WORDS.look(["a", "b"], "x") == ("a", "b")
    assert isinstance(tensor_kinds.TENSOR.look([1.0], "x"), scratch.Tensor)


@pytest.mark.parametrize("kind, value, says", [
    (kinds.COUNT, -1, "x must be a whole number, 0 or more, not -1"),
    (kinds.WORD, 3, "x must be a word, not 3"), (kinds.COUNT, "a lot", "more, not 'a lot'"),
    (draw.PICTURE, FRAMES, r"not array \(4, 8, 8, 3\) uint8"),
    (kinds.COUNT, len, "not builtin_function_or_method: len"),
    (kinds.MATRIX, [FRAMES], r"not list of 1, the first array \(4, 8, 8, 3\) uint8"),
    (kinds.MATRIX, torch.ones(2, 2, requires_grad=True), r"not torch's Tensor \(2, 2\) .*: Can't"),
    (tensor_kinds.TENSOR, torch.ones(2),
     r"not torch's Tensor \(2,\) torch.float32: convert it with scratch.tens"),
    (kinds.choice("mean", "sum"), "men", "must be 'mean' or 'sum', not 'men'"),
])
def test_a_refusal_says_what_it_must_be_and_what_came(kind, value, says):
    with pytest.raises(ArgumentError, match=says):
        kind.look(value, "x")


def test_none_passes_only_where_it_may():
    assert kinds.COUNT.or_none().look(None, "x") is None
    with pytest.raises(ArgumentError, match="x must be a whole number, 0 or more, not None"):
        kinds.COUNT.look(None, "x")


def kind_in(source):
    [parameter] = inspect.signature(eval(f"lambda {source}: 0")).parameters.values()
    return str(kind_of(parameter))


def test_a_name_or_a_default_tells_the_kind_where_no_annotation_does():
    assert kind_in("rng") == str(kinds.RNG) and kind_in("x") == "anything"
    assert kind_in("count=3") == "a whole number, 1 or more" and kind_in("k=-2") == str(
        kinds.whole(-2))
    assert kind_in("fast=False") == "True or False" and kind_in("way='up'") == "a word"
    assert kind_in("share=0.5") == "a finite number" and kind_in("*rest") == "anything"
