"""Every layer against PyTorch's samples: weights copied across, outputs, state and gradients."""

import numpy as np
import pytest
import torch

from tests.scratch.torch_samples import compare, each, layers_agree, ours_of, theirs_of
from vidlearn.scratch import ShapeError, Tensor, UnsupportedOption, nn

NAMES = (
    "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
    "MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d",
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d",
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "LayerNorm", "GroupNorm", "Linear", "Embedding",
    "ReLU", "LeakyReLU", "ELU", "GELU", "Softplus", "Sigmoid", "Tanh", "Softmax", "LogSoftmax",
    "PReLU", "SiLU", "BCELoss", "HuberLoss", "MarginRankingLoss",
    "RNNCell", "LSTMCell", "GRUCell", "RNN", "LSTM", "GRU",
    "MSELoss", "L1Loss", "SmoothL1Loss", "CrossEntropyLoss", "NLLLoss", "BCEWithLogitsLoss",
    "CosineEmbeddingLoss",
    "ZeroPad1d", "ZeroPad2d", "ZeroPad3d", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d",
    "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d",
    "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d",
)
test_layers = layers_agree(
    {name: getattr(nn, name) for name in NAMES},
    refused={"LSTM": ["LSTM: proj_size=2 is not implemented; add a Linear after it"]})

