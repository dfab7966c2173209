"""Torch's names in NumPy: the engine by hand."""

import numpy as np

from .errors import GraphError, ShapeError, UnsupportedOption
from .tensor import Tensor, is_grad_enabled, lift, no_grad

float32, float64, int64 = np.dtype("float32"), np.dtype("float64"), np.dtype("int64")

__all__ = ["GraphError", "ShapeError", "Tensor", "UnsupportedOption", "float32", "float64",
           "int64", "is_grad_enabled", "lift", "no_grad"]
