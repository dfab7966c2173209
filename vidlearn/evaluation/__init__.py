"""How good is a classifier: accuracy, confusion, confidence intervals, curves."""

from vidlearn.evaluation.result import Result, evaluate, pooled, wilson

__all__ = ["Result", "evaluate", "pooled", "wilson"]
