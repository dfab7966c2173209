"""Tensors beyond PyTorch's sample inputs: ties, memory, long graphs, dtypes, mistakes."""

import copy
import weakref

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.scratch.torch_samples import compare
from vidlearn import scratch
from vidlearn.scratch import GraphError, ShapeError, Tensor, lift


def twins(*arrays):
    """(ours, theirs) for each array."""
    return [(Tensor(np.array(a), requires_grad=np.asarray(a).dtype.kind == "f"),
             torch.tensor(np.array(a), requires_grad=np.asarray(a).dtype.kind == "f"))
            for a in arrays]


def agree(function, *arrays):
    """The same function of ours and of torch's tensors: outputs and gradients."""
    pairs = twins(*arrays)
    compare(function(*(a for a, _ in pairs)), function(*(b for _, b in pairs)), pairs)


# ---- ties and kinks

@pytest.mark.parametrize("function", [
    lambda x: x.amax(), lambda x: x.amin(0), lambda x: x.max(), lambda x: x.min(),
    lambda x: x.max(1), lambda x: x.min(0, keepdim=True), lambda x: x.argmax(1),
    lambda x: x.argmin(0), lambda x: x.amax((0, 1), keepdim=True), lambda x: x.norm(np.inf),
], ids=range(10))
def test_ties_of_a_reduction(function):
    agree(function, [[3.0, 1.0, 3.0], [0.0, 3.0, 0.0]])


def test_ties_of_two_operands():
    a, b = [1.0, 2.0, 3.0], [2.0, 2.0, 2.0]
    agree(lambda x, y: x.maximum(y), a, b)
    agree(lambda x, y: x.minimum(y), a, b)
    agree(lambda x, y: x.max(y), a, b)


def test_kinks_have_the_stated_derivative():
    x = Tensor([-1.0, 0.0, 2.0], requires_grad=True)
    x.abs().sum().backward()
    np.testing.assert_array_equal(x.grad, [-1, 0, 1])
    x = Tensor([0.0, 1.0, 2.0, 3.0], requires_grad=True)
    x.clamp(1, 2).sum().backward()                    # 0 at the limits
    np.testing.assert_array_equal(x.grad, [0, 0, 0, 0])
    x = Tensor([0.0, 0.0], requires_grad=True)
    x.norm().backward()
    np.testing.assert_array_equal(x.grad, [0, 0])
    x.grad = None
    x.std().backward()
    np.testing.assert_array_equal(x.grad, [0, 0])


def test_a_limit_that_is_a_tensor_gets_half_the_gradient_at_a_tie():
    places = np.array(np.meshgrid([1.0, 2, 3], [1.0, 2, 3], [1.0, 2, 3])).reshape(3, -1)
    x, low, high = (Tensor(p, requires_grad=True) for p in places)
    x.clamp(low, high).sum().backward()
    np.testing.assert_allclose(x.grad.data + low.grad.data + high.grad.data, 1)
    for v, lo, hi, dx, dlow in zip(*places, x.grad.data, low.grad.data, strict=True):
        if lo < hi:
            assert dx == (1 if lo < v < hi else 0.5 if v in (lo, hi) else 0)
            assert dlow == (1 if v < lo else 0.5 if v == lo else 0)


def test_powers_at_zero():
    with np.errstate(all="ignore"):
        agree(lambda x: x ** 0, [0.0, 2.0])
        agree(lambda x: x ** 1, [0.0, 2.0])
        agree(lambda x: 2 ** x, [0.0, 2.0])
        agree(lambda x, y: x ** y, [0.0, 0.0, 3.0], [0.0, 2.0, -1.0])


# ---- the backward pass

def test_a_tensor_used_twice_gets_both_gradients():
    x = Tensor([2.0, 3.0], requires_grad=True)
    (x * x + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [5, 7])


def test_gradients_add_up_until_they_are_cleared():
    x = Tensor([1.0, 2.0], requires_grad=True)
    for _ in range(3):
        (2 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [6, 6])
    x.grad = None
    (2 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 2])


def test_the_gradients_of_two_leaves_are_two_arrays():
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    dy = np.ones(2, np.float32)
    (a + b).backward(dy)
    a.grad.data *= 7
    np.testing.assert_array_equal(b.grad, [1, 1])
    np.testing.assert_array_equal(dy, [1, 1])


