"""Layers, losses and containers in NumPy, under torch.nn's names."""

# ruff: noqa: F401    (the imports are the point: these are the package's names)

from vidlearn.scratch.core import missing, tensor_kinds
from vidlearn.scratch.nn import functional, init, utils
from vidlearn.scratch.nn.activation import (
    ELU,
    GELU,
    Dropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    LeakyReLU,
    LogSoftmax,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from vidlearn.scratch.nn.containers import ModuleDict, ModuleList, Sequential
from vidlearn.scratch.nn.convolution import (
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from vidlearn.scratch.nn.distance import CosineSimilarity, PairwiseDistance
from vidlearn.scratch.nn.linear import Embedding, Flatten, Identity, Linear, Unflatten
from vidlearn.scratch.nn.loss import (
    BCELoss,
    BCEWithLogitsLoss,
    CosineEmbeddingLoss,
    CrossEntropyLoss,
    HuberLoss,
    L1Loss,
    MarginRankingLoss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
    TripletMarginLoss,
)
from vidlearn.scratch.nn.module import Module
from vidlearn.scratch.nn.normalization import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    GroupNorm,
    LayerNorm,
)
from vidlearn.scratch.nn.parameter import Parameter
from vidlearn.scratch.nn.pixels import Fold, PixelShuffle, PixelUnshuffle, Unfold
from vidlearn.scratch.nn.pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
)
from vidlearn.scratch.nn.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from vidlearn.scratch.nn.resize import (
    ConstantPad1d,
    ConstantPad2d,
    ConstantPad3d,
    ReflectionPad1d,
    ReflectionPad2d,
    ReflectionPad3d,
    ReplicationPad1d,
    ReplicationPad2d,
    ReplicationPad3d,
    Upsample,
    ZeroPad1d,
    ZeroPad2d,
    ZeroPad3d,
)

for _package, _table in ((globals(), tensor_kinds.LAYERS), (vars(init), tensor_kinds.INITIALIZERS),
                         (vars(utils), tensor_kinds.LAYERS)):
    tensor_kinds.check_public(_package, _table)            # each checks its arguments
tensor_kinds.check_methods(
    Module, "add_module apply buffers load_state_dict named_buffers named_modules named_parameters "
            "parameters register_buffer register_forward_hook register_full_backward_hook "
            "register_parameter requires_grad_ train zero_grad")
__getattr__ = missing.attribute(globals())
