"""Weights travel with all that is needed to use them; a bad file says what is wrong and where."""

import json

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from vidlearn import models
from vidlearn.engine import Engine
from vidlearn.files import atomic
from vidlearn.inference import weights
from vidlearn.inference.weights import Header, WeightsError
from vidlearn.scratch.layers.activation import softmax_forward

HEADER = Header("c3d", ("go", "stop"), frames=4, size=(16, 16), options={"widths": [2, 3, 4]},
                mean=0.4, std=0.3, seconds=2.0)
CLIPS = np.random.default_rng(0).random((2, 3, 4, 16, 16)).astype(np.float32)


@pytest.fixture
def file(tmp_path):
    Engine("torch").seed(1)
    weights.save(tmp_path / "new" / "w.safetensors", HEADER.build(torch.nn), HEADER)
    return tmp_path / "new" / "w.safetensors"


@pytest.mark.parametrize("engine", ["torch", "scratch"])
def test_a_saved_classifier_gives_the_same_answers_on_both_engines(file, engine):
    Engine("torch").seed(1)
    model = HEADER.build(torch.nn).eval()
    with torch.no_grad():
        expected = model(torch.tensor(CLIPS)).softmax(1).numpy()
    classifier = weights.load(file, engine)
    assert classifier.header == HEADER and classifier.classes == ("go", "stop")
    np.testing.assert_allclose(classifier.probabilities(CLIPS), expected, atol=1e-5)


def test_a_network_trained_by_hand_travels_too(tmp_path):
    by_hand = Engine("scratch")
    model = by_hand.to(HEADER.build(by_hand.nn)).eval()
    weights.save(tmp_path / "w.safetensors", model, HEADER)
    expected = by_hand.numpy(model(by_hand.tensor(CLIPS)))
    found = weights.load(tmp_path / "w.safetensors", "torch").probabilities(CLIPS)
    np.testing.assert_allclose(found, softmax_forward(expected)[0], atol=1e-5)


def test_the_normalisation_is_the_headers():
    network = models.build("c3d", torch.nn, 2, mean=0.4, std=0.3, widths=[2, 3, 4]).eval()
    clips = torch.tensor(CLIPS)
    torch.testing.assert_close(network(clips), network.network((clips - 0.4) / 0.3))
    assert HEADER.build(torch.nn).eval()(clips).shape == (2, 2)


def test_other_programs_can_read_the_file(file):
    with safe_open(file, "np") as plain:
        header = json.loads(plain.metadata()["vidlearn"])
        names = set(plain.keys())
    assert header["classes"] == ["go", "stop"] and header["frames"] == 4
    assert names == set(HEADER.build(torch.nn).state_dict())


