"""A backward pass that needs an array changed in place is refused where PyTorch refuses it."""

import gc

import numpy as np
import pytest
import torch

from vidlearn import scratch
from vidlearn.scratch import GraphError, nn
from vidlearn.scratch.core.versions import counter

SIDES = scratch, torch
RAISES = (GraphError, RuntimeError)


def descend(lib, *params):
    lib.optim.SGD(params, lr=0.5).step()


def by_optimizer(lib, x, y):
    x.grad = lib.ones_like(x)
    descend(lib, x)


def by_init(lib, x, y):
    lib.nn.init.zeros_(x)


def quietly(change):
    """A change inside no_grad()."""
    def changed(lib, x, y):
        with lib.no_grad():
            change(x, y)
    return changed


CHANGES = {
    "optimizer": by_optimizer, "init": by_init,
    "x.zero_()": quietly(lambda x, y: x.zero_()), "x += 1": quietly(lambda x, y: x.add_(1)),
    "x[0] = 5": quietly(lambda x, y: x.__setitem__(0, 5.0)),
    "a view of x": quietly(lambda x, y: x.detach()[1:].mul_(2)),
    "y.zero_()": quietly(lambda x, y: y.zero_()),
    "nothing": lambda lib, x, y: None,
}
STEPS = {                                   # what each keeps: x, y or nothing
    "square": lambda lib, x: x * x, "exp": lambda lib, x: x.exp(), "add": lambda lib, x: x + 1,
    "sigmoid": lambda lib, x: lib.sigmoid(x), "sum": lambda lib, x: x.sum(0, keepdim=True),
    "reshape": lambda lib, x: x.reshape(2, 2) * x.reshape(2, 2),
    "sort": lambda lib, x: lib.sort(x).values, "prod": lambda lib, x: lib.prod(x, 0, True),
    "cumsum": lambda lib, x: lib.cumsum(x, 0), "cumprod": lambda lib, x: lib.cumprod(x, 0),
    "einsum": lambda lib, x: lib.einsum("ij,kj->ik", x.reshape(2, 2), x.reshape(2, 2)),
    "cdist": lambda lib, x: lib.cdist(x.reshape(2, 2), x.reshape(2, 2) + 1, 3),
    "linear": lambda lib, x: lib.nn.functional.linear(x.reshape(2, 2), x.reshape(2, 2)),
}


def gradient(lib, step, change):
    """The gradient, or None where backward is refused."""
    x = lib.tensor([0.5, 1.0, 2.0, 3.0], requires_grad=True)
    y = step(lib, x)
    CHANGES[change](lib, x, y)
    before = [0.0] * 4 if x.grad is None else x.grad.tolist()
    try:
        y.sum().backward()
    except RAISES as error:
        assert lib is torch or "changed in place since" in str(error)
        return None
    return np.subtract(x.grad.tolist(), before)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("step", STEPS)
def test_backward_is_refused_where_pytorch_refuses(step, change):
    ours, theirs = (gradient(lib, STEPS[step], change) for lib in SIDES)
    assert (ours is None) == (theirs is None)
    if ours is not None:
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@pytest.mark.parametrize("change, refused", [("step", True), ("load_state_dict", True),
                                             ("another's step", False)])
def test_a_second_backward_needs_the_weights_of_the_forward_pass(change, refused):
    for lib in SIDES:
        model = lib.nn.Sequential(lib.nn.Linear(3, 4), lib.nn.Tanh(), lib.nn.Linear(4, 2))
        another = lib.nn.Linear(2, 2)
        another(lib.ones(1, 2)).sum().backward()
        loss = model(lib.ones(2, 3)).sum()
        loss.backward(retain_graph=True)
        if change == "load_state_dict":
            model.load_state_dict(model.state_dict())
        else:
            descend(lib, *(model if change == "step" else another).parameters())
        if refused:
            with pytest.raises(RAISES):
                loss.backward()
        else:
            loss.backward()


def test_the_message_names_the_operation_and_the_shape():
    x = scratch.ones(2, 3, requires_grad=True)
    y = x.exp()
    with scratch.no_grad():
        y.zero_()
    with pytest.raises(GraphError,
                       match=r"^the backward pass of exp needs an array \(2, 3\) from its forward"):
        y.sum().backward()


def test_arrays_in_a_nested_cache_are_checked():
    net, x = nn.LSTM(2, 3), scratch.ones(4, 1, 2)
    y = net(x)[0].sum()
    with scratch.no_grad():
        net.weight_hh_l0.mul_(2)
    with pytest.raises(GraphError, match="changed in place since"):
        y.backward()


def test_the_version_of_an_array_is_dropped_with_the_array():
    gc.collect()
    before = len(counter.last_change)
    for _ in range(100):
        scratch.ones(3).add_(1)
    gc.collect()
    assert len(counter.last_change) == before
