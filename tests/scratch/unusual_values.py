"""Unusual numbers (NaN, infinities, -0.0 ...) in a case: are they treated as in PyTorch?

    differences(case, "NaN", "input", rng)      the differences in words; none if both agree

One to three numbers of each array of real numbers are replaced by the unusual one, in the inputs or
in the incoming gradients. Both agree if NaNs are at the same indices, infinities are at the same
indices with the same sign, and all other numbers are close.
"""

from itertools import product

import numpy as np
import torch

from tests.scratch.agreement import REFUSALS, flat
from vidlearn import scratch
from vidlearn.scratch import Tensor

UNUSUAL = {
    "NaN": lambda dtype: np.nan, "inf": lambda dtype: np.inf, "-inf": lambda dtype: -np.inf,
    "-0.0": lambda dtype: -0.0, "denormal": lambda dtype: np.finfo(dtype).tiny / 8,
    "largest": lambda dtype: np.finfo(dtype).max,
}
PLACES = "input", "gradient"
KERNELS = "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d causal_conv1d"
KNOWN_DIFFERENCES = [      # operations, numbers, places, and the reason
    ("cosine_similarity cosine_embedding_loss", "inf -inf", "gradient",
     "PyTorch's backward has more steps, and in one of them inf - inf is NaN"),
    ("layer_norm", "inf -inf", "input gradient", "the same"),
    ("bilinear trilinear linear", "inf -inf", "input gradient",
     "PyTorch mixes all axes at once: 0 · inf at other places"),
    ("batch_norm", "inf -inf", "input", "a running mean or weight that is infinite: inf - inf"),
    ("cross_entropy", "inf -inf", "input", "weights of classes that are infinite: inf / inf"),
    ("elu", "NaN", "input", "PyTorch's slope at NaN is NaN or 1, depending on the index"),
    ("gelu", "inf", "input", "PyTorch gives inf or NaN, depending on dtype and size"),
    ("pow", "-inf -0.0", "input", "PyTorch computes the power 0.5 as a square root"),
    ("div remainder norm normalize", "denormal", "input", "which product overflows first"),
    ("norm", "NaN inf -inf", "gradient", "PyTorch takes the norm of one number as its size"),
    ("RNN RNNCell LSTM LSTMCell", "inf -inf", "gradient", "a tanh of float32 that rounds to 1"),
    ("cumprod", "NaN inf -inf", "input gradient", "beside a 0 PyTorch leaves out some products"),
    ("cdist", "inf -inf", "input", "PyTorch takes the difference of two infinities for p = inf"),
    ("topk", "NaN inf -inf -0.0 denormal", "input", "PyTorch takes any of equal numbers"),
    (KERNELS, "NaN inf -inf", "input gradient", "PyTorch in float32 omits or adds products"),
]
PACKED = "a packed sequence leaves out the padding; ours computes with it and masks it later"


def known_difference(name, kind, place):
    """The reason why the operation may differ from PyTorch for this number; "" if it may not."""
    if kind == "largest":
        return "which sum or product overflows first"
    if name.endswith("with lengths") and place == "input":
        return PACKED
    name = name.removesuffix(" of mixed types").removesuffix(" with lengths")
    asked = {name, kind, place}
    return next((why for *parts, why in KNOWN_DIFFERENCES if asked <= {*" ".join(parts).split()}),
     "")


def all_differences(case, rng):
    """For each number, place and dtype: (number, place, the differences in words)."""
    for kind, place, dtype in product(UNUSUAL, PLACES, (np.float64, np.float32)):
        yield kind, place, differences(case, kind, place, rng, dtype)


@np.errstate(all="ignore")
def differences(case, kind, place, rng, dtype=np.float64):
    """Run both libraries with the unusual number at that place; the differences in words."""
    arrays = [a.astype(dtype) if a.dtype.kind == "f" else np.array(a) for a in case.arrays]
    if place == "input":
        arrays = [with_unusual_values(a, kind, rng) for a in arrays]
    ours = [Tensor(a.copy(), requires_grad=a.dtype.kind == "f") for a in arrays]
    theirs = [torch.tensor(a).requires_grad_(a.dtype.kind == "f") for a in arrays]
    try:
        expected = flat(case.run(torch, *theirs))
    except REFUSALS:
        return []
    ys = [(y, e) for y, e in zip(flat(case.run(scratch, *ours)), expected, strict=True)
          if isinstance(e, torch.Tensor)]
    for y, e in ys:
        if e.requires_grad:
            dy = rng.normal(size=e.shape).astype(y.dtype)
            dy = with_unusual_values(dy, kind, rng) if place == "gradient" else dy
            y.backward(dy.copy(), retain_graph=True)
            e.backward(torch.tensor(dy), retain_graph=True)
    pairs = [("output", i, y.data, e.detach()) for i, (y, e) in enumerate(ys)]
    pairs += [("gradient of", i, leaf.grad.data, twin.grad)
              for i, (leaf, twin) in enumerate(zip(ours, theirs, strict=True))
              if leaf.grad is not None and twin.grad is not None]
    return [f"{dtype.__name__}, {what} {i}: {words}" for what, i, mine, its in pairs
            if (words := describe_difference(mine, its.numpy()))]


def with_unusual_values(array, kind, rng):
    """A copy in which one to three numbers are replaced by the unusual one."""
    array = np.array(array)
    if array.dtype.kind == "f" and array.size:
        for _ in range(rng.integers(1, 4)):
            array.flat[rng.integers(array.size)] = UNUSUAL[kind](array.dtype)
    return array


def describe_difference(mine, theirs):
    """How two arrays differ, in words; "" if they do not."""
    if (mine.shape, mine.dtype) != (theirs.shape, theirs.dtype):
        return f"{mine.dtype} {mine.shape}, not {theirs.dtype} {theirs.shape}"
    if mine.dtype.kind != "f":
        return "" if np.array_equal(mine, theirs) else "other numbers"
    finite = np.isfinite(mine) & np.isfinite(theirs)
    scale = np.abs(theirs[finite]).max(initial=1)         # of a sum with a large number in it
    near = 1e-9 if mine.dtype == np.float64 else 1e-4
    same = np.isclose(mine, theirs, rtol=near, atol=near * min(scale, 1e30), equal_nan=True)
    return "" if same.all() else f"{mine[~same][0]:.6g}, not {theirs[~same][0]:.6g}"