def test_backward_through_ten_thousand_steps_frees_them():
    x = Tensor(np.float64(1), requires_grad=True)
    y = x
    for _ in range(10_000):
        y = y + 0.001 * x
    y.backward()
    assert x.grad.item() == pytest.approx(11)
    y = x
    for _ in range(10_000):
        y = y * 1.0
    end = weakref.ref(y)
    del y                                             # a long graph without a backward pass
    assert end() is None


def test_memory_is_freed_during_backward():
    alive = []

    class Big(np.ndarray):
        pass

    def forward(x):
        cache = np.ones(3).view(Big)
        alive.append(weakref.ref(cache))
        return x * 1, cache

    seen = []

    def backward(dy, cache):
        seen.append(sum(ref() is not None for ref in alive))
        return dy

    x = Tensor(np.ones(3), requires_grad=True)
    y = x
    for _ in range(5):
        y = lift(forward, backward)(y)
    total = y.sum()
    total.backward()
    assert seen == [5, 4, 3, 2, 1]
    assert [ref() for ref in alive] == [None] * 5 and total.requires_grad


def test_a_second_backward_needs_retain_graph():
    x = Tensor([1.0], requires_grad=True)
    y = x.exp()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == pytest.approx(2 * np.e)
    with pytest.raises(GraphError, match="retain_graph=True"):
        y.backward()
    with pytest.raises(GraphError, match="retain_graph=True"):
        (y * 2).backward()


def test_several_outputs_have_one_backward_pass():
    def backward(dys, cache):
        calls.append([dy.tolist() for dy in dys])
        return np.concatenate(dys)
    calls = []
    halves = lift(lambda x: ((x[:2], x[2:]), None), backward)
    x = Tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    first, second = halves(x)
    (first * second + first).sum().backward()
    assert calls == [[[4, 5], [1, 2]]]
    first, second = halves(x)
    second.sum().backward()                           # the first output was not used: zeros
    assert calls[1] == [[0, 0], [1, 1]]


def test_a_backward_with_a_wrong_number_of_gradients_is_named():
    def bad_backward(dy, cache):
        return dy, dy
    y = lift(lambda x: (x * 1, None), bad_backward)(Tensor([1.0], requires_grad=True))
    with pytest.raises(ShapeError, match="bad_backward returned 2 gradients for 1 inputs"):
        y.backward()
    y = lift(lambda x: (x * 1, None), lambda dy, cache: dy[:, None])(
        Tensor([1.0, 2.0], requires_grad=True))
    with pytest.raises(ShapeError, match=r"\(2, 1\) arrived at a Tensor of shape \(2,\)"):
        y.sum().backward()


def test_only_needed_gradients_are_computed():
    def backward(dy, cache, needs):
        asked.append(needs)
        return tuple(dy if need else None for need in needs)
    asked = []
    add = lift(lambda a, b: (a + b, None), backward)
    x = Tensor([1.0], requires_grad=True)
    add(x, Tensor([2.0])).backward()
    add(np.ones(1), x).backward()
    assert asked == [(True, False), (False, True)]


def test_hooks_see_and_change_the_gradient():
    x = Tensor([1.0, 2.0], requires_grad=True)
    middle = x * 3
    seen = []
    middle.retain_grad()
    handle = middle.register_hook(lambda g: seen.append(g.numpy().copy()))
    x.register_hook(lambda g: g * 10)
    (middle ** 2).sum().backward()
    np.testing.assert_array_equal(seen, [[6, 12]])
    np.testing.assert_array_equal(middle.grad, [6, 12])
    np.testing.assert_array_equal(x.grad, [180, 360])
    handle.remove()
    (x * 3).sum().backward()
    assert len(seen) == 1


def test_no_grad_records_no_graph():
    x = Tensor([1.0], requires_grad=True)
    with scratch.no_grad():
        y = x * 2
        with scratch.no_grad():
            pass
        assert not (x * 2).requires_grad and not scratch.is_grad_enabled()
    assert scratch.is_grad_enabled() and not y.requires_grad

    @scratch.no_grad()
    def double(x):
        return x * 2
    assert not double(x).requires_grad and (x * 2).requires_grad
    with pytest.raises(ZeroDivisionError), scratch.no_grad():
        raise ZeroDivisionError
    assert scratch.is_grad_enabled()


