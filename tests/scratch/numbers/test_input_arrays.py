"""Input arrays of any kind: integers, other dtypes, empty, other byte orders and layouts."""

import numpy as np
import pytest
import torch

from tests.scratch.agreement import ORDERS
from vidlearn import scratch
from vidlearn.scratch import ShapeError, Tensor, nn, optim

F = nn.functional
RNG = np.random.default_rng(0)
CLIP = RNG.normal(size=(2, 3, 8)).astype(np.float32)
WEIGHT, TABLE = (RNG.normal(size=size).astype(np.float32) for size in ((4, 3, 3), (4, 8)))
USES = {                            # functions of x (2, 3, 8) in either library
    "conv1d": lambda lib, x: lib.nn.functional.conv1d(x, lib.from_numpy(WEIGHT).to(x.dtype)),
    "linear": lambda lib, x: lib.nn.functional.linear(x, lib.from_numpy(TABLE).to(x.dtype)),
    "max_pool1d": lambda lib, x: lib.nn.functional.max_pool1d(x, 3, 2),
    "avg_pool1d": lambda lib, x: lib.nn.functional.avg_pool1d(x, 3, 2),
    "layer_norm": lambda lib, x: lib.nn.functional.layer_norm(x, (8,)),
    "softmax": lambda lib, x: x.softmax(1),
    "gelu": lambda lib, x: lib.nn.functional.gelu(x),
    "std": lambda lib, x: x.std(2),
    "mse_loss": lambda lib, x: lib.nn.functional.mse_loss(x, x * 0.5),
}


@pytest.mark.parametrize("dtype", [">f4", ">f8"])
@pytest.mark.parametrize("name", USES)
def test_another_byte_order_is_read_right(name, dtype):
    array = CLIP.astype(dtype)
    y, expected = (USES[name](scratch, scratch.tensor(a)) for a in
                   (array, array.astype(array.dtype.newbyteorder("="))))
    assert y.dtype == expected.dtype and y.dtype.isnative
    np.testing.assert_array_equal(y, expected)
    assert array.dtype == dtype
    with pytest.raises(TypeError, match="another byte order"):
        scratch.from_numpy(array)                         # it could not share the memory


@pytest.mark.parametrize("name", USES)
def test_half_precision_is_right_to_its_own_digits(name):
    y = USES[name](scratch, Tensor(CLIP.astype(np.float16)))
    assert y.dtype == np.float16
    np.testing.assert_allclose(y, USES[name](scratch, Tensor(CLIP)), atol=0.05)


REALS = {"conv1d", "linear", "avg_pool1d", "layer_norm", "softmax", "gelu", "mse_loss"}


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("name", sorted(REALS))
def test_whole_numbers_are_refused_where_they_would_be_rounded(name, dtype):
    array = (np.abs(CLIP) * 2).astype(dtype)
    run = {"conv1d": lambda: F.conv1d(array, WEIGHT), "linear": lambda: F.linear(array, TABLE),
           "mse_loss": lambda: F.mse_loss(array, CLIP)}.get(name, lambda: USES[name](
               scratch, Tensor(array)))
    with pytest.raises(TypeError,
                       match=rf"{name}: input must be a Tensor of real numbers, "
                             rf"not .*{dtype}: convert"):
        run()


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"])
def test_a_recurrent_layer_refuses_whole_numbers(kind):
    with pytest.raises(TypeError,
                       match=rf"{kind}: input must be a Tensor of real numbers, not array"):
        getattr(nn, kind)(8, 2)(np.ones((3, 8), np.uint8))


@pytest.mark.parametrize("mode", ["linear", "area"])
def test_integers_are_resized_to_the_nearest_but_not_averaged(mode):
    x = scratch.arange(6).reshape(1, 2, 3)
    assert F.interpolate(x, size=6).dtype == scratch.int64
    with pytest.raises(TypeError,
                       match="interpolate: input must be a Tensor of real numbers, not .* int64"):
        F.interpolate(x, size=6, mode=mode)


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "sin", "cos", "sigmoid", "tanh"])
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool])
def test_functions_of_integers_are_float32_as_in_pytorch(name, dtype):
    array = np.array([1, 0, 3]).astype(dtype) + dtype(1)
    y = getattr(Tensor(array), name)()
    assert y.dtype == scratch.float32
    np.testing.assert_allclose(y, getattr(torch.tensor(array), name)(), rtol=1e-6)


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss",
                                  "binary_cross_entropy_with_logits"])
def test_an_integer_target_does_not_change_the_dtype_of_a_loss(name):
    x, target = Tensor(CLIP, requires_grad=True), (CLIP > 0).astype(int)
    loss = getattr(F, name)(x, target)
    assert loss.dtype == scratch.float32
    np.testing.assert_allclose(loss.item(), getattr(F, name)(CLIP, (CLIP > 0) * np.float32(
        1)).item())


