"""Calls that are refused, by public name: a wrong shape, a wrong type, a wrong option.

WRONG holds rows (name, call, words): the call raises one of our classes, or the Python class that a
user would catch, and the message has the words, a regular expression.
"""

from functools import partial

import numpy as np

from vidlearn import scratch
from vidlearn.scratch import nn

F = nn.functional
X, W = scratch.ones(2, 3), scratch.ones(4)
CLASSES = scratch.tensor([0, 1])
PAIR = scratch.ones(2, 3), scratch.ones(3, 2)
SPREAD = r"\(2, 3\) float32, .*\(4,\) float32 cannot be broadcast"
IMAGE, CLIP, STEPS = scratch.ones(1, 2, 5, 5), scratch.ones(1, 2, 4, 5, 5), scratch.ones(1, 2, 5)
BATCH = {1: STEPS, 2: IMAGE, 3: CLIP}
AXES = {1: "d: input must have 3 axes, or 2 for one sample, but it has 1: \\(4,\\)",
        2: "d: input must have 4 axes, or 3 for one sample, but it has 1: \\(4,\\)",
        3: "d: input must have 5 axes, or 4 for one sample, but it has 1: \\(4,\\)"}

TWO_SIDED = "add sub mul div pow remainder floor_divide maximum minimum eq ne lt le gt ge"
REDUCTIONS = "sum mean amax amin max min argmax argmin any all std var logsumexp"

