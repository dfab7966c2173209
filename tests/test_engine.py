"""An engine is a choice between two libraries with the same names."""

import numpy as np
import pytest
import torch

from vidlearn import engine, scratch
from vidlearn.engine import Engine

BOTH = pytest.mark.parametrize("name", ["scratch", "torch"])


def test_it_holds_the_library_itself():
    ours, theirs = Engine("scratch"), Engine("torch")
    assert (ours.nn, ours.optim) == (scratch.nn, scratch.optim)
    assert (theirs.nn, theirs.optim) == (torch.nn, torch.optim)
    assert theirs.functional is torch.nn.functional


@BOTH
def test_arrays_go_in_and_come_out(name):
    e = Engine(name, dtype="float64")
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    there = e.tensor(array[:, ::-1])
    back = e.numpy(there * 2)
    assert back.dtype == np.float64
    np.testing.assert_array_equal(back, array[:, ::-1] * 2)
    assert e.numpy(e.tensor(np.array([1, 2]))).dtype == np.int64           # labels stay whole


@BOTH
def test_numbers_that_need_gradients_come_out_too(name):
    e = Engine(name)
    model = e.to(e.nn.Linear(3, 2))
    assert e.numpy(model(e.tensor(np.ones((1, 3))))).shape == (1, 2)
    with e.no_grad():
        assert not model(e.tensor(np.ones((1, 3)))).requires_grad


@BOTH
def test_a_model_takes_the_precision_of_its_engine(name):
    e = Engine(name, dtype="float64")
    model = e.to(e.nn.Linear(3, 2))
    assert e.numpy(model(e.tensor(np.ones((1, 3), np.float32)))).dtype == np.float64


@BOTH
def test_state_is_a_copy_and_loads_again(name):
    e = Engine(name)
    model = e.nn.Sequential(e.nn.Linear(2, 2), e.nn.BatchNorm1d(2))
    before = e.state(model)
    e.load(model, {k: v + 1 for k, v in before.items()})
    after = e.state(model)
    assert set(before) == set(after) and "1.running_mean" in before
    assert all((after[k] == before[k] + 1).all() for k in before)


def test_state_moves_between_engines():
    ours, theirs = Engine("scratch"), Engine("torch")
    a, b = ours.nn.Linear(3, 4), theirs.nn.Linear(3, 4)
    ours.load(a, theirs.state(b))
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    np.testing.assert_allclose(ours.numpy(a(ours.tensor(x))), theirs.numpy(b(theirs.tensor(x))),
                               atol=1e-6)


@BOTH
def test_a_seed_gives_the_same_start_and_numbers_combine(name):
    e = Engine(name)

    def start(*numbers):
        e.seed(*numbers)
        return e.state(e.nn.Linear(3, 3))["weight"]

    np.testing.assert_array_equal(start(1, 2), start(1, 2))
    assert (start(1, 2) != start(2, 1)).any() and (start(1) != start(2)).any()


def test_get_returns_an_engine_as_it_is():
    e = Engine("torch")
    assert engine.get(e) is e
    assert repr(engine.get("torch", dtype="float64")) == "Engine('torch', 'cpu', 'float64')"


@pytest.mark.parametrize("arguments, message", [
    (("jax",), "no engine 'jax': choose one of scratch, torch"),
    (("torch", "cpu", "float16"), "no dtype 'float16'"),
    (("scratch", "cuda"), "scratch runs on the cpu, not on 'cuda'"),
    (("torch", "tpu"), "no device 'tpu': choose cpu or cuda"),
])
def test_an_unknown_engine_dtype_or_device_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Engine(*arguments)


def test_a_missing_gpu_is_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="finds no CUDA device here"):
        Engine("torch", "cuda")
