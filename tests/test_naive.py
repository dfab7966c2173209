"""The plain loops against PyTorch: they are a third opinion only if they are right themselves."""

import numpy as np
import pytest
import torch

from vidlearn import naive

F = torch.nn.functional
CONVOLUTIONS = [  # size of x, kernel, options
    ((7,), (3,), dict(stride=2, padding=1)),
    ((5, 6), (3, 2), dict(stride=(2, 1), padding=(0, 1), dilation=(1, 2), groups=2)),
    ((4, 3, 5), (2, 3, 1), dict(stride=2, padding=1, groups=2)),
    ((1,), (1,), {}),
]


def agree(ours, theirs):
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=1e-12)


def draw(*shapes):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("size, kernel, options", CONVOLUTIONS)
@pytest.mark.parametrize("bias", [True, False])
def test_conv(size, kernel, options, bias):
    x, weight, b = draw((2, 4, *size), (6, 4 // options.get("groups", 1), *kernel), 6)
    arrays = [x, weight, b if bias else None]
    theirs = getattr(F, f"conv{len(size)}d")
    agree(naive.conv(*arrays, **options), theirs(*tensors(arrays), **options))


@pytest.mark.parametrize("size, kernel, options", CONVOLUTIONS)
@pytest.mark.parametrize("bias", [True, False])
def test_conv_transpose(size, kernel, options, bias):
    options = options | dict(output_padding=1 if options.get("stride") == 2 else 0)
    groups = options.get("groups", 1)
    x, weight, b = draw((2, 4, *size), (4, 6 // groups, *kernel), 6)
    arrays = [x, weight, b if bias else None]
    theirs = getattr(F, f"conv_transpose{len(size)}d")
    agree(naive.conv_transpose(*arrays, **options), theirs(*tensors(arrays), **options))


@pytest.mark.parametrize("size, kernel, options", [
    ((7,), 3, dict(stride=2, padding=1, dilation=2)), ((5, 6), (2, 3), {}),
    ((4, 3, 5), 2, dict(stride=(1, 2, 2), padding=1)),
])
def test_pools(size, kernel, options):
    x, = draw((2, 3, *size))
    agree(naive.max_pool(x, kernel, **options),
          getattr(F, f"max_pool{len(size)}d")(torch.tensor(x), kernel, **options))
    options = {key: value for key, value in options.items() if key != "dilation"}
    agree(naive.avg_pool(x, kernel, **options),
          getattr(F, f"avg_pool{len(size)}d")(torch.tensor(x), kernel, **options))


@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 5), (3, 2, 2, 1), (1, 2, 2, 3, 2)])
@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_batch_norm(shape, eps):
    x, weight, bias = draw(shape, shape[1], shape[1])
    agree(naive.batch_norm(x + 3, weight, bias, eps),
          F.batch_norm(torch.tensor(x + 3), None, None, *tensors([weight, bias]), training=True,
                       eps=eps))


@pytest.mark.parametrize("cell, step, gates", [
    (torch.nn.RNNCell, naive.rnn_step, 1), (torch.nn.LSTMCell, naive.lstm_step, 4),
    (torch.nn.GRUCell, naive.gru_step, 3),
])
@pytest.mark.parametrize("bias", [True, False])
def test_recurrent_steps(cell, step, gates, bias):
    x, h, c = draw((2, 3), (2, 5), (2, 5))
    twin = cell(3, 5, bias=bias).double()
    parameters = [p.detach().numpy() for p in twin.parameters()]     # ih, hh and their biases
    state = [h, c] if gates == 4 else [h]
    theirs = twin(torch.tensor(x), tuple(tensors(state)) if gates == 4 else torch.tensor(h))
    ours = step(x, *state, *parameters)
    for mine, its in zip(ours, theirs, strict=True) if gates == 4 else [(ours, theirs)]:
        agree(mine, its.detach())


def test_linear():
    x, weight, bias = draw((3, 4), (2, 4), 2)
    agree(naive.linear(x, weight, bias), F.linear(*tensors([x, weight, bias])))
    agree(naive.linear(x, weight), F.linear(*tensors([x, weight])))


def test_losses():
    x, target = draw((4, 3), (4, 3))
    for name in ("mse_loss", "l1_loss"):
        agree(getattr(naive, name)(x, target), getattr(F, name)(*tensors([x, target])))
    agree(naive.binary_cross_entropy_with_logits(x, abs(target) % 1),
          F.binary_cross_entropy_with_logits(*tensors([x, abs(target) % 1])))
    classes = np.array([2, 0, 0, 1])
    agree(naive.cross_entropy(x, classes), F.cross_entropy(*tensors([x, classes])))
    for margin in (0.1, 1.0, 9.0):
        negative = draw((4, 3), (4, 3), (4, 3))[2]
        agree(naive.triplet_margin_loss(x, target, negative, margin),
              F.triplet_margin_loss(*tensors([x, target, negative]), margin=margin))


def test_float32_stays_float32():
    x, weight = (a.astype(np.float32) for a in draw((1, 1, 4), (1, 1, 2)))
    assert naive.conv(x, weight).dtype == np.float32
    assert naive.max_pool(x, 2).dtype == np.float32


def tensors(arrays):
    return [None if a is None else torch.tensor(a) for a in arrays]
