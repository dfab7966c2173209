"""Modules: names, state, modes and hooks, as torch.nn has them."""

import copy
import pickle
import re

import numpy as np
import pytest
import torch

from vidlearn import scratch
from vidlearn.scratch import Tensor, UnsupportedOption, nn


def network(nn):
    """A nested network, for either nn."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.look = nn.Sequential(
                nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.3))
            self.read = nn.LSTM(6, 5, bidirectional=True)
            self.heads = nn.ModuleList([nn.Linear(10, 2, bias=False), nn.Linear(10, 3)])
            self.named = nn.ModuleDict({"embed": nn.Embedding(7, 4), "nothing": nn.Identity()})
            self.scale = nn.Parameter(nn.Linear(1, 1).weight.data[0])
            self.register_buffer("seen", nn.BatchNorm1d(2).running_mean)
            self.register_buffer("later", None)

        def forward(self, index):
            x = self.look(self.named["embed"](index))
            y, _ = self.read(x.unsqueeze(1))
            return [head(y[-1]) * self.scale for head in self.heads]

    return Net()


def test_names_and_order_are_those_of_pytorch():
    ours, theirs = network(nn), network(torch.nn)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for kind in ("named_parameters", "named_buffers", "named_modules", "named_children"):
        assert [name for name, _ in getattr(ours, kind)()] \
            == [name for name, _ in getattr(theirs, kind)()], kind
    assert len(list(ours.modules())) == len(list(theirs.modules()))
    assert [p.shape for p in ours.parameters()] == [p.shape for p in theirs.parameters()]


def test_it_prints_as_pytorch_does():
    assert printed(network(nn)) == printed(network(torch.nn))


@pytest.mark.parametrize("make", [
    lambda nn: nn.Conv2d(2, 4, 3), lambda nn: nn.Conv1d(2, 4, 3, padding="same", bias=False),
    lambda nn: nn.Conv3d(2, 4, (1, 2, 3), 2, 1, 2, 2, padding_mode="replicate"),
    lambda nn: nn.ConvTranspose2d(4, 2, 3, 2, 1, 1), lambda nn: nn.MaxPool2d((2, 3), padding=1),
    lambda nn: nn.AvgPool3d(2), lambda nn: nn.AdaptiveAvgPool2d((1, None)),
    lambda nn: nn.AdaptiveMaxPool1d(3), lambda nn: nn.BatchNorm3d(3, momentum=None, affine=False),
    lambda nn: nn.LayerNorm([3, 4]), lambda nn: nn.Embedding(5, 2, padding_idx=-1),
    lambda nn: nn.GELU("tanh"), lambda nn: nn.LeakyReLU(0.2, inplace=True), lambda nn: nn.ReLU(),
    lambda nn: nn.ELU(), lambda nn: nn.Softplus(), lambda nn: nn.Softmax(dim=1),
    lambda nn: nn.Tanh(),
    lambda nn: nn.Dropout3d(0.1), lambda nn: nn.Flatten(), lambda nn: nn.Unflatten(1, (2, 3)),
    lambda nn: nn.LSTM(3, 4, 2, batch_first=True, dropout=0.1, bidirectional=True),
    lambda nn: nn.RNNCell(3, 4, bias=False, nonlinearity="relu"), lambda nn: nn.GRUCell(3, 4),
    lambda nn: nn.ZeroPad2d(1), lambda nn: nn.ConstantPad1d((1, 2), 3.5),
    lambda nn: nn.ReflectionPad2d(2), lambda nn: nn.Upsample(scale_factor=2, mode="nearest"),
    lambda nn: nn.CrossEntropyLoss(),
])
def test_layers_print_as_in_pytorch(make):
    assert printed(make(nn)) == printed(make(torch.nn))


def printed(module):
    """The repr, without the options of norms that only newer versions of PyTorch print."""
    return re.sub(r"(affine=\w+), bias=\w+", r"\1", repr(module))


def test_state_is_loaded_from_tensors_arrays_and_pytorch():
    theirs, ours = network(torch.nn).eval(), network(nn).eval()
    assert ours.load_state_dict(theirs.state_dict()) == ([], [])
    arrays = {name: np.asarray(value) for name, value in ours.state_dict().items()}
    again = network(nn).eval()
    again.load_state_dict(arrays)
    third = network(nn).eval()
    third.load_state_dict(again.state_dict())
    theirs.load_state_dict({name: torch.tensor(value) for name, value in arrays.items()})
    index = np.array([0, 6, 3])
    expected = theirs(torch.tensor(index))
    for net in (ours, again, third):
        for y, e in zip(net(index), expected, strict=True):
            np.testing.assert_allclose(y.detach(), e.detach(), atol=1e-6)


def test_parameters_of_pytorch_that_need_a_gradient_are_loaded_too():
    theirs, ours = torch.nn.Linear(2, 3), nn.Linear(2, 3)
    ours.load_state_dict(dict(theirs.named_parameters()))
    np.testing.assert_array_equal(ours.weight.detach(), theirs.weight.detach())


def test_loading_copies_and_keeps_the_type():
    ours, value = nn.Linear(2, 1, bias=False), np.array([[1.0, 2.0]])
    before = ours.weight.data
    ours.load_state_dict({"weight": value})
    value[:] = 9
    assert ours.weight.data is before and ours.weight.dtype == np.float32
    np.testing.assert_array_equal(before, [[1, 2]])


def test_a_wrong_state_is_refused_in_the_words_of_pytorch():
    wrong = {"0.weight": np.ones((3, 3)), "0.bias": np.ones(3), "extra": np.ones(1),
             "more": np.ones(2)}
    messages = []
    for library, value in ((nn, lambda a: a), (torch.nn, torch.tensor)):
        model = library.Sequential(library.Linear(2, 3), library.Linear(3, 1))
        with pytest.raises(RuntimeError) as caught:
            model.load_state_dict({name: value(a) for name, a in wrong.items()})
        messages.append(str(caught.value).replace("torch.Size([3, 3])", "(3, 3)")
                        .replace("torch.Size([3, 2])", "(3, 2)"))
    assert messages[0] == messages[1]
    for part in ('Missing key(s) in state_dict: "1.weight", "1.bias"',
                 'Unexpected key(s) in state_dict: "extra", "more"', "size mismatch for 0.weight"):
        assert part in messages[0]


def test_a_load_that_is_not_strict_returns_the_keys_and_checks_shapes():
    model = nn.Linear(2, 3)
    kept = model.weight.data.copy()
    keys = model.load_state_dict({"bias": np.full(3, 7.0), "extra": np.ones(1)}, strict=False)
    assert keys.missing_keys == ["weight"] and keys.unexpected_keys == ["extra"]
    np.testing.assert_array_equal(model.bias.detach(), [7, 7, 7])
    np.testing.assert_array_equal(model.weight.data, kept)
    with pytest.raises(RuntimeError, match="size mismatch for bias"):
        model.load_state_dict({"bias": np.ones(2)}, strict=False)


def test_a_file_from_before_batches_were_counted_is_loaded_as_by_pytorch():
    for nn_of, tensor in ((nn, scratch.tensor), (torch.nn, torch.tensor)):
        norm = nn_of.BatchNorm2d(2)
        norm.num_batches_tracked += 7
        state = {name: tensor([3.0, 4.0]) for name in ("weight", "bias", "running_mean",
                                                       "running_var")}
        assert not any(norm.load_state_dict(state))
        assert norm.num_batches_tracked == 7 and norm.running_mean.tolist() == [3, 4]


def test_nothing_is_loaded_when_something_is_wrong():
    model = nn.Linear(2, 3)
    before = model.bias.data.copy()
    with pytest.raises(RuntimeError):
        model.load_state_dict({"bias": np.full(3, 7.0), "weight": np.ones((1, 1))})
    np.testing.assert_array_equal(model.bias.data, before)


def test_a_shared_weight_is_one_parameter_with_two_names_in_the_state():
    for library in (nn, torch.nn):
        model = library.Sequential(library.Linear(2, 2), library.Linear(2, 2))
        model[1].weight = model[0].weight
        assert len(list(model.parameters())) == 3
        assert list(model.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]


def test_modes_reach_all_modules():
    model = network(nn)
    assert all(m.training for m in model.modules())
    assert model.eval() is model and not any(m.training for m in model.modules())
    assert model.train() is model and all(m.training for m in model.modules())
    assert model.requires_grad_(False) is model
    assert not any(p.requires_grad for p in model.parameters())


def test_zero_grad_clears_gradients():
    model = nn.Linear(2, 1)
    for to_none in (True, False):
        model(np.ones((1, 2), np.float32)).sum().backward()
        assert (model.weight.grad.data == 1).all()
        model.zero_grad(set_to_none=to_none)
        assert model.weight.grad is None if to_none else (model.weight.grad.data == 0).all()


def test_apply_visits_children_first():
    seen = []
    model = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU()))
    assert model.apply(lambda m: seen.append(type(m).__name__)) is model
    assert seen == ["Linear", "ReLU", "Sequential", "Sequential"]


def test_only_floating_point_tensors_are_converted():
    model = network(nn)
    assert {p.dtype for p in model.parameters()} == {np.dtype("float32")}
    assert model.double() is model
    assert {p.dtype for p in model.parameters()} == {scratch.float64}
    assert model.look[1].running_mean.dtype == scratch.float64
    assert model.look[1].num_batches_tracked.dtype == scratch.int64
    assert model.to(scratch.float32).scale.dtype == scratch.float32
    assert model.to("cpu", dtype=scratch.float64).scale.dtype == scratch.float64
    with pytest.raises(UnsupportedOption, match=r"to\('cuda'\)"):
        model.to("cuda")


def test_single_precision_stays_single():
    model, index = network(nn), np.array([0, 6, 3])
    ys = model(index)
    sum(y.sum() for y in ys).backward()
    assert {y.dtype for y in ys} == {scratch.float32}
    grads = [p.grad for p in model.parameters()]
    assert {g.dtype for g in grads} == {scratch.float32}


def test_a_copy_and_a_pickle_are_models_of_their_own():
    model, index = network(nn).eval(), np.array([1, 2])
    expected = [y.detach().numpy() for y in model(index)]
    for other in (copy.deepcopy(model.look), pickle.loads(pickle.dumps(model.look))):
        assert list(other.state_dict()) == list(model.look.state_dict())
        next(iter(other.parameters())).data[...] = 0
    for y, e in zip(model(index), expected, strict=True):
        np.testing.assert_array_equal(y.detach(), e)


def test_containers_behave_like_lists_and_dictionaries():
    a, b, c = nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1)
    row = nn.Sequential(a, b).append(c)
    assert len(row) == 3 and list(row) == [a, b, c] and row[-1] is c
    assert list(row[1:].state_dict()) == ["2.weight", "2.bias"]          # names stay, as in torch
    named = nn.Sequential({"first": a, "then": b})
    assert list(named.state_dict()) == ["first.weight", "first.bias"]
    some = nn.ModuleList([a]).extend([b, c])
    assert len(some) == 3 and list(some[1:]) == [b, c]
    named = nn.ModuleDict({"one": a})
    named["two"] = b
    assert "two" in named and list(named) == ["one", "two"] and named["one"] is a
    assert list(named.items()) == [("one", a), ("two", b)]


def test_a_module_twice_in_a_sequential_runs_twice_and_has_one_parameter():
    for library in (nn, torch.nn):
        layer = library.Linear(2, 2)
        row = library.Sequential(layer, library.ReLU(), layer)
        assert len(row) == 3 and len(list(row.children())) == 2 and len(list(row.parameters())) == 2
        assert list(row.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
        row[-1] = library.Identity()
        assert [type(module).__name__ for module in row] == ["Linear", "ReLU", "Identity"]


def test_a_name_that_is_taken_is_refused():
    with pytest.raises(KeyError, match="attribute 'forward' already exists"):
        nn.ModuleDict({"forward": nn.ReLU()})


def test_submodules_and_parameters_are_found_by_path():
    model = network(nn)
    assert model.get_submodule("look.0") is model.look[0]
    assert model.get_submodule("") is model
    assert dict(model.named_parameters("net"))["net.look.0.weight"] is model.look[0].weight


def test_parameters_and_modules_are_registered_by_name():
    for library in (nn, torch.nn):
        model = library.Module()
        for i in range(2):
            model.register_parameter(f"scale{i}", library.Linear(1, 1).bias)
            model.add_module(f"part{i}", library.Linear(1, 1, bias=False))
        model.register_parameter("later", None)
        assert list(model.state_dict()) == ["scale0", "scale1", "part0.weight", "part1.weight"]
        assert model.later is None and len(list(model.parameters())) == 4


def test_a_module_without_forward_says_so():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no forward"):
        Empty()(1)


def test_forward_hooks_may_replace_the_output():
    model, seen = nn.Sequential(nn.Linear(2, 2), nn.ReLU()), []
    x = Tensor(np.array([[1.0, -1.0]], np.float32))
    first = model[0].register_forward_hook(lambda *call: seen.append(call))
    double = model[1].register_forward_hook(lambda module, inputs, y: y * 2)
    y = model(x)
    assert seen[0][0] is model[0] and seen[0][1][0] is x
    np.testing.assert_allclose(y.data, 2 * np.maximum(seen[0][2].data, 0))
    first.remove()
    double.remove()
    np.testing.assert_allclose(model(x).data, y.data / 2)
    assert len(seen) == 1


@pytest.mark.filterwarnings("ignore:Full backward hook is firing")
@pytest.mark.parametrize("needs", [True, False])
def test_backward_hooks_get_the_gradients_of_pytorch(needs):
    """Enough for Grad-CAM: the gradient at the output of a layer, also of the first one."""
    x = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    seen = {}
    for name, library, tensor in (("ours", nn, Tensor), ("theirs", torch.nn, torch.tensor)):
        model = library.Sequential(library.Linear(4, 3), library.Tanh(), library.Linear(3, 1))
        if name == "ours":
            state = model.state_dict()
        else:
            model.load_state_dict({key: torch.tensor(np.asarray(v)) for key, v in state.items()})
        calls = seen[name] = []
        for layer in model:
            layer.register_full_backward_hook(
                lambda module, dx, dy, calls=calls: calls.append((type(module).__name__, dx, dy)))
        leaf = tensor(x).requires_grad_(needs)
        model(leaf).sum().backward()
    for calls in seen.values():
        assert [name for name, _, _ in calls] == ["Linear", "Tanh", "Linear"]
    for ours, theirs in zip(seen["ours"], seen["theirs"], strict=True):
        for mine, their in zip((*ours[1], *ours[2]), (*theirs[1], *theirs[2]), strict=True):
            assert (mine is None) == (their is None)
            if mine is not None:
                np.testing.assert_allclose(mine.numpy(), their, atol=1e-6)


def test_a_backward_hook_may_change_the_gradient_and_can_be_removed():
    model, x = nn.Linear(2, 1), Tensor(np.ones((1, 2), np.float32), requires_grad=True)
    handle = model.register_full_backward_hook(lambda module, dx, dy: (dx[0] * 10,))
    model(x).sum().backward()
    np.testing.assert_allclose(x.grad, 10 * model.weight.detach().numpy(), rtol=1e-6)
    handle.remove()
    x.grad = None
    model(x).sum().backward()
    np.testing.assert_allclose(x.grad, model.weight.detach(), rtol=1e-6)


def test_backward_hooks_of_a_module_with_two_outputs():
    model, seen = nn.LSTM(2, 3), []
    model.register_full_backward_hook(lambda module, dx, dy: seen.append((dx, dy)))
    x = Tensor(np.ones((4, 1, 2), np.float32), requires_grad=True)
    y, _ = model(x)
    y.sum().backward()
    (dx,), dys = seen[0]
    np.testing.assert_array_equal(dx, x.grad)
    np.testing.assert_array_equal(dys[0], np.ones((4, 1, 3)))


def test_a_buffer_that_is_not_persistent_moves_with_the_module_and_is_not_saved():
    def made(lib, ones):
        module = lib.nn.Sequential(lib.nn.BatchNorm1d(2))
        module[0].register_buffer("table", ones, persistent=False)
        return module
    ours, theirs = made(scratch, scratch.ones(3)), made(torch, torch.ones(3))
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [n for n, _ in ours.named_buffers()] == [n for n, _ in theirs.named_buffers()]
    assert ours.double()[0].table.dtype == np.float64
    ours.load_state_dict(theirs.state_dict())                        # strict, and nothing missing
    ours[0].register_buffer("table", None, persistent=False)
    assert "0.table" not in dict(ours.named_buffers())
