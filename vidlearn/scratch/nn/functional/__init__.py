"""The pairs of `scratch.layers` as functions of Tensors, under torch.nn.functional's names."""

# ruff: noqa: F401    (the imports are the point: these are the package's names)

from vidlearn.scratch.core import missing, tensor_kinds
from vidlearn.scratch.nn.functional.activation import (
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    prelu,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from vidlearn.scratch.nn.functional.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from vidlearn.scratch.nn.functional.linear import embedding, linear, one_hot
from vidlearn.scratch.nn.functional.loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    cosine_similarity,
    cross_entropy,
    huber_loss,
    l1_loss,
    margin_ranking_loss,
    mse_loss,
    nll_loss,
    pairwise_distance,
    smooth_l1_loss,
    triplet_margin_loss,
)
from vidlearn.scratch.nn.functional.normalization import (
    batch_norm,
    group_norm,
    layer_norm,
    normalize,
)
from vidlearn.scratch.nn.functional.pixels import (
    fold,
    grid_sample,
    pixel_shuffle,
    pixel_unshuffle,
    unfold,
)
from vidlearn.scratch.nn.functional.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from vidlearn.scratch.nn.functional.resize import interpolate, pad

tensor_kinds.check_public(globals(), tensor_kinds.FUNCTIONAL)     # each checks its arguments
for _name in ("relu", "sigmoid", "tanh", "softmax", "log_softmax"):              # torch's methods
    setattr(tensor_kinds.Tensor, _name, globals()[_name])
__getattr__ = missing.attribute(globals())
