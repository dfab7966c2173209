"""Cases of functions along an axis, sort, gather, cumsum, and of products: einsum, cdist."""

import numpy as np
from hypothesis import strategies as st

from tests.scratch.agreement import NON_FINITE, Case
from tests.scratch.strategies import (
    FILLED,
    SHAPES,
    axis_of,
    broadcastable,
    numbers,
    operation,
)

EQUATIONS = """
    ij,jk->ik  ij,kj  bij,bjk->bik  i,j  i,i  ij->ji  ij->  ii  ii->i  iji->j  ij,jk,kl->li
    ij,ij->i  ij,ik->k  ...ij,...jk->...ik  ...i->...  i...,...  ...,i  ij...,...j->i...  Ba,aC
    ij,k,jk->i  iij,jk->ik
"""


@operation("sort", "argsort", "topk")
def ordered(draw, name):
    ties, shape = draw(st.booleans()), draw(SHAPES)
    x, = numbers(draw, shape, ties=ties and name != "topk")       # it takes any of equal numbers
    dim, down = draw(axis_of(shape)), draw(st.booleans())
    if name == "topk":
        k = draw(st.integers(0, shape[dim]) if shape else st.just(1))
        return Case(lambda lib, x: tuple(lib.topk(x, k, dim, down)), [x], non_finite=(),
                    options=(k, dim, down))
    options = {"dim": dim, "descending": down, "stable": True}
    if name == "argsort":
        return Case(lambda lib, x: lib.argsort(x, **options), [x], smooth=False)
    return Case(lambda lib, x: tuple(lib.sort(x, **options)), [x], smooth=not ties,
                options=options)


@operation("gather", "index_select", "take_along_dim", "take_along_dim of all")
def chosen(draw, name):
    shape = draw(FILLED if name != "take_along_dim" else FILLED.filter(bool))
    x, rng = *numbers(draw, shape), np.random.default_rng(draw(st.integers(0, 999)))
    dim, length = draw(axis_of(shape)), draw(st.integers(0, 5))
    places = [draw(st.integers(1, size)) for size in shape]
    least, most = 0, shape[dim] if shape else 1
    if name == "index_select":
        places = [length if shape else 1]
    elif name == "take_along_dim of all":
        most, run = max(x.size, 1), lambda lib, x, i: lib.take_along_dim(x, i)
        return Case(run, [x, rng.integers(0, most, places or [length])], options=places)
    elif name == "take_along_dim":
        least, places = -most, [draw(st.sampled_from([1, size])) for size in shape]
        x = x[tuple(slice(draw(st.sampled_from([1, 9])) if i != dim % len(shape) else None)
                    for i in range(len(shape)))]
    if shape and name != "index_select":
        places[dim] = length
    index = rng.integers(least, most, places)
    if name == "take_along_dim":
        return Case(lambda lib, x, i: lib.take_along_dim(x, i, dim), [x, index], options=dim)
    return Case(lambda lib, x, i: getattr(lib, name)(x, dim, i), [x, index], options=dim)


@operation("cumsum", "cumprod", "prod", "prod of all")
def running(draw, name):
    shape, zeros = draw(SHAPES), draw(st.booleans())
    x, dim = *numbers(draw, shape, ties=zeros), draw(axis_of(shape))
    if name == "prod of all":
        return Case(lambda lib, x: lib.prod(x), [x])
    options = {"keepdim": draw(st.booleans())} if name == "prod" else {}
    non_finite = () if name == "cumprod" and zeros else NON_FINITE
    return Case(lambda lib, x: getattr(lib, name)(x, dim, **options), [x], non_finite=non_finite,
                options=(dim, options))


@operation("bmm", "mm", "mv", "dot", "outer")
def products(draw, name):
    b, n, k, m = (draw(st.integers(0, 4)) for _ in range(4))
    shapes = {"bmm": [(b, n, k), (b, k, m)], "mm": [(n, k), (k, m)], "mv": [(n, k), (k,)],
              "dot": [(k,), (k,)], "outer": [(n,), (m,)]}[name]
    return Case(lambda lib, x, y: getattr(lib, name)(x, y), numbers(draw, *shapes))


@operation("tril", "triu")
def triangle(draw, name):
    diagonal = draw(st.integers(-5, 5))
    return Case(lambda lib, x: getattr(lib, name)(x, diagonal), numbers(
        draw, draw(SHAPES.filter(lambda shape: len(shape) > 1))))


@operation("einsum")
def summed_products(draw, name):
    equation = draw(st.sampled_from(EQUATIONS.split()))
    least = draw(st.integers(0, 1))
    sizes = {letter: draw(st.integers(least, 4)) for letter in equation if letter.isalpha()}
    terms = equation.partition("->")[0].split(",")
    further = broadcastable(draw, len(terms), least)
    shapes = []
    for term, more in zip(terms, further, strict=True):
        before, dots, after = term.partition("...")
        shapes.append((*(sizes[i] for i in before), *(more[-2:] if dots else ()),
                       *(sizes[i] for i in after)))
    return Case(lambda lib, *xs: lib.einsum(equation, *xs), numbers(draw, *shapes),
                options=(equation, shapes))


@operation("cdist")
def distances(draw, name):
    p = draw(st.sampled_from([0, 0.5, 1, 1.5, 2, 3, np.inf]))
    ties, batches = draw(st.booleans()), [shape[:2] for shape in broadcastable(draw, 2)]
    features = draw(st.integers(0, 3))
    arrays = numbers(draw, *((*batch, draw(st.integers(0, 4)), features) for batch in batches),
                     ties=ties)
    if not ties and arrays[0].size:                   # no two coordinates are close
        arrays[0] = np.round(arrays[0], 1)
        arrays[1] = np.round(arrays[1], 1) + 0.05
    return Case(lambda lib, a, b: lib.cdist(a, b, p), arrays, smooth=not ties and p != np.inf,
                non_finite=(np.nan,) if p == np.inf else NON_FINITE, options=p)
