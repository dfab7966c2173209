"""einsum: a sum of products of Tensors, written as an equation with a letter for each axis.

"ij,jk->ik" is the product of two matrices: a letter that the output lacks is summed along. The
operands are multiplied from left to right, each time by one `matmul`, or by `mul` if nothing is
summed.
"""

import math
import re
from collections import Counter

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import TENSOR
from vidlearn.scratch.numbers.arithmetic import mul
from vidlearn.scratch.numbers.matrix import matmul
from vidlearn.scratch.numbers.reduce import sum
from vidlearn.scratch.numbers.shape import permute, reshape

LETTERS = dict(enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) | {...: "..."}
TERM = re.compile(r"[a-zA-Z]*(\.\.\.)?[a-zA-Z]*")


def diagonal_forward(x, labels):
    """A view of the diagonal along axes of equal labels: for "ii", the numbers x[i, i]."""
    kept = sorted(set(labels))
    return np.einsum(x, labels, kept), (x.shape, labels, kept)


def diagonal_backward(dy, cache):
    """Put dy on the diagonal; the other numbers get 0."""
    shape, labels, kept = cache
    dx = np.zeros(shape, dy.dtype)
    np.einsum(dx, labels, kept)[...] = dy
    return dx


_diagonal = lift(diagonal_forward, diagonal_backward)


def einsum(equation, *operands):
    """Multiply the operands and sum, as the equation says: einsum("ij,jk->ik", a, b) is a @ b.

    "..." stands for any further axes, which are broadcast; "ii" for a diagonal. Without an arrow,
    the letters that occur once are kept, in the order of the alphabet. Lists of whole numbers may
    stand for letters: einsum(a, [0, 1], b, [1, 2], [0, 2]).

    Raises   ArgumentError for a wrong equation, ShapeError if an operand does not fit it
    Twin     torch.einsum

    >>> from vidlearn import scratch
    >>> scratch.einsum("ij,j->i", scratch.tensor([[1, 2], [3, 4]]), scratch.tensor([10, 1]))
    tensor([12, 34])
    """
    if not isinstance(equation, str):
        equation, operands = _with_letters(equation, *operands)
    elif len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = operands[0]
    operands = [TENSOR.look(x, f"einsum: operands[{i}]") for i, x in enumerate(operands)]
    terms, output = _parse(equation, operands)
    sizes = _sizes(equation, terms, operands)
    factors = [_factor(x, term) for x, term in zip(operands, terms, strict=True)]
    product = factors[0]
    for i, factor in enumerate(factors[1:], 1):
        later = {label for _, labels in factors[i + 1:] for label in labels}
        product = _multiply(product, factor, later | {*output})
    y = _arrange(_sum_out(*product, output), [label for label in output if label in product[1]])
    return reshape(y, [sizes[label] if label in product[1] else 1 for label in output])


def _with_letters(*parts):
    """The equation and the operands of a call with lists: operand, list, ..., the output's list."""
    output = parts[-1] if len(parts) % 2 else None
    operands, lists = parts[:len(parts) - len(parts) % 2:2], parts[1::2]
    if not operands or not all(isinstance(part, (list, tuple)) for part in (*lists, output or [])):
        raise ArgumentError("einsum: equation must be a word such as 'ij,jk->ik', not "
                            f"{parts[0]!r:.60}")

    def term(labels):
        try:
            return "".join(LETTERS[label] for label in labels)
        except (TypeError, KeyError) as error:
            raise ArgumentError("einsum: a list must hold whole numbers from 0 to 51, or ..., not "
                                f"{labels!r:.60}") from error
    arrow = "" if output is None else "->" + term(output)
    return ",".join(map(term, lists)) + arrow, operands


