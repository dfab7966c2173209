"""CASES: for each operation, by its name, a Hypothesis strategy that draws its cases."""

from tests.scratch import layer_cases, model_cases, tensor_cases  # noqa: F401    (fill CASES)
from tests.scratch.strategies import CASES

__all__ = ["CASES"]
