"""Torch's names in NumPy: the engine by hand.

Below lie plain pairs of functions on arrays, forward and backward; `tensor.lift` turns a pair into
a function of Tensors; `nn`, `nn.functional` and `optim` stand on top. Read in this order:

    tensor.py graph.py changes.py      how gradients walk back: lift, backward, no_grad
    arithmetic.py elementwise.py choose.py matrix.py reduce.py statistics.py        numbers
    shape.py join.py index.py     arrangements of numbers
    create.py random.py           where Tensors come from
    convert.py inplace.py methods.py       how a Tensor behaves in Python
    arguments.py names.py kinds.py errors.py      what may be given, and what is said of the rest
    gradcheck.py                  is a backward right?
    linear.py activation.py norm.py dropout.py recurrent.py variable_length.py   layers
    sliding_window.py threads.py im2col.py conv.py conv_transpose.py       windows that multiply
    pool.py adaptive_pool.py resize.py                                  windows that choose, or mean
    loss.py metric_learning.py    how wrong is an answer, how alike are two?

>>> from vidlearn import scratch
>>> x = scratch.tensor([3.0, 4.0], requires_grad=True)
>>> (x * x).sum().backward()
>>> x.grad
tensor([6., 8.])
"""

# ruff: noqa: F401    (the imports are the point: these are the package's names)

import numpy as np

from vidlearn.scratch import nn, optim
from vidlearn.scratch.core import tensor_kinds
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
from vidlearn.scratch.numbers.join import cat, chunk, split, stack, unbind
from vidlearn.scratch.numbers.matrix import matmul
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
tensor_kinds.check_public(globals(), tensor_kinds.FUNCTIONS)      # each looks at what it got

float32, float64 = np.dtype("float32"), np.dtype("float64")
int64, int32, uint8 = np.dtype("int64"), np.dtype("int32"), np.dtype("uint8")
bool = np.dtype("bool")
