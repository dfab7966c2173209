"""Convolution, pooling, padding and resizing on PyTorch's own sample inputs."""

import pytest

from tests.scratch.torch_samples import ops_agree
from vidlearn.scratch.nn import functional

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")

WINDOWS = ("conv", "conv_transpose", "max_pool", "avg_pool", "adaptive_avg_pool",
           "adaptive_max_pool")
VARIANTS = {
    "pad": ("constant", "reflect", "replicate", "replicate_negative", "circular"),
    "interpolate": ("nearest", "nearest-exact", "linear", "bilinear", "trilinear", "area"),
} | {f"{kind}{axes}d": ("",) for kind in WINDOWS for axes in (1, 2, 3)}

test_functions = ops_agree({(f"nn.functional.{name}", variant): getattr(functional, name)
                            for name, variants in VARIANTS.items() for variant in variants})
