"""The operators and methods of a Tensor: dtypes, printing, Python protocols, error messages."""

import numpy as np
import pytest
import torch

from vidlearn import scratch
from vidlearn.scratch import ShapeError, Tensor

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