def test_a_write_that_fails_leaves_the_old_file(file, monkeypatch):
    before = file.read_bytes()
    monkeypatch.setattr(atomic.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        weights.save(file, HEADER.build(torch.nn), HEADER)
    assert file.read_bytes() == before


def spoil(path, how):
    """Turn a good file into a bad one."""
    data, (arrays, facts) = path.read_bytes(), weights.read(path)
    if how == "missing":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(data[:len(data) // 2])
    elif how == "text":
        path.write_text("weights? " * 99)
    elif how == "foreign":
        save_file(arrays, path)
    elif how == "json":
        save_file(arrays, path, {"vidlearn": "{"})
    elif how == "list":
        save_file(arrays, path, {"vidlearn": "[1]"})
    elif how == "checkpoint":
        weights.write(path, arrays, {"kind": "checkpoint"})
    else:
        arrays, facts = how(arrays, facts)
        weights.write(path, arrays, facts)


def changed(**facts):
    return lambda arrays, old: (arrays, old | facts)


def without(name):
    return lambda arrays, old: (arrays, {k: v for k, v in old.items() if k != name})


def with_nan(arrays, facts):
    arrays["network.0.weight"][0] = np.nan
    return arrays, facts


def with_integers(arrays, facts):
    return arrays | {"network.0.weight": arrays["network.0.weight"].astype(np.int8)}, facts


def one_less(arrays, facts):
    return {k: v for k, v in arrays.items() if k != "network.1.bias"}, facts


@pytest.mark.parametrize("how, message", [
    ("missing", "there is no file"),
    ("empty", "damaged, or not a safetensors file"),
    ("cut", "damaged, or not a safetensors file"),
    ("text", "damaged, or not a safetensors file"),
    ("foreign", "without vidlearn's header"),
    ("json", "its header is not JSON"),
    ("list", "not a classifier"),
    ("checkpoint", "is a checkpoint of vidlearn's, not a classifier"),
    (without("classes"), "does not describe a classifier.*classes"),
    (changed(surprise=1), "does not describe a classifier.*surprise"),
    (changed(model="../evil"), "asks for the model '../evil'"),
    (changed(sampling="dreams"), "'dreams' sampling"),
    (changed(classes="go"), "describe a classifier: no classifier has classes 'go'"),
    (changed(classes=["go", 3]), r"no classifier has classes \('go', 3\)"),
    (changed(classes=7), "does not describe a classifier: no classifier has classes 7"),
    (changed(frames=-1), "no classifier has frames -1"),
    (changed(frames=10**30), "no classifier has frames 10000"),
    (changed(frames="4"), "no classifier has frames '4'"),
    (changed(size=[16]), r"no classifier has size \(16,\)"),
    (changed(size=[16, 10**6], seconds=-1), r"has size \(16, 1000000\), seconds -1"),
    (changed(mean=float("nan"), std=0), "no classifier has mean nan, std 0"),
    (changed(options={"widths": [10**9] * 3}), "no classifier has options {'widths'"),
    (changed(options={"widths": [2] * 999}), "no classifier has options {'widths'"),
    (changed(options=[2]), r"no classifier has options \[2\]"),
    (changed(options={"widths": [9, 9, 9]}), "do not fit its header.*; and 13 more"),
    (changed(options={"widths": 3}), "not describe a network: c3d: widths must be a list of whole"),
    (changed(model=["c3d"]), r"no classifier has model \['c3d'\]"),
    (changed(options={"depth": 9}), "does not describe a network.*depth"),
    (changed(classes=["one"]), r"do not fit its header: .*weight is \(2, 4\), not \(1, 4\)"),
    (one_less, r"do not fit its header: network\.1\.bias is missing"),
    (with_integers, r"do not fit its header: network\.0\.weight is int8, not float32"),
    (with_nan, r"network\.0\.weight are finite"),
])
def test_a_bad_file_says_what_is_wrong_in_it(file, how, message):
    spoil(file, how)
    with pytest.raises(WeightsError, match=f"(?s){message}") as caught:
        weights.load(file)
    assert str(file) in str(caught.value)


def test_weights_in_half_and_double_precision_are_taken(file):
    arrays, facts = weights.read(file)
    halved = {name: array.astype(np.float16) if array.dtype.kind == "f" else array
              for name, array in arrays.items()}
    weights.write(file, halved, facts)
    found = weights.load(file, "scratch").model.state_dict()
    for name, array in halved.items():
        np.testing.assert_array_equal(found[name].numpy(), array)


class TestCheck:
    """What is checked before a training starts."""

    def test_an_older_classifier_may_be_replaced(self, file):
        weights.check(file)

    def test_nothing_is_left_behind(self, tmp_path):
        weights.check(tmp_path / "new" / "w.safetensors")
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("content", [b"", b"a video, say" * 99])
    def test_another_file_is_not_overwritten(self, tmp_path, content):
        (tmp_path / "clip.mp4").write_bytes(content)
        with pytest.raises(WeightsError, match="clip.mp4 exists already and is not a classifier"):
            weights.check(tmp_path / "clip.mp4")

    def test_a_checkpoint_is_not_overwritten(self, file):
        spoil(file, "checkpoint")
        with pytest.raises(WeightsError, match="exists already and is not a classifier"):
            weights.check(file)
