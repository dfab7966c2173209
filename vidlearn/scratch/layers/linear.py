"""The linear layer: every output is a weighted sum of all inputs. And the embedding: a look-up."""

import math

import numpy as np

from vidlearn.scratch.core.errors import ShapeError


def linear_forward(x, weight, bias=None):
    """Weigh the last axis of x: y = x weightᵀ + bias.

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


def linear_backward(dy, cache, needs=(True, True, True)):
    """Carry the gradient `dy` back through `linear_forward`.

    The first layer of a network `needs` no dx: that is None then, and its product is saved.

    Shapes   dy (..., O)  ->  dx (..., F), dweight (O, F), dbias (O,)
    """
    x, weight, bias = cache
    table = np.atleast_2d(weight)                                    # (O, F)
    dy = dy.reshape(math.prod(x.shape[:-1]), len(table))
    dx = (dy @ table).reshape(x.shape) if needs[0] else None
    dweight = (dy.T @ rows(x)).reshape(weight.shape) if needs[1] else None
    return dx, dweight, None if bias is None else dy.sum(0).reshape(bias.shape)


def rows(x):
    """All axes but the last laid end to end: one matrix product then serves every row."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


def embedding_forward(weight, index, padding_idx=None):
    """Look up a row of `weight` for each index.

    Shapes   weight (words, F), index (...) of whole numbers  ->  y (..., F)
    Raises   IndexError if an index is not in 0..words-1
    Twin     torch.nn.functional.embedding
    """
    if index.size and not 0 <= index.min() <= index.max() < len(weight):
        raise IndexError(f"embedding: indices run from {index.min()} to {index.max()}, "
                         f"the table has rows 0 to {len(weight) - 1}")
    return weight[index], (weight, index, padding_idx)


def embedding_backward(dy, cache):
    """Add each gradient to the row that was looked up; the row `padding_idx` never learns."""
    weight, index, padding_idx = cache
    dweight = np.zeros_like(weight)
    np.add.at(dweight, index, dy)
    if padding_idx is not None:
        dweight[padding_idx] = 0
    return dweight, None
