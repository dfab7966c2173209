"""Misuse of gradients and modules ends as in PyTorch: the same numbers, or both refuse."""

import copy
import pickle
import threading

import numpy as np
import pytest
import torch

from vidlearn import scratch
from vidlearn.scratch import GraphError, Tensor, nn

BOTH = {"ours": scratch, "torch": torch}


def leaf(lib, *numbers):
    return lib.tensor(numbers or (1.0, 2.0, 3.0), requires_grad=True)


def twice(lib):
    y = leaf(lib).exp().sum()
    y.backward()
    y.backward()


def set_parameter(lib):
    layer = lib.nn.Linear(2, 2)
    layer.weight = lib.ones(2, 2)                         # it would not be learned any more


def set_buffer(lib):
    lib.nn.BatchNorm1d(2).running_mean = 5


def forget_super(lib):
    class Net(lib.nn.Module):
        def __init__(self):
            self.layer = lib.nn.Linear(1, 1)
    Net()


def forget_super_and_call(lib):
    class Net(lib.nn.Module):
        def __init__(self):
            self.size = 1
    Net()(1)


REFUSED = {
    "backward twice": (twice, "retain_graph=True"),
    "backward of several numbers": (lambda lib: leaf(lib).exp().backward(), "needs a gradient"),
    "backward without a leaf": (lambda lib: lib.ones(1).backward(), "does not require a gradient"),
    "backward of a comparison": (lambda lib: (leaf(lib) > 0).sum().backward(), "not require a gra"),
    "a word for a gradient": (lambda lib: (leaf(lib) * 2).backward("a"), "must be a Tensor"),
    "gradients of whole numbers": (lambda lib: lib.tensor([1], requires_grad=True), "int64 has no"),
    "a grad of another shape": (lambda lib: setattr(leaf(lib), "grad", lib.ones(2)),
     "a grad of shape"),
    "a grad that is no tensor": (lambda lib: setattr(leaf(lib), "grad", np.ones(3)), "not ndarray"),
    "a hook that never fires": (lambda lib: lib.ones(1).register_hook(print), "does not require a"),
    "a hook that reshapes": (lambda lib: (x := leaf(lib), x.register_hook(lambda g: lib.ones(7)),
                                          (x * 2).sum().backward()), r"gradient of shape \(7,\)"),
    "a leaf changed in place": (lambda lib: leaf(lib).add_(1), "a change in place"),
    "an array that needs a gradient": (lambda lib: leaf(lib).numpy(), "detach"),
    "an axis that is not there": (lambda lib: lib.ones(2, 3).size(5),
     "dim 5 is out of range for .* 2 axes"),
    "a plain tensor for a parameter": (set_parameter, "weight must be a Parameter or None"),
    "a number for a buffer": (set_buffer, "running_mean must be a Tensor or None, not int"),
    "no super().__init__()": (forget_super, r"must call super\(\).__init__\(\) before self.layer"),
    "no super().__init__(), called": (forget_super_and_call, r"must call super\(\).__init__\(\)"),
    "a state that is none": (lambda lib: lib.nn.Linear(1, 1).load_state_dict(None),
     "state_dict must be a dict, not None"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("side", BOTH)
def test_what_both_refuse(side, name):
    call, words = REFUSED[name]
    errors = RuntimeError, TypeError, ValueError, AttributeError, IndexError
    with pytest.raises(errors, match=words if side == "ours" else None):
        call(BOTH[side])


def over_views(lib):
    x = leaf(lib)
    for view in (x.reshape(3, 1) * 2, x[1:] * 3, x.unsqueeze(0).expand(2, 3), lib.cat([x, x])):
        view.sum().backward()
    return x.grad.tolist()


def kept_graph(lib):
    x = leaf(lib)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    return x.grad.tolist()


def shared(lib):
    one, other, x = lib.nn.Linear(2, 2), lib.nn.Linear(2, 2), lib.ones(1, 2)
    other.weight = one.weight
    (one(x) + other(x)).sum().backward()
    both = copy.deepcopy(lib.nn.Sequential(one, other))
    return one.weight.grad.tolist(), both[0].weight is both[1].weight, len([*both.parameters()])


def pickled(lib):
    x = leaf(lib)
    y = pickle.loads(pickle.dumps((x * 2).sum()))
    return y.item(), y.requires_grad, y.is_leaf


def copied(lib):
    layer = lib.nn.Linear(2, 2)
    other = copy.deepcopy(layer)
    other.weight.data[...] = 0
    return bool((layer.weight != 0).any()), other.weight.requires_grad, type(other.weight).__name__


def without_brackets(lib):
    @lib.no_grad
    def inside(deeper):
        return inside(deeper - 1) if deeper else lib.is_grad_enabled()
    return inside(0), inside(3), lib.is_grad_enabled()


def raised(lib):
    try:
        with lib.no_grad(), lib.no_grad():
            raise KeyError
    except KeyError:
        return lib.is_grad_enabled()


def in_another_thread(lib):
    """no_grad in another thread while this one records, and the reverse."""
    inside, go_on, seen = threading.Event(), threading.Event(), []

    def other():
        with lib.no_grad():
            inside.set()
            go_on.wait(30)
    thread = threading.Thread(target=other)
    thread.start()
    assert inside.wait(30)
    seen.append(lib.is_grad_enabled())
    go_on.set()
    thread.join()
    with lib.no_grad():
        thread = threading.Thread(target=lambda: seen.append(lib.is_grad_enabled()))
        thread.start()
        thread.join()
    return *seen, lib.is_grad_enabled()


def empty_parameter(lib):
    layer = lib.nn.Linear(2, 2)
    layer.bias = None
    del layer.weight
    return list(layer.state_dict())


def another_type(lib):
    layer = lib.nn.Linear(1, 1)
    layer.load_state_dict({"weight": lib.tensor([[3]]), "bias": lib.tensor([True])})
    return layer.weight.tolist(), str(layer.weight.dtype).removeprefix("torch.")


@pytest.mark.parametrize("use", [over_views, kept_graph, shared, pickled, copied, without_brackets,
                                 raised, in_another_thread, empty_parameter, another_type],
                         ids=lambda use: use.__name__)
def test_what_both_allow(use):
    assert use(scratch) == use(torch)


def test_a_decorated_function_may_run_in_two_threads_at_once():
    """The first thread to enter leaves first; each restores the state of its own thread."""
    inside, left, seen = threading.Event(), threading.Event(), {}

    @scratch.no_grad()
    def run(act):
        act()

    def late():
        with scratch.no_grad():
            run(lambda: (inside.set(), left.wait(30)))
            seen["off"] = scratch.is_grad_enabled()
    thread = threading.Thread(target=late)
    run(lambda: (thread.start(), inside.wait(30)))
    seen["on"] = scratch.is_grad_enabled()
    left.set()
    thread.join()
    assert seen == {"on": True, "off": False}


def test_a_module_may_be_called_by_several_threads():
    scratch.manual_seed(0)
    model = nn.Sequential(nn.Conv1d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(18, 2)).eval()
    xs = np.random.default_rng(0).normal(size=(4, 1, 2, 8)).astype(np.float32)
    found = [None] * 4

    def ask(i):
        x = Tensor(xs[i], requires_grad=True)
        y = model(x)
        y.sum().backward()
        found[i] = y.detach().numpy(), x.grad.numpy()
    alone = [ask(i) or found[i] for i in range(4)]
    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, found, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_a_copy_of_a_result_has_no_graph():
    x = leaf(scratch)
    y = (x * 2).sum()
    other = copy.deepcopy(y)
    other.backward()
    assert x.grad is None and other.grad.item() == 1
    y.backward()
    assert x.grad.tolist() == [2, 2, 2]


@pytest.mark.parametrize("values, words", [
    ({"weight": np.array([[1j]])}, "weight must hold real numbers, not complex128"),
    ({"bias": np.array(["a"])}, "bias must hold real numbers, not <U1"),
    ({"bias": [None]}, "bias must hold real numbers, not object"),
    ({"weight": np.ones(1), "wieght": np.ones((1, 1))}, r"(?s)Unexpected.*wieght.*\(1,\)"),
])
def test_a_state_without_real_numbers_is_refused_and_nothing_loaded(values, words):
    layer = nn.Linear(1, 1)
    before = {name: value.data.copy() for name, value in layer.state_dict().items()}
    state = {"weight": np.ones((1, 1)), "bias": np.ones(1)} | values
    with pytest.raises(RuntimeError, match=words):
        layer.load_state_dict(state)
    for name, value in layer.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_a_gradient_may_be_an_array_but_not_of_another_shape():
    x = leaf(scratch)
    (x * 2).backward(np.array([1.0, 0, 1]))
    assert x.grad.tolist() == [2, 0, 2] and x.grad.dtype == scratch.float32
    with pytest.raises(GraphError, match="does not require a gradient"):
        x.detach().backward([1.0, 0, 1])