@pytest.mark.parametrize("wrong", [CLIP.astype(complex), CLIP.astype(object), np.array(["a", "b"]),
                                   np.array(["2026-01-01"], "M8[D]")], ids=str)
@pytest.mark.parametrize("make", [Tensor, scratch.tensor, scratch.from_numpy, scratch.exp, F.relu,
                                  nn.Parameter], ids=lambda make: make.__name__)
def test_arrays_without_real_numbers_are_refused_by_dtype(make, wrong):
    words = f"holds real numbers, not {wrong.dtype}"[:30]
    with pytest.raises(TypeError, match=words) as caught:
        make(wrong)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 130


# ---- empty arrays

EMPTY = np.zeros((2, 0, 4), np.float32)
CHOICES = {name: lambda x, name=name: getattr(x, name)() for name in
           ("max", "min", "amax", "amin", "argmax", "argmin")}


@pytest.mark.parametrize("name", CHOICES)
def test_an_empty_axis_has_no_maximum(name):
    for call in (CHOICES[name], lambda x: getattr(x, name)(1)):
        with pytest.raises(ShapeError,
                           match=r"axis 1 of shape \(2, 0, 4\) is empty, so there is no"):
            call(Tensor(EMPTY))
    if name != "argmax" and name != "argmin":
        y = getattr(Tensor(EMPTY), name)(2)               # but along an axis that is not empty
        assert (y[0] if isinstance(y, tuple) else y).shape == (2, 0)


@pytest.mark.parametrize("call, words", [
    (lambda: F.conv1d(EMPTY, np.zeros((3, 0, 2), "f")), r"x \(2, 0, 4\) has no channels"),
    (lambda: F.adaptive_avg_pool1d(EMPTY.swapaxes(1, 2), 2), r"\(2, 4, 0\) has an axis without"),
    (lambda: F.adaptive_max_pool1d(EMPTY.swapaxes(1, 2), 2), r"\(2, 4, 0\) has an axis without"),
    (lambda: F.interpolate(EMPTY.swapaxes(1, 2), size=3), r"\(2, 4, 0\) has an empty axis"),
    (lambda: F.pad(EMPTY.swapaxes(1, 2), (1, 1), "replicate"), r"\(2, 4, 0\) has an empty axis"),
    (lambda: F.cross_entropy(EMPTY, np.zeros((2, 4), int)), r"\(2, 0, 4\) must have scores"),
    (lambda: scratch.cat([Tensor(1.0), Tensor(2.0)]), "each needs an axis to join along"),
    (lambda: Tensor(1.0).unbind(), "a Tensor without axes cannot be split"),
    (lambda: Tensor(1.0).chunk(2), "a Tensor without axes cannot be split"),
    (lambda: Tensor(1.0).split(1), "a Tensor without axes cannot be split"),
])
def test_empty_axes_are_refused(call, words):
    with pytest.raises(ShapeError, match=words):
        call()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("shape", [(0, 3), (0, 3, 2)])
@pytest.mark.parametrize("smoothing", [0, 0.1])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_the_cross_entropy_of_no_clips_is_pytorchs(shape, smoothing, reduction):
    x, target = np.zeros(shape, np.float32), np.zeros((0, *shape[2:]), int)
    options = {"label_smoothing": smoothing, "reduction": reduction}
    np.testing.assert_array_equal(
        F.cross_entropy(x, target, **options),
        torch.nn.functional.cross_entropy(torch.tensor(x), torch.tensor(target), **options))


# ---- models and optimizers: inputs in any memory layout, which must not be changed

@pytest.mark.parametrize("order", ORDERS)
def test_a_model_takes_any_memory_layout_and_leaves_the_input_unchanged(order):
    scratch.manual_seed(0)
    model = nn.Sequential(nn.Conv1d(3, 4, 3), nn.BatchNorm1d(4), nn.ReLU(), nn.MaxPool1d(2),
                          nn.Flatten(), nn.Linear(12, 2))
    laid = ORDERS[order](CLIP)
    ys = [model(x) for x in (laid, CLIP)]
    np.testing.assert_allclose(ys[0].detach(), ys[1].detach(), rtol=1e-5, atol=1e-6)
    ys[0].sum().backward()
    np.testing.assert_array_equal(laid, CLIP)


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_the_state_of_an_optimizer_is_float32(kind):
    layer = nn.Linear(8, 2)
    options = {"momentum": 0.9} if kind in ("SGD", "RMSprop") else {}
    optimizer = getattr(optim, kind)(layer.parameters(), lr=np.float64(0.1), weight_decay=0.1,
                                     **options)
    for _ in range(2):
        layer(CLIP).square().mean().backward()
        optimizer.step()
    arrays = [a for state in optimizer.state.values() for a in state.values()
              if isinstance(a, np.ndarray)]
    assert arrays and {a.dtype for a in arrays} == {layer.weight.dtype} == {scratch.float32}