def test_leaves_and_results():
    x = Tensor([1.0], requires_grad=True)
    y = x * 2
    assert x.is_leaf and not y.is_leaf and y.detach().is_leaf
    assert y.detach().data is y.data and not y.detach().requires_grad
    y.backward()
    assert y.grad is None and isinstance(x.grad, Tensor)
    assert x.requires_grad_(False) is x and not (x * 2).requires_grad


def test_backward_refuses_clearly():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ShapeError, match=r"shape \(2,\) needs a gradient"):
        (x * 2).backward()
    with pytest.raises(ShapeError, match=r"gradient of shape \(3,\)"):
        (x * 2).backward(np.ones(3))
    with pytest.raises(GraphError, match="does not require"):
        Tensor([1.0]).backward()
    with pytest.raises(GraphError, match="int64"):
        Tensor([1], requires_grad=True)
    with pytest.raises(GraphError, match="is not a leaf"):
        (x * 2).requires_grad_(False)
    with pytest.raises(GraphError, match="detach"):
        np.asarray(x)


def test_a_leaf_can_be_copied_with_its_gradient():
    x = Tensor([1.0, 2.0], requires_grad=True)
    (x * 2).sum().backward()
    other = copy.deepcopy(x)
    other.data += 1
    other.grad.data += 1
    np.testing.assert_array_equal(x.data, [1, 2])
    np.testing.assert_array_equal(x.grad, [2, 2])


# ---- changes in place

def test_item_assignment_where_no_gradient_is_kept():
    x = scratch.zeros(2, 3)
    x[0] = 1
    x[:, 1] = scratch.tensor([5.0, 6.0])
    x[x > 5] = -1
    x[[1, 1], [0, 2]] = 7
    np.testing.assert_array_equal(x, [[1, 5, 1], [7, -1, 7]])
    w = scratch.ones(2, requires_grad=True)
    with scratch.no_grad():
        w[0] = 3
        w -= 1
    np.testing.assert_array_equal(w.detach(), [2, 0])
    assert w.requires_grad and w.is_leaf


@pytest.mark.parametrize("change", [
    lambda x, w: x.__setitem__(0, w[0]), lambda x, w: w.zero_(), lambda x, w: x.add_(w),
    lambda x, w: w.fill_(2), lambda x, w: w.__iadd__(1), lambda x, w: (w * 1).clamp_(0, 1),
], ids=range(6))
def test_a_change_that_would_break_the_graph_is_refused(change):
    x, w = scratch.zeros(2), scratch.ones(2, requires_grad=True)
    with pytest.raises(GraphError, match="in place"):
        change(x, w)


def test_methods_in_place():
    x = scratch.tensor([1.0, -2.0])
    same = x.add_(1).mul_(3).sub_(2, alpha=2).div_(2).clamp_(min=-2)
    assert same is x
    np.testing.assert_array_equal(x, [1, -2])
    assert x.fill_(4).tolist() == [4, 4] and x.zero_().tolist() == [0, 0]
    assert x.copy_(scratch.tensor([8, 9])).tolist() == [8, 9] and x.dtype == scratch.float32


def test_a_running_sum_of_results_is_a_new_tensor():
    x = Tensor([1.0, 2.0], requires_grad=True)
    total = first = scratch.zeros(2)
    for _ in range(3):
        total += x * x
    total.sum().backward()
    np.testing.assert_array_equal(x.grad, [6, 12])
    np.testing.assert_array_equal(first, [0, 0])


# ---- dtypes and Python protocols

NUMBERS = {"float32": np.float32([1, 2]), "float64": np.float64([1, 2]), "int64": np.int64([1, 2]),
           "uint8": np.uint8([1, 2]), "bool": np.array([True, False]), "0-d float64": np.float64(2),
           "0-d float32": np.float32(2), "0-d int64": np.int64(2), "int": 2, "float": 2.5,
           "True": True}


