"""Plant unusual numbers in a drawn case: does the engine by hand treat them as PyTorch does?

    plant(case, "NaN", "input", rng)      the differences in words, none if all is alike

One to three numbers of each array of real numbers become the unusual one, in the inputs or in the
gradients that arrive. Alike means NaN at the same places, infinities of the same sign at the same
places, and all other numbers close.
"""

from itertools import product

import numpy as np
import torch

from tests.scratch.held import REFUSALS, flat
from vidlearn import scratch
from vidlearn.scratch import Tensor

UNUSUAL = {
    "NaN": lambda dtype: np.nan, "inf": lambda dtype: np.inf, "-inf": lambda dtype: -np.inf,
    "-0.0": lambda dtype: -0.0, "denormal": lambda dtype: np.finfo(dtype).tiny / 8,
    "largest": lambda dtype: np.finfo(dtype).max,
}
PLACES = "input", "gradient"
KERNELS = "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d causal_conv1d"
UNLIKE = [      # operations, numbers, places: and why they are left as they are
    ("cosine_similarity cosine_embedding_loss", "inf -inf", "gradient",
     "PyTorch goes back by more steps, in one of which inf - inf is NaN"),
    ("layer_norm", "inf -inf", "input gradient", "the same"),
    ("bilinear trilinear linear", "inf -inf", "input gradient",
     "PyTorch mixes all axes at once: 0 · inf at other places"),
    ("batch_norm", "inf -inf", "input", "a running mean or weight that is infinite: inf - inf"),
    ("cross_entropy", "inf -inf", "input", "weights of classes that are infinite: inf / inf"),
    ("elu", "NaN", "input", "PyTorch's own slope at NaN is NaN or 1, by the place in the array"),
    ("gelu", "inf", "input", "PyTorch gives inf or NaN, by the type and size of the array"),
    ("pow", "-inf -0.0", "input", "a power of a half is a square root to PyTorch"),
    ("div remainder norm normalize", "denormal", "input", "which product overflows first"),
    ("norm", "NaN inf -inf", "gradient", "PyTorch takes the norm of one number as its size"),
    ("RNN RNNCell LSTM LSTMCell", "inf -inf", "gradient", "a tanh of float32 that rounds to 1"),
    (KERNELS, "NaN inf -inf", "input gradient", "PyTorch in float32 leaves out or adds products"),
]
PACKED = "a packed sequence never reads the padding; ours reads it, and looks away in time"


def unlike(name, kind, place):
    """Why the operation need not treat this number there as PyTorch does; "" if it must."""
    if kind == "largest":
        return "which sum or product overflows first"
    if name.endswith("with lengths") and place == "input":
        return PACKED
    name = name.removesuffix(" of mixed types").removesuffix(" with lengths")
    asked = {name, kind, place}
    return next((why for *parts, why in UNLIKE if asked <= {*" ".join(parts).split()}), "")


def trials(case, rng):
    """Each number in each place and type: (number, place, what differs in words)."""
    for kind, place, dtype in product(UNUSUAL, PLACES, (np.float64, np.float32)):
        yield kind, place, plant(case, kind, place, rng, dtype)


@np.errstate(all="ignore")
def plant(case, kind, place, rng, dtype=np.float64):
    """Run both sides with the unusual number at that place; what differs, in words."""
    arrays = [a.astype(dtype) if a.dtype.kind == "f" else np.array(a) for a in case.arrays]
    if place == "input":
        arrays = [sown(a, kind, rng) for a in arrays]
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
            dy = sown(dy, kind, rng) if place == "gradient" else dy
            y.backward(dy.copy(), retain_graph=True)
            e.backward(torch.tensor(dy), retain_graph=True)
    pairs = [("output", i, y.data, e.detach()) for i, (y, e) in enumerate(ys)]
    pairs += [("gradient of", i, leaf.grad.data, twin.grad)
              for i, (leaf, twin) in enumerate(zip(ours, theirs, strict=True))
              if leaf.grad is not None and twin.grad is not None]
    return [f"{dtype.__name__}, {what} {i}: {words}" for what, i, mine, its in pairs
            if (words := apart(mine, its.numpy()))]


def sown(array, kind, rng):
    """A copy in which one to three numbers are the unusual one."""
    array = np.array(array)
    if array.dtype.kind == "f" and array.size:
        for _ in range(rng.integers(1, 4)):
            array.flat[rng.integers(array.size)] = UNUSUAL[kind](array.dtype)
    return array


def apart(mine, theirs):
    """How two arrays differ, "" if they do not."""
    if (mine.shape, mine.dtype) != (theirs.shape, theirs.dtype):
        return f"{mine.dtype} {mine.shape}, not {theirs.dtype} {theirs.shape}"
    if mine.dtype.kind != "f":
        return "" if np.array_equal(mine, theirs) else "other numbers"
    finite = np.isfinite(mine) & np.isfinite(theirs)
    scale = np.abs(theirs[finite]).max(initial=1)         # of a sum with a large number in it
    near = 1e-9 if mine.dtype == np.float64 else 1e-4
    same = np.isclose(mine, theirs, rtol=near, atol=near * min(scale, 1e30), equal_nan=True)
    return "" if same.all() else f"{mine[~same][0]:.6g}, not {theirs[~same][0]:.6g}"
