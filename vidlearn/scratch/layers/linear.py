"""The linear layer: every output is a weighted sum of all inputs. And the embedding: a look-up."""

import math

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import NUMBERS, array


@checked
def linear_forward(x: array("*N, F"), weight: array("O, F", "F"),
                   bias: array("O", "") = None):
    """Multiply the last axis of x by the weights: y = x weightᵀ + bias.

    Shapes   x (..., F), weight (O, F), bias (O,)  ->  y (..., O);  weight (F,)  ->  y (...)
    Raises   ShapeError if x and weight do not have the same number of features F
    Twin     torch.nn.functional.linear
    """
    if x.shape[-1:] != weight.shape[-1:]:
        raise ShapeError(f"linear: x {x.shape} and weight {weight.shape} must end in the same axis")
    y = rows(x) @ weight.T                                           # (rows, O)
    if bias is not None:
        y += bias
    return y.reshape(x.shape[:-1] + weight.shape[:-1]), (x, weight, bias)


@checked
def linear_backward(dy: NUMBERS, cache, needs=(True, True, True)):
    """Compute the gradients of `linear_forward` from `dy`.

    The first layer of a network `needs` no dx: dx is None then, and its product is saved.

    Shapes   dy (..., O)  ->  dx (..., F), dweight (O, F), dbias (O,)
    """
    x, weight, bias = cache
    matrix = np.atleast_2d(weight)                                   # (O, F)
    dy = dy.reshape(math.prod(x.shape[:-1]), len(matrix))
    dx = (dy @ matrix).reshape(x.shape) if needs[0] else None
    dweight = (dy.T @ rows(x)).reshape(weight.shape) if needs[1] else None
    return dx, dweight, None if bias is None else dy.sum(0).reshape(bias.shape)


def rows(x):
    """x as a matrix of rows, so that one matrix product serves them all: (..., F) -> (rows, F)."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


@checked
def embedding_forward(weight: array("V, F"), index: NUMBERS,
                      padding_idx: kinds.INTEGER = None):
    """Look up a row of `weight` for each index.

    Shapes   weight (V, F), a row for each of V words, index (...) of whole numbers  ->  y (..., F)
    Raises   IndexError if an index is not in 0..V-1
    Twin     torch.nn.functional.embedding
    """
    if index.size and not 0 <= index.min() <= index.max() < len(weight):
        raise IndexError(f"embedding: indices run from {index.min()} to {index.max()}, "
                         f"the table has rows 0 to {len(weight) - 1}")
    return weight[index], (weight, index, padding_idx)


@checked
def embedding_backward(dy: array("*N, F"), cache):
    """Add each gradient to the row that was looked up; the row `padding_idx` stays at 0."""
    weight, index, padding_idx = cache
    dweight = np.zeros_like(weight)
    np.add.at(dweight, index, dy)
    if padding_idx is not None:
        dweight[padding_idx] = 0
    return dweight, None
