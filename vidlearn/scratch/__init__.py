"""Deep learning in NumPy, under torch's names.

The base is plain pairs of functions on arrays, forward and backward. `lift` turns a pair into a
function of Tensors. `nn`, `nn.functional`, `ops` and `optim` are built from these. Read in this
order:

    core/      tensor.py graph.py versions.py      Tensor, lift, backward, no_grad, version counter
               gradcheck.py                        checks a backward pass by finite differences
               tensor_kinds.py errors.py           kinds of arguments, exceptions
               missing.py                          what is said of a name that is not here
               threads.py                          several threads for one convolution
    numbers/   arithmetic.py elementwise.py choose.py matrix.py einsum.py distance.py
               reduce.py statistics.py cumulative.py order.py     sums, running sums, sorting
               shape.py join.py index.py gather.py shapes, joining, splitting, indexing
               create.py random.py                 new Tensors
               convert.py inplace.py methods.py    conversion, changes in place, operators, methods
    layers/    arguments.py linear.py activation.py norm.py dropout.py
               sliding_window.py im2col.py conv.py conv_transpose.py causal.py
               pool.py adaptive_pool.py resize.py unfold.py grid_sample.py
               recurrent.py unrolled.py clamped_lstm.py variable_length.py
               loss.py regression_loss.py reduction.py metric_learning.py
               boxes.py roi_align.py
    nn/        functional/                         the pairs of layers/ as functions of Tensors
               module.py state.py hooks.py parameter.py init.py, then a file for each kind of layer
    ops/       boxes.py roi_align.py focal_loss.py      on boxes, under torchvision.ops' names
    optim/     optimizer.py descent.py adaptive.py lr_scheduler.py

>>> from vidlearn import scratch
>>> x = scratch.tensor([3.0, 4.0], requires_grad=True)
>>> (x * x).sum().backward()
>>> x.grad
tensor([6., 8.])
"""

# ruff: noqa: F401    (the imports are the point: these are the package's names)

import numpy as np

from vidlearn.scratch import nn, ops, optim
from vidlearn.scratch.core import missing, tensor_kinds
from vidlearn.scratch.core.errors import (
    GradcheckError,
    GraphError,
    ShapeError,
    StateError,
    UnsupportedOption,
)
from vidlearn.scratch.core.gradcheck import gradcheck
from vidlearn.scratch.core.graph import is_grad_enabled, no_grad
from vidlearn.scratch.core.tensor import Tensor, lift
from vidlearn.scratch.core.threads import get_num_threads, set_num_threads
from vidlearn.scratch.nn.functional import log_softmax, relu, sigmoid, softmax, tanh
from vidlearn.scratch.numbers import methods
from vidlearn.scratch.numbers.arithmetic import (
    add,
    bitwise_and,
    bitwise_not,
    bitwise_or,
    bitwise_xor,
    div,
    eq,
    floor_divide,
    ge,
    gt,
    le,
    lt,
    mul,
    ne,
    pow,
    remainder,
    result_type,
    sub,
)
from vidlearn.scratch.numbers.choose import clamp, masked_fill, maximum, minimum, where
from vidlearn.scratch.numbers.create import (
    arange,
    eye,
    from_numpy,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from vidlearn.scratch.numbers.cumulative import cumprod, cumsum, prod
from vidlearn.scratch.numbers.distance import cdist
from vidlearn.scratch.numbers.einsum import einsum
from vidlearn.scratch.numbers.elementwise import (
    abs,
    allclose,
    ceil,
    clone,
    cos,
    exp,
    floor,
    isfinite,
    isnan,
    log,
    neg,
    round,
    sign,
    sin,
    sqrt,
    square,
)
from vidlearn.scratch.numbers.gather import gather, index_select, take_along_dim
from vidlearn.scratch.numbers.join import cat, chunk, split, stack, unbind
from vidlearn.scratch.numbers.matrix import bmm, dot, matmul, mm, mv, outer, tril, triu
from vidlearn.scratch.numbers.order import argsort, sort, topk
from vidlearn.scratch.numbers.random import (
    manual_seed,
    rand,
    rand_like,
    randint,
    randn,
    randn_like,
    randperm,
)
from vidlearn.scratch.numbers.reduce import (
    all,
    amax,
    amin,
    any,
    argmax,
    argmin,
    max,
    mean,
    min,
    sum,
)
from vidlearn.scratch.numbers.shape import (
    flatten,
    flip,
    movedim,
    permute,
    reshape,
    squeeze,
    t,
    transpose,
    unflatten,
    unsqueeze,
)
from vidlearn.scratch.numbers.statistics import logsumexp, std, var

methods.attach()
tensor_kinds.check_public(globals(), tensor_kinds.FUNCTIONS)      # each checks its arguments

float32, float64 = np.dtype("float32"), np.dtype("float64")
int64, int32, uint8 = np.dtype("int64"), np.dtype("int32"), np.dtype("uint8")
bool = np.dtype("bool")
__getattr__ = missing.attribute(globals())                        # of torch's names, or misspelled
