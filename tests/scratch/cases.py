"""CASES: for each operation, by its name, a Hypothesis strategy that draws its cases."""

from tests.scratch import (  # noqa: F401    (these fill CASES)
    along_axis_cases,
    layer_cases,
    model_cases,
    tensor_cases,
)
from tests.scratch.strategies import CASES

__all__ = ["CASES"]
