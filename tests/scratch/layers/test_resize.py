"""Padding and interpolation by hand against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.scratch.pair_agreement import CLOSE, normal, spread
from tests.scratch.torch_samples import agree_by_name
from vidlearn.scratch import ShapeError, Tensor, UnsupportedOption
from vidlearn.scratch.nn import functional

F = torch.nn.functional
LINEAR = {3: "linear", 4: "bilinear", 5: "trilinear"}


@settings(max_examples=100, derandomize=True)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=3), st.data(),
       st.sampled_from(["constant", "reflect", "replicate", "circular"]))
def test_pad_agrees_with_pytorch(size, data, mode):
    pad = []
    for s in reversed(size):
        most = {"reflect": s - 1, "circular": s}.get(mode, 3)
        before = data.draw(st.integers(1 - s, most) if mode == "constant" else st.integers(0, most))
        pad += [before, data.draw(st.integers(max(0, 1 - s - before), most))]
    options = dict(value=data.draw(st.none() | st.floats(-2, 2))) if mode == "constant" else {}
    agree_by_name("pad", [spread(normal(2, 3, *size))], pad=pad, mode=mode, **options)


@settings(max_examples=150, derandomize=True)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=3), st.data(),
       st.sampled_from(["nearest", "nearest-exact", "lines", "corners", "area"]))
def test_interpolate_agrees_with_pytorch(size, data, mode):
    x = spread(normal(2, 3, *size))
    asked = dict(mode=LINEAR[x.ndim] if mode in ("lines", "corners") else mode)
    if mode == "corners":
        asked["align_corners"] = True
    if data.draw(st.booleans()):
        asked["size"] = tuple(data.draw(st.integers(1, 9)) for _ in size)
    else:
        factor = st.sampled_from([1, 1.2, 1.5, 1.7, 2, 2.5, 3])
        asked["scale_factor"] = tuple(data.draw(factor) for _ in size)
        asked["recompute_scale_factor"] = again = data.draw(st.sampled_from([None, True]))
        # PyTorch's gradient is not that of its own forward pass where 1.2 adds no place.
        assume(mode != "nearest" or again or not _add_nothing(size, asked["scale_factor"]))
    agree_by_name("interpolate", [x], **asked)


def _add_nothing(size, factors):
    return any(f != 1 and int(s * f) == s for s, f in zip(size, factors, strict=True))


def test_a_nearest_gradient_follows_the_forward_pass_where_a_factor_adds_no_place():
    x = Tensor([[[3.0, 5.0]]], requires_grad=True)
    y = functional.interpolate(x, scale_factor=1.2)    # place 1 asks at 1/1.2, rounded down: 0
    y.sum().backward()
    np.testing.assert_array_equal(y.data, [[[3.0, 3.0]]])
    np.testing.assert_array_equal(x.grad, [[[2.0, 0.0]]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_nearest_index_up_to_thirty(dtype):
    for size in range(1, 31):
        x = np.arange(size, dtype=dtype)
        for rest in ((), (1,), (1, 1)):                # sequences, images and clips round apart
            for mode in ("nearest", "nearest-exact"):
                shaped = x.reshape(1, 1, size, *rest)
                for places in range(1, 31):
                    asked = dict(size=(places, *rest), mode=mode)
                    np.testing.assert_array_equal(
                        functional.interpolate(Tensor(shaped), **asked).numpy(),
                        F.interpolate(torch.tensor(shaped), **asked))


def test_a_corner_stays_a_corner():
    x = Tensor(np.array([[[0.0, 3.0]]]))
    y = functional.interpolate(x, 4, mode="linear", align_corners=True).numpy()
    np.testing.assert_allclose(y, [[[0, 1, 2, 3]]], **CLOSE)
    y = functional.interpolate(x, 4, mode="linear").numpy()
    np.testing.assert_allclose(y, [[[0, 0.75, 2.25, 3]]], **CLOSE)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mode", ["nearest", "bilinear", "area"])
def test_the_type_stays(dtype, mode):
    x = Tensor(normal(1, 2, 4, 4).astype(dtype), requires_grad=True)
    y = functional.interpolate(functional.pad(x, (1, 1), mode="reflect"), 7, mode=mode)
    y.sum().backward()
    assert y.dtype == x.grad.dtype == dtype


@pytest.mark.parametrize("call, error, message", [
    (lambda x: functional.pad(x, (1, 2, 3)), ShapeError, r"pad \(1, 2, 3\) must be pairs"),
    (lambda x: functional.pad(x, (-5, 0)), ShapeError, r"pad \(-5, 0\) crops more than there is"),
    (lambda x: functional.pad(x, (4, 0), "reflect"), ShapeError,
     r"pad \(4, 0\) is too much for axis 3 of \(1, 2, 4, 4\) in mode 'reflect': 3 at most"),
    (lambda x: functional.pad(x, (1, 1), "mirror"), ValueError, "not 'mirror'"),
    (lambda x: functional.pad(x, (1, 1), "reflect", 2), ValueError, "value is for mode 'constant'"),
    (lambda x: functional.interpolate(x), ValueError, "either size or scale_factor"),
    (lambda x: functional.interpolate(x, 3, 2.0), ValueError, "either size or scale_factor"),
    (lambda x: functional.interpolate(x, (1, 2, 3)), ShapeError, r"\[1, 2, 3\] must be one number"),
    (lambda x: functional.interpolate(x, 3, mode="linear"), ShapeError, "input must have 3 axes"),
    (lambda x: functional.interpolate(x, 3, mode="lanczos"), ValueError, "not 'lanczos'"),
    (lambda x: functional.interpolate(x, scale_factor=0.1), ShapeError, r"shrink to \(0, 0\)"),
    (lambda x: functional.interpolate(x, 3, align_corners=True), ValueError, "align_corners is"),
    (lambda x: functional.interpolate(x, 3, recompute_scale_factor=True), ValueError,
     "recompute_scale_factor is for a scale_factor"),
    (lambda x: functional.interpolate(x, 3, mode="bicubic"), UnsupportedOption, "mode 'bicubic'"),
    (lambda x: functional.interpolate(x, 3, mode="bilinear", antialias=True), UnsupportedOption,
     "antialias is not implemented"),
])
def test_what_cannot_be_done_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call(Tensor(np.ones((1, 2, 4, 4))))