@pytest.mark.parametrize("a", NUMBERS)
@pytest.mark.parametrize("b", NUMBERS)
def test_dtypes_are_promoted_as_in_pytorch(a, b):
    def ours(x):
        return Tensor(np.asarray(x)) if isinstance(x, (np.ndarray, np.generic)) else x

    def theirs(x):
        return torch.tensor(x) if isinstance(x, (np.ndarray, np.generic)) else x
    x, y = NUMBERS[a], NUMBERS[b]
    if not isinstance(ours(x), Tensor) and not isinstance(ours(y), Tensor):
        return
    for function in (lambda p, q: p * q, lambda p, q: p + q, lambda p, q: p / q,
                     lambda p, q: p == q, lambda p, q: p < q):
        mine, yours = function(ours(x), ours(y)), function(theirs(x), theirs(y))
        assert mine.dtype.name == str(yours.dtype).removeprefix("torch.")
        np.testing.assert_array_equal(mine.data, yours.numpy())


def test_numbers_never_make_float32_wider():
    x = scratch.ones(3, requires_grad=True)
    y = ((2 * x + 1.5) ** 2 / 3 - np.float64(1) * x).mean() * 0.5
    y.backward()
    assert y.dtype == x.grad.dtype == scratch.float32
    for z in (x.exp(), x.var(), x.std(0), x.norm(), x.logsumexp(0), x.sum(), x.clamp(0, 1),
              scratch.where(x > 0, x, 0.0), x.double().float(), x.sqrt().abs(), x.amax()):
        assert z.dtype == scratch.float32
        z.sum().backward()
    assert x.grad.dtype == scratch.float32


def test_new_tensors_have_torchs_types():
    assert scratch.tensor(0.5).dtype == scratch.float32
    assert scratch.tensor([1, 2]).dtype == scratch.int64
    assert scratch.tensor(np.ones(2)).dtype == scratch.float64
    assert scratch.tensor([True]).dtype == scratch.bool
    assert scratch.arange(3).dtype == scratch.int64
    assert scratch.arange(0, 1, 0.5).dtype == scratch.float32
    assert scratch.full((2,), 3).dtype == scratch.int64
    array = np.ones(2)
    assert scratch.from_numpy(array).data is array
    assert scratch.tensor(array).data is not array


def test_an_array_on_the_left_calls_the_tensors_operator():
    x = Tensor([1.0, 2.0], requires_grad=True)
    for y in (np.float32([3, 4]) * x, np.ones((1, 2), np.float32) @ x, np.float64(2) - x):
        assert isinstance(y, Tensor) and y.requires_grad
    assert isinstance(np.ones(2) == x.detach(), Tensor)


def test_python_protocols():
    x = scratch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(x) == 2 and [row.tolist() for row in x] == [[1, 2], [3, 4]]
    assert float(x[0, 1]) == 2 and int(x[1, 1]) == 4 and bool(x[0, 0])
    assert f"{x[0, 0]:.2f}" == "1.00" and list(range(scratch.tensor(2))) == [0, 1]
    assert (x == None) is False and (x != "a") is True          # noqa: E711
    assert x in {x} and x.size() == (2, 2) and x.size(1) == 2 and x.dim() == 2 and x.numel() == 4
    with pytest.raises(ValueError, match="exactly one"):
        bool(x)
    with pytest.raises(TypeError, match="without axes"):
        len(x[0, 0])
    with pytest.raises(TypeError):
        x + "a"


def test_a_tensor_prints_as_in_torch():
    assert repr(scratch.tensor([1.0, 2.5])) == "tensor([1. , 2.5])"
    assert repr(scratch.tensor([1, 2])) == "tensor([1, 2])"
    x = scratch.zeros(2, dtype=scratch.float64, requires_grad=True)
    assert repr(x) == "tensor([0., 0.], dtype=float64, requires_grad=True)"
    assert repr(x * 2) == "tensor([0., 0.], dtype=float64, grad_fn=<...>)"


def test_views_share_memory():
    x = scratch.zeros(2, 3)
    for view in (x.reshape(6), x.T, x[0], x.unsqueeze(0), x.expand(4, 2, 3), x.permute(1, 0)):
        assert np.shares_memory(view.data, x.data)


