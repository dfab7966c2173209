"""Every operation of a Tensor on all of PyTorch's own sample inputs: output and gradients."""

from tests.scratch.torch_samples import ops_agree
from vidlearn import scratch
from vidlearn.scratch import Tensor

METHODS = """
    __getitem__ __radd__ __rand__ __rdiv__ __rmatmul__ __rmod__ __rmul__ __ror__ __rpow__ __rsub__
    __rxor__ bool clone contiguous double expand expand_as flip float int item long mT masked_fill
    new_full new_ones new_zeros norm t T to view
"""
FUNCTIONS = """
    abs add all allclose amax amin any arange argmax argmin argsort bitwise_and bitwise_not
    bitwise_or bitwise_xor bmm cat cdist ceil chunk clamp cos cumprod cumsum dot eq exp eye flatten
    floor floor_divide full full_like gather ge gt index_select isfinite isnan le linspace log
    logsumexp lt matmul maximum mean minimum mm movedim mul mv ne neg ones ones_like outer permute
    pow prod remainder reshape round sigmoid sign sin sort split sqrt square squeeze stack std sub
    sum take_along_dim tanh topk transpose tril triu unbind unflatten unsqueeze var zeros zeros_like
"""
VARIANTS = {
    "div": ["no_rounding_mode", "floor_rounding", "trunc_rounding"],
    "log_softmax": ["", "with_dtype"], "max": ["binary", "reduction_no_dim", "reduction_with_dim"],
    "min": ["binary", "reduction_no_dim", "reduction_with_dim"],
    "round": ["decimals_0", "decimals_3", "decimals_neg_3"], "softmax": ["", "with_dtype"],
    "split": ["list_args"], "squeeze": ["multiple"], "std": ["unbiased"], "var": ["unbiased"],
}


def method(name):
    def call(x, *args, **kwargs):
        member = getattr(Tensor, name)
        return member.fget(x) if isinstance(member, property) else member(x, *args, **kwargs)
    return call


OPS = {name: method(name) for name in METHODS.split()}
OPS |= {name: getattr(scratch, name) for name in FUNCTIONS.split()}
OPS |= {(name, v): getattr(scratch, name) for name, variants in VARIANTS.items() for v in variants}
OPS |= {("norm", v): Tensor.norm for v in ("fro", "inf", "nuc")}
OPS |= {"where": Tensor.where, "einsum": lambda operands, equation: scratch.einsum(
            equation, *operands), "__rdiv__": Tensor.__rtruediv__, "true_divide": scratch.div,
        "rsub": lambda a, b, alpha=1: scratch.sub(b, a, alpha=alpha)}

LAYOUT = "memory_format=torch.channels_last is not implemented: memory is in row order"
REFUSED = {name: [LAYOUT] for name in ("to", "float", "double", "int", "long", "bool")}
REFUSED["norm", "nuc"] = ['norm(p="nuc") is not implemented: use np.linalg.svd of x.data']

test_an_operation_agrees_with_pytorch = ops_agree(OPS, REFUSED)
