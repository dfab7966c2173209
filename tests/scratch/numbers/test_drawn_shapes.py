"""Broadcasting, indices, masks and axes with shapes drawn by Hypothesis."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.scratch.tensor_agreement import agree, tensor_pairs
from tests.scratch.torch_samples import compare
from vidlearn.scratch import Tensor

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
    pairs = tensor_pairs(x)
    theirs = tuple(torch.tensor(i) if isinstance(i, np.ndarray) else i for i in index)
    compare(pairs[0][0][index], pairs[0][1][theirs], pairs)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=4), elements=FLOATS), st.data())
def test_any_mask(x, data):
    mask = data.draw(hnp.arrays(bool, x.shape[:data.draw(st.integers(1, x.ndim))]))
    pairs = tensor_pairs(x)
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