def test_errors_say_what_was_asked():
    x = scratch.zeros(2, 3)
    with pytest.raises(ShapeError, match=r"6 numbers of shape \(2, 3\) do not fit in shape \(4,"):
        x.reshape(4, -1)
    with pytest.raises(ShapeError, match=r"a \(2, 3\) @ b \(2, 3\)"):
        x @ x
    with pytest.raises(IndexError, match="dim 2 is out of range for a Tensor with 2 axes"):
        x.sum(2)
    with pytest.raises(ShapeError, match="differ in another axis"):
        scratch.cat([x, scratch.zeros(2, 2)])
    with pytest.raises(ShapeError, match=r"\[1, 3\] must add up to 3"):
        x.split([1, 3], 1)
    with pytest.raises(ShapeError, match=r"\(2, 3\) cannot be expanded to \(2, 4\)"):
        x.expand(2, 4)
    with pytest.raises(TypeError, match="mean of int64"):
        scratch.arange(3).mean()


# ---- random numbers

def test_a_seed_gives_the_same_numbers():
    def draw():
        scratch.manual_seed(7)
        return [scratch.randn(2, 3), scratch.rand(2), scratch.randint(0, 9, (4,)),
                scratch.randint(5, (2, 2)), scratch.randperm(5),
                scratch.randn_like(scratch.ones(2)), scratch.rand_like(scratch.ones(2))]
    first, second = draw(), draw()
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    assert [t.dtype.name for t in first[:3]] == ["float32", "float32", "int64"]
    assert sorted(first[4].tolist()) == [0, 1, 2, 3, 4] and first[3].shape == (2, 2)
    own = scratch.randn(3, generator=np.random.default_rng(0))
    np.testing.assert_array_equal(own, scratch.randn(3, generator=np.random.default_rng(0)))


# ---- shapes drawn by Hypothesis

FLOATS = st.floats(-4, 4, width=64).map(lambda v: v + 0.5 if abs(v) < 0.25 else v)


@st.composite
def two_that_broadcast(draw):
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=4))
    return [draw(hnp.arrays(np.float64, shape, elements=FLOATS)) for shape in shapes.input_shapes]


@given(two_that_broadcast())
def test_any_shapes_that_broadcast(arrays):
    for function in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b,
                     lambda a, b: a / b, lambda a, b: a.maximum(b)):
        agree(function, *arrays)


@st.composite
def array_and_index(draw):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=4, max_side=4))
    x = draw(hnp.arrays(np.float64, shape, elements=FLOATS))
    index = []
    for size in shape[:draw(st.integers(1, len(shape)))]:
        kinds = [st.integers(-size, size - 1), hnp.arrays(np.int64, 2, elements=st.integers(
            -size, size - 1)), st.slices(size).filter(lambda s: (s.step or 1) > 0)]
        index.append(draw(st.one_of(*kinds)))
    if draw(st.booleans()):
        index.insert(draw(st.integers(0, len(index))), None)
    return x, tuple(index)


@given(array_and_index())
def test_any_index(case):
    x, index = case
    pairs = twins(x)
    theirs = tuple(torch.tensor(i) if isinstance(i, np.ndarray) else i for i in index)
    compare(pairs[0][0][index], pairs[0][1][theirs], pairs)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=4), elements=FLOATS), st.data())
def test_any_mask(x, data):
    mask = data.draw(hnp.arrays(bool, x.shape[:data.draw(st.integers(1, x.ndim))]))
    pairs = twins(x)
    compare(pairs[0][0][Tensor(mask)], pairs[0][1][torch.tensor(mask)], pairs)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=4), elements=FLOATS), st.data())
def test_any_axes(x, data):
    axes = data.draw(st.lists(st.integers(0, x.ndim - 1), min_size=1, unique=True)).copy()
    keepdim = data.draw(st.booleans())
    for function in (lambda t: t.sum(axes, keepdim), lambda t: t.mean(axes, keepdim),
                     lambda t: t.amax(axes, keepdim), lambda t: t.logsumexp(axes, keepdim),
                     lambda t: t.var(axes, correction=0, keepdim=keepdim),
                     lambda t: t.permute(*np.random.default_rng(0).permutation(t.ndim).tolist()),
                     lambda t: t.flip(axes), lambda t: t.movedim(axes[0], -1)):
        agree(function, x)