WRONG = [
    # operands that do not fit
    *[(name, partial(getattr(scratch, name), X, W), SPREAD) for name in TWO_SIDED.split()],
    *[(name, partial(getattr(scratch, name), X.int(), W.int()), "cannot be broadcast")
      for name in ("bitwise_and", "bitwise_or", "bitwise_xor")],
    *[(name, partial(getattr(scratch, name), X, X), "must hold whole numbers or truth values")
      for name in ("bitwise_and", "bitwise_or", "bitwise_xor")],
    ("where", lambda: scratch.where(X > 0, X, W), "cannot be broadcast"),
    ("masked_fill", lambda: scratch.masked_fill(X, W > 0, 1), "cannot be broadcast"),
    ("clamp", lambda: scratch.clamp(X), "clamp needs min, max or both"),
    ("clamp", lambda: scratch.ones(2).clamp_(), "clamp_ needs min, max or both"),
    ("div", lambda: scratch.div(X, X, rounding_mode="up"), "not 'up'"),
    ("allclose", lambda: scratch.allclose(X, W), r"a \(2, 3\) float32, b \(4,\) float32 cannot be"),
    ("matmul", lambda: X @ X,
     r"a \(2, 3\) @ b \(2, 3\): the last axis of a, 3 long, must be as long"),
    ("matmul", lambda: scratch.matmul(X, 2), r"a \(2, 3\) @ b \(\): each needs an axis"),
    ("bmm", lambda: scratch.bmm(X, X), r"bmm: input \(2, 3\), mat2 \(2, 3\) must be input \(B, N"),
    ("bmm", lambda: scratch.ones(2, 3, 4).bmm(scratch.ones(1, 4, 2)),
     r"input \(2, 3, 4\), mat2 \(1, 4, 2\) must be input \(B, N, K\), mat2 \(B, K, M\)"),
    ("mm", lambda: X.mm(X), r"mm: .* must be input \(N, K\), mat2 \(K, M\)"),
    ("mv", lambda: X.mv(W), r"mv: input \(2, 3\), vec \(4,\) must be input \(N, K\), vec \(K\)"),
    ("dot", lambda: X.dot(X), r"dot: .* must be input \(K\), tensor \(K\)"),
    ("outer", lambda: X.outer(W), r"outer: .* must be input \(N\), vec2 \(M\)"),
    *[(name, getattr(W, name), rf"{name}: input \(4,\) must have two axes or more")
      for name in ("tril", "triu")],
    ("einsum", lambda: scratch.einsum("ij,jk", X, X),
     r"'j' is 2 long in operands\[1\] \(2, 3\), and elsewhere 3"),
    ("einsum", lambda: scratch.einsum("ii", X), r"'i' is 3 long in operands\[0\] \(2, 3\), a"),
    ("einsum", lambda: scratch.einsum("ijk", X), r"has 'ijk' for operands\[0\], which has 2 axes"),
    ("einsum", lambda: scratch.einsum("ij,jk", X), "is about 2 operands, and 1 were given"),
    ("einsum", lambda: scratch.einsum("i1", X), "'i1' is something else"),
    ("einsum", lambda: scratch.einsum("ij->k", X), "'k' must be once in the output, and in an op"),
    ("einsum", lambda: scratch.einsum("ij->ii", X), "'i' must be once in the output"),
    ("einsum", lambda: scratch.einsum("ij", "a"), r"operands\[0\] must be a Tensor, not 'a'"),
    ("einsum", lambda: scratch.einsum(X, [0, 52]), r"from 0 to 51, or ..., not \[0, 52\]"),
    ("einsum", lambda: scratch.einsum(len, X), "equation must be a word such as 'ij,jk->ik', not"),
    ("cdist", lambda: scratch.cdist(X, W), r"x1 \(2, 3\) and x2 \(4,\) must be \(\*, P, F\)"),
    ("cdist", lambda: scratch.cdist(scratch.ones(2, 4, 3), scratch.ones(3, 4, 3)),
     r"cdist: x1 \(2, 4, 3\) float32, x2 \(3, 4, 3\) float32 cannot be broadcast"),
    ("cdist", lambda: scratch.cdist(X, X, -1), "p must be a number, 0 or more, not -1"),
    ("cdist", lambda: scratch.cdist(X.long(), X), "x1 must be a Tensor of real numbers, not .*int"),
    ("cdist", lambda: scratch.cdist(X, X, compute_mode="fast"), "compute_mode must be .*'fast'"),
    # along an axis
    *[(name, partial(getattr(scratch, name), X, *more, dim=2), "dim 2 is out of range")
      for name, more in (("sort", ()), ("argsort", ()), ("topk", (1,)), ("cumsum", ()),
                         ("cumprod", ()), ("prod", ()))],
    ("topk", lambda: X.topk(4), r"topk: k must be at most 3, the length of axis 1 of .*, not 4"),
    ("topk", lambda: X.topk(-1), "topk: k must be a whole number, 0 or more, not -1"),
    ("topk", lambda: (X > 0).topk(1), "topk: input must hold numbers, not bool: convert it"),
    ("gather", lambda: X.gather(1, scratch.tensor([[3]])),
     r"gather: index has 3, which is out of range for axis 1 of input \(2, 3\), 3 long"),
    ("gather", lambda: X.gather(1, scratch.tensor([[-1]])), "gather: index has -1, which is out"),
    ("gather", lambda: X.gather(1, CLASSES), r"index \(2,\) must have as many axes as input \("),
    ("gather", lambda: X.gather(1, X), "gather: index must be a Tensor of int64 or int32, not T"),
    ("index_select", lambda: X.index_select(0, scratch.tensor([0, 2])),
     r"index_select: index has 2, which is out of range for axis 0 of input \(2, 3\), 2 long"),
    ("index_select", lambda: X.index_select(0, CLASSES[None]), r"index \(1, 2\) must be \(K,"),
    ("take_along_dim", lambda: X.take_along_dim(scratch.tensor([6])),
     r"indices has 6, which is out of range for the flat Tensor of input \(2, 3\), 6 long"),
    ("take_along_dim", lambda: X.take_along_dim(CLASSES, 1), r"indices \(2,\) must have as many"),
    ("take_along_dim", lambda: X.take_along_dim(scratch.ones(3, 1).long(), 1),
     r"take_along_dim: input \(2, 3\) float32, indices \(3, 1\) int64 cannot be broadcast"),
    ("cumsum", lambda: X.cumsum(0, dtype=scratch.bool), "cumsum: dtype must .* numbers, not bool"),
    ("prod", lambda: X.prod(keepdim=True), "prod: keepdim needs a dim"),
    # reductions: which axis?
    *[(name, partial(getattr(scratch, name), X, 2),
       "dim 2 is out of range for a Tensor with 2 axes")
      for name in REDUCTIONS.split()],
    ("mean", lambda: X.int().mean(), "the mean of int32 would be rounded"),
    # shapes
    ("reshape", lambda: X.reshape(4, -1), r"6 numbers of shape \(2, 3\) do not fit in .*\(4, -1\)"),
    ("flatten", lambda: X.flatten(2), "dim 2 is out of range for a Tensor with 2 axes"),
    ("unflatten", lambda: X.unflatten(1, (2, -1)),
     r"axis 1 of shape \(2, 3\) cannot be split into \(2, "),
    *[(name, partial(getattr(X, name), 0, dims=(1,)),
       rf"{name}: .* twice, as \(0,\) and as dims=\(1")
      for name in ("permute", "flip")],
    ("squeeze", lambda: X.squeeze(5), "dim 5"),
    ("unsqueeze", lambda: X.unsqueeze(3), "dim 3 is out of range for a Tensor with 2 axes"),
    ("permute", lambda: X.permute(0, 0),
     r"dims \(0, 0\) must name each axis of shape \(2, 3\) once"),
    ("transpose", lambda: X.transpose(0, 2), "dim1 2"),
    ("movedim", lambda: X.movedim(3, 0), "source 3"),
    ("t", lambda: scratch.ones(1, 2, 3).t(), r"t\(\) of shape \(1, 2, 3\): for more than two axes"),
    ("flip", lambda: X.flip(0, 0), "names an axis twice"),
    ("cat", lambda: scratch.cat([X, scratch.ones(2, 2)]), r"\[\(2, 3\), \(2, 2\)\] differ"),
    ("cat", lambda: scratch.cat([]), "at least one Tensor"),
    ("cat", lambda: scratch.cat([X, "a"]),
     r"cat: tensors must be a list of Tensors, .*: tensors\[1\] must be a Tensor, not 'a'"),
    ("cat", lambda: scratch.cat(X), "cat: tensors must be a list of Tensors, not Tensor"),
    ("stack", lambda: scratch.stack([X, W]), "differ in another axis"),
    ("split", lambda: X.split([1, 3], 1), r"\[1, 3\] must add up to 3, the length of axis 1"),
    ("split", lambda: X.split(0), "a size must be a whole number, 1 or more, not 0"),
    ("chunk", lambda: X.chunk(0), "chunks must be a whole number, 1 or more, not 0"),
    ("unbind", lambda: X.unbind(7), "dim 7"),
    # new Tensors
    ("tensor", lambda: scratch.tensor([[1], [2, 3]]), r"rows of different lengths .*\[\[1\], \[2"),
    ("tensor", lambda: scratch.tensor([1j]), "real numbers, not complex128"),
    ("tensor", lambda: scratch.tensor(1, device="cuda"), "device='cuda'"),
    ("Tensor", lambda: scratch.Tensor(None), "real numbers, not object: None"),
    *[(name, partial(getattr(scratch, name), 2, -1), r"sizes of 0 or more, not \(2, -1\)")
      for name in ("zeros", "ones", "rand", "randn")],
    ("full", lambda: scratch.full((-2,), 1), r"sizes of 0 or more, not \(-2,\)"),
    ("eye", lambda: scratch.eye(-1), "eye: n must be a whole number, 0 or more, not -1"),
    ("arange", lambda: scratch.arange(0, 3, 0), "step must not be 0"),
    ("linspace", lambda: scratch.linspace(0, 1, -2), "steps must be a whole number, .* not -2"),
    ("randint", lambda: scratch.randint(5, 5, (2,)), "low 5, high 5"),
    ("randint", lambda: scratch.randint(5), "high must be a whole number|size must be given"),
    ("randperm", lambda: scratch.randperm(-1), "n must be a whole number, 0 or more, not -1"),
    ("set_num_threads", lambda: scratch.set_num_threads(0),
     "threads must be a whole number, 1 or more, not 0"),
    ("gradcheck", lambda: scratch.gradcheck(scratch.exp, [np.ones(2, np.float32)]),
     "needs float64"),
    ("Tensor.backward", lambda: scratch.ones(2, requires_grad=True).backward(), "needs a gradient"),
    ("Tensor[]", lambda: X[5],
     r"index 5 into a Tensor of shape \(2, 3\): index 5 is out of bounds for axis 0"),
    ("Tensor[]", lambda: X[0, 0, 0], r"into a Tensor of shape \(2, 3\): too many indices"),
    ("Tensor[]=", lambda: X.clone().__setitem__(0, W), r"x \(2, 3\).* value \(4,\).*broadcast"),
    *[(f"Tensor.{name}", partial(getattr(X.clone(), name), W), r"\(2, 3\).*\(4,\).*broadcast")
      for name in ("add_", "sub_", "mul_", "div_", "copy_")],
    ("Tensor.expand", lambda: X.expand(2, 4), r"\(2, 3\) cannot be expanded to \(2, 4\)"),
    ("Tensor.item", lambda: X.item(), r"item\(\) of shape \(2, 3\), 6 numbers"),
    # windows
    *[(f"{kind}{d}d", partial(getattr(F, f"{kind}{d}d"), W, *more), AXES[d])
      for d in BATCH for kind, more in (
        ("conv", (W,)), ("conv_transpose", (W,)), ("max_pool", (2,)), ("avg_pool", (2,)),
        ("adaptive_avg_pool", (2,)), ("adaptive_max_pool", (2,)))],
    *[(f"{kind}{d}d", partial(getattr(F, f"{kind}{d}d"), x, x[0]),
       "must have the same axes and channels")
      for d, x in BATCH.items() for kind in ("conv", "conv_transpose")],
    *[(f"{kind}{d}d", partial(
        getattr(F, f"{kind}{d}d"), x, x.transpose(0, 1) if "_" in kind else x, **{key: value}),
       f"{key} must be .*{value!r}")
      for d, x in BATCH.items() for kind in ("conv", "conv_transpose")
      for key, value in (("stride", 0), ("groups", 0))],
    *[(f"conv{d}d", partial(getattr(F, f"conv{d}d"), x, x, padding="full"),
       "padding must be .* not 'full'") for d, x in BATCH.items()],
    *[(f"{kind}_pool{d}d", partial(getattr(F, f"{kind}_pool{d}d"), x, 9),
       r"kernel \(9.* does not fit in the padded input") for d, x in BATCH.items()
      for kind in ("max", "avg")],
    *[(f"adaptive_{kind}_pool{d}d", partial(getattr(F, f"adaptive_{kind}_pool{d}d"), x, 0),
       "output_size must be one whole number .*at least 1") for d, x in BATCH.items()
      for kind in ("max", "avg")],
    ("interpolate", lambda: F.interpolate(X, 4),
     r"3, 4 or 5 axes for mode 'nearest', but it has 2: \(2, 3\)"),
    ("interpolate", lambda: F.interpolate(IMAGE, 4, mode="cubic"), "not 'cubic'"),
    ("pad", lambda: F.pad(X, (1, 2, 3)), r"pad \(1, 2, 3\) must be pairs"),
    ("pad", lambda: F.pad(X, (4, -4)), r"pad \(4, -4\) crops more than there is of x \(2, 3"),
    ("pad", lambda: F.pad(X, (1, 1), mode="mirror"), "not 'mirror'"),
]