def _parse(equation, operands):
    """A label for each axis of each operand, and for each axis of the output.

    A label is a letter, or a number for an axis of "...": -1 for the last one of them.
    """
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    words = inputs.split(",")
    if wrong := [word for word in (*words, output) if not TERM.fullmatch(word)]:
        raise ArgumentError(f"einsum: equation {equation!r} must have letters for each operand, "
                            f"and ... at most once; {wrong[0]!r} is something else")
    if len(words) != len(operands) or not operands:
        raise ArgumentError(f"einsum: equation {equation!r} is about {len(words)} operands, and "
                            f"{len(operands)} were given")
    terms = [_labels(equation, i, word, x.ndim)
             for i, (word, x) in enumerate(zip(words, operands, strict=True))]
    count = Counter(label for term in terms for label in term)
    further = sorted(label for label in count if isinstance(label, int))
    once = sorted(label for label in count if isinstance(label, str) and count[label] == 1)
    if not arrow:
        return terms, further + once
    before, dots, after = output.partition("...")
    letters = Counter(before + after)
    if wrong := [label for label in letters if letters[label] > 1 or label not in count]:
        raise ArgumentError(f"einsum: equation {equation!r}: {wrong[0]!r} must be once in the "
                            "output, and in an operand")
    return terms, [*before, *(further if dots else []), *after]


def _labels(equation, i, word, ndim):
    before, dots, after = word.partition("...")
    further = ndim - len(before) - len(after)
    if further < 0 or further and not dots:
        raise ShapeError(f"einsum: equation {equation!r} has {word!r} for operands[{i}], which has "
                         f"{ndim} axes")
    return [*before, *range(-further, 0), *after]


def _sizes(equation, terms, operands):
    """The size of each label. An axis of length 1 is broadcast, but not along a diagonal.

    Raises   ShapeError
    """
    sizes = {}
    for i, (term, x) in enumerate(zip(terms, operands, strict=True)):
        own = {}
        for label, size in zip(term, x.shape, strict=True):
            other = sizes.get(label, 1)
            if own.setdefault(label, size) != size or other != size and 1 not in (other, size):
                name = "..." if isinstance(label, int) else label
                raise ShapeError(f"einsum: equation {equation!r}: {name!r} is {size} long in "
                                 f"operands[{i}] {x.shape}, and elsewhere "
                                 f"{own[label] if own[label] != size else other}")
            sizes[label] = size if other == 1 else other
    return sizes


def _factor(x, term):
    """The operand without axes of length 1, each label once, as (Tensor, labels)."""
    if len(set(term)) < len(term):
        names = [*dict.fromkeys(term)]
        x, term = _diagonal(x, labels=[names.index(label) for label in term]), names
    labels = [label for label, size in zip(term, x.shape, strict=True) if size != 1]
    return reshape(x, [size for size in x.shape if size != 1]), labels


def _multiply(a, b, kept):
    """The product of two factors, summed along the labels that are not kept, as one factor."""
    a, b = _sum_out(*a, {*kept, *b[1]}), _sum_out(*b, {*kept, *a[1]})
    both = [label for label in a[1] if label in b[1]]
    batch, summed = ([label for label in both if (label in kept) is keep] for keep in (True, False))
    only_a, only_b = ([label for label in one[1] if label not in both] for one in (a, b))
    x, y = _arrange(a, batch + only_a + summed), _arrange(b, batch + summed + only_b)
    shape = *x.shape[:len(batch + only_a)], *y.shape[len(both):]
    n, k = len(batch), math.prod(y.shape[len(batch):len(both)])
    x = reshape(x, [*shape[:n], math.prod(shape[n:len(batch + only_a)]), k])
    y = reshape(y, [*shape[:n], k, math.prod(shape[len(batch + only_a):])])
    return reshape(matmul(x, y) if summed else mul(x, y), shape), batch + only_a + only_b


def _sum_out(x, labels, kept):
    """A factor summed along the labels that are not kept."""
    axes = [axis for axis, label in enumerate(labels) if label not in kept]
    return sum(x, axes) if axes else x, [label for label in labels if label in kept]


def _arrange(factor, labels):
    """The Tensor of a factor with its axes in the order of `labels`."""
    x, own = factor
    return permute(x, [own.index(label) for label in labels]) if own != labels else x