# Layers without samples in PyTorch: (constructor, shapes of the inputs).
MORE = {
    "Conv1d reflect": (lambda nn: nn.Conv1d(2, 4, 3, padding=2, padding_mode="reflect"), (2, 2, 7)),
    "Conv2d replicate same": (lambda nn: nn.Conv2d(
        2, 4, (2, 3), padding="same", dilation=(3, 1), padding_mode="replicate"), (2, 2, 5, 7)),
    "Conv3d replicate": (lambda nn: nn.Conv3d(
        2, 4, 3, 2, (1, 0, 2), groups=2, padding_mode="replicate"), (1, 2, 3, 5, 7)),
    "Conv2d reflect valid": (lambda nn: nn.Conv2d(
        2, 2, 3, padding="valid", padding_mode="reflect"), (2, 2, 5, 7)),
    "Conv2d circular": (lambda nn: nn.Conv2d(
        2, 4, (2, 3), padding=(1, 2), dilation=2, padding_mode="circular"), (2, 2, 5, 7)),
    "Conv3d circular same": (lambda nn: nn.Conv3d(
        2, 3, (2, 3, 1), padding="same", padding_mode="circular"), (2, 2, 3, 4, 5)),
    "ConvTranspose3d": (lambda nn: nn.ConvTranspose3d(
        4, 2, (1, 2, 3), (1, 2, 3), (0, 1, 1), (0, 1, 2), 2, False), (2, 4, 2, 3, 4)),
    "Upsample factor": (lambda nn: nn.Upsample(scale_factor=2), (2, 3, 4, 5)),
    "Upsample size": (lambda nn: nn.Upsample(
        (7, 5), mode="bilinear", align_corners=True), (2, 3, 4, 5)),
    "Upsample recomputed": (lambda nn: nn.Upsample(
        scale_factor=1.7, mode="bilinear", recompute_scale_factor=True), (2, 3, 4, 5)),
    "PairwiseDistance": (lambda nn: nn.PairwiseDistance(1.5, keepdim=True), (3, 4), (3, 4)),
    "CosineSimilarity": (lambda nn: nn.CosineSimilarity(dim=-1), (3, 4), (1, 4)),
    "Unfold": (lambda nn: nn.Unfold((2, 3), 2, 1, (1, 2)), (2, 3, 5, 7)),
    "Fold": (lambda nn: nn.Fold((4, 5), (2, 3), padding=(1, 0), stride=2), (2, 12, 6)),
    "PixelShuffle": (lambda nn: nn.PixelShuffle(3), (2, 9, 2, 3)),
    "PixelUnshuffle": (lambda nn: nn.PixelUnshuffle(2), (1, 2, 4, 6)),
    "PReLU": (lambda nn: nn.PReLU(3, 0.1), (2, 3, 4)),
    "Flatten": (lambda nn: nn.Flatten(1, 2), (2, 3, 4, 5)),
    "Unflatten": (lambda nn: nn.Unflatten(1, (2, 3)), (2, 6, 4)),
    "Identity": (lambda nn: nn.Identity(3, size=2), (2, 6)),
    "TripletMarginLoss": (lambda nn: nn.TripletMarginLoss(2.0, swap=True), *[(5, 4)] * 3),
    "BCEWithLogitsLoss": (lambda nn: nn.BCEWithLogitsLoss(
        pos_weight=nn.Linear(1, 4).bias.data), (3, 4), (3, 4)),
    "Dropout": (lambda nn: nn.Dropout(1.0), (3, 4)),
    "Dropout1d": (lambda nn: nn.Dropout1d(1.0), (3, 4)),
    "Dropout2d": (lambda nn: nn.Dropout2d(1.0), (2, 3, 4, 5)),
    "Dropout3d": (lambda nn: nn.Dropout3d(1.0), (2, 3, 4, 5, 6)),
}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", MORE)
def test_layers_that_pytorch_has_no_samples_for(name, training):
    make, *shapes = MORE[name]
    ours, theirs = make(nn).double().train(training), make(torch.nn).double().train(training)
    ours.load_state_dict(theirs.state_dict())
    rng, pairs = np.random.default_rng(0), {}
    inputs = [torch.tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    y = ours(*each(inputs, ours_of, pairs))
    expected = theirs(*each(inputs, theirs_of, pairs))
    parameters = zip(ours.parameters(), theirs.parameters(), strict=True)
    compare(y, expected, [*pairs.values(), *parameters])


REFUSED = {
    "output_size": lambda: nn.ConvTranspose1d(1, 1, 2)(Tensor(np.ones((1, 1, 3))), output_size=[5]),
    "max_norm": lambda: nn.Embedding(3, 2, max_norm=1.0),
    "scale_grad_by_freq": lambda: nn.Embedding(3, 2, scale_grad_by_freq=True),
    "sparse": lambda: nn.Embedding(3, 2, sparse=True),
    "proj_size": lambda: nn.LSTM(3, 4, proj_size=2),
    "size_average": lambda: nn.MSELoss(size_average=True),
    "reduce": lambda: nn.CrossEntropyLoss(reduce=False),
    "dim=None": lambda: nn.Softmax()(Tensor(np.ones(3))),
}


@pytest.mark.parametrize("option", REFUSED)
def test_options_that_are_not_implemented_are_refused_by_name(option):
    with pytest.raises(UnsupportedOption, match=option):
        REFUSED[option]()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="3 and out_channels 4 must be divisible by groups 2"):
        nn.Conv2d(3, 4, 3, groups=2)
    with pytest.raises(ShapeError, match=r"BatchNorm1d: x \(2, 3, 4, 5\) must have 2 or 3 axes"):
        nn.BatchNorm1d(3)(Tensor(np.ones((2, 3, 4, 5))))
    with pytest.raises(ShapeError, match="stride must be one whole number or 2 of them"):
        nn.Conv2d(3, 4, 3, stride=(1, 2, 1))
    with pytest.raises(ValueError, match="padding_mode must be zeros, reflect, .* not 'mirror'"):
        nn.Conv2d(1, 1, 3, padding_mode="mirror")
    with pytest.raises(ValueError, match="padding_mode must be 'zeros' .* not 'reflect'"):
        nn.ConvTranspose2d(1, 1, 2, padding_mode="reflect")


def test_running_statistics_learn_in_training_only():
    ours, theirs = nn.BatchNorm2d(3, momentum=None), torch.nn.BatchNorm2d(3, momentum=None)
    rng = np.random.default_rng(0)
    for training in (True, True, False, True):
        x = rng.normal(2, 3, size=(4, 3, 5, 5)).astype(np.float32)
        y, expected = ours.train(training)(Tensor(x)), theirs.train(training)(torch.tensor(x))
        np.testing.assert_allclose(y.detach(), expected.detach(), atol=1e-5)
    assert ours.num_batches_tracked.item() == 3
    for mine, their in zip(ours.buffers(), theirs.buffers(), strict=True):
        np.testing.assert_allclose(mine, their, rtol=1e-5)


def test_dropout_does_nothing_after_training():
    layer, x = nn.Dropout(0.5), Tensor(np.ones((20, 20)))
    assert (layer(x).data == 0).any()
    assert (layer.eval()(x).data == 1).all()
