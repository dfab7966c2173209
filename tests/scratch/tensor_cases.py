"""Cases of functions of Tensors: arithmetic, reductions, matrices, shapes, indexing."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.scratch.agreement import Case
from tests.scratch.strategies import (
    FILLED,
    SHAPES,
    axes_of,
    axis_of,
    broadcastable,
    numbers,
    operation,
)

# ---- arithmetic with broadcasting


@operation("add", "sub", "mul", "div", "maximum", "minimum")
def two_sided(draw, name):
    ties = draw(st.booleans())
    arrays = numbers(draw, *broadcastable(draw, 2), ties=ties)
    options = {"alpha": draw(st.sampled_from([1, -1, 2.5]))} if name in ("add", "sub") else {}
    return Case(lambda lib, a, b: getattr(lib, name)(a, b, **options), arrays, smooth=not ties)


@operation("add of mixed types", "mul of mixed types", "div of mixed types")
def mixed_types(draw, name):
    types = st.sampled_from(["float64", "float32", "int64", "int32", "uint8", "bool"])
    arrays = [np.abs(a).astype(draw(types)) for a in
              numbers(draw, *broadcastable(draw, 2), ties=True)]
    return Case(lambda lib, a, b: getattr(lib, name.split()[0])(a, b), arrays, smooth=False)


@operation("pow")
def power(draw, name):
    base, exponent = numbers(draw, *broadcastable(draw, 2))
    if draw(st.booleans()):
        number = draw(st.sampled_from([0, 1, 2, 3, -1, 0.5, 2.5]))
        base = base if number == int(number) else np.abs(base)
        return Case(lambda lib, a: a ** number, [base])
    return Case(lambda lib, a, b: a ** b, [np.abs(base), exponent])


@operation("remainder", "floor_divide")
def whole_parts(draw, name):
    a, b = numbers(draw, *broadcastable(draw, 2))
    assume(np.all(np.abs(a % b) > 1e-4) and np.all(np.abs(a % b - b) > 1e-4))
    if name == "floor_divide":                            # PyTorch has no gradient here
        return Case(lambda lib, a, b: lib.floor_divide(a.detach(), b.detach()), [a, b],
                    non_finite=())
    return Case(lambda lib, a, b: lib.remainder(a, b), [a, b], non_finite=())


@operation("eq", "ne", "lt", "le", "gt", "ge")
def comparison(draw, name):
    arrays = numbers(draw, *broadcastable(draw, 2), ties=True)
    return Case(lambda lib, a, b: getattr(lib, name)(a, b), arrays)


@operation("where", "masked_fill")
def choice(draw, name):
    mask, a, b = numbers(draw, *broadcastable(draw, 3), ties=True)
    if name == "where":
        return Case(lambda lib, m, a, b: lib.where(m, a, b), [mask > 0, a, b])
    return Case(lambda lib, m, a: a.masked_fill(m, 7.5), [np.broadcast_to(mask > 0, np.broadcast(
        mask, a).shape), np.array(np.broadcast_to(a, np.broadcast(mask, a).shape))])


@operation("clamp")
def clamped(draw, name):
    ties = draw(st.booleans())
    x, low, high = numbers(draw, *broadcastable(draw, 3), ties=ties)
    if draw(st.booleans()):
        low, high = draw(st.sampled_from([(-1, 1), (None, 0.51), (-0.77, None)]))
        return Case(lambda lib, x: x.clamp(low, high), [x], smooth=not ties)
    low, high = np.minimum(low, high), np.maximum(low, high) + 0.01
    return Case(lambda lib, x, low, high: x.clamp(low, high), [x, low, high], smooth=not ties,
                non_finite_arrays=1)


@operation("exp", "log", "sqrt", "square", "abs", "sin", "cos", "neg", "sign", "floor", "ceil",
           "round", "clone", "isnan", "isfinite")
def one_sided(draw, name):
    stairs = name in ("sign", "floor", "ceil", "round")
    x, = numbers(draw, draw(SHAPES), ties=stairs and draw(st.booleans()))
    x = np.abs(x) if name in ("log", "sqrt") else x
    return Case(lambda lib, x: getattr(lib, name)(x), [x], smooth=not stairs)


# ---- reductions

@operation("sum", "mean", "amax", "amin", "var", "std", "norm", "logsumexp", "any", "all")
def reduction(draw, name):
    ties, shape = draw(st.booleans()), draw(SHAPES)
    x, = numbers(draw, shape, ties=ties)
    dim, options = draw(axes_of(shape)), {"keepdim": draw(st.booleans())}
    if name in ("var", "std"):
        options["correction"] = draw(st.integers(0, 2))
        count = x.size // max(x.sum(dim if shape else None).size, 1)
        assume(count > options["correction"] or not x.size)
    if name == "norm":
        options["p"] = draw(st.sampled_from([2, 1, 3, 0, 2.5, np.inf, -np.inf]))
    if name in ("amax", "amin", "logsumexp") and dim is None:
        dim = tuple(range(len(shape)))
    return Case(lambda lib, x: getattr(x, name)(dim=dim, **options), [x], not ties,
                non_finite_gradient=name not in ("var", "std"), options=(dim, options))


@operation("max", "min", "argmax", "argmin")
def place(draw, name):
    ties, shape = draw(st.booleans()), draw(FILLED)
    x, = numbers(draw, shape, ties=ties)
    options = {"dim": draw(axis_of(shape)), "keepdim": draw(st.booleans())}
    options = draw(st.sampled_from([{}, options]))
    return Case(lambda lib, x: tuple_of(getattr(x, name)(**options)), [x], not ties,
                options=options)


def tuple_of(y):
    return tuple(y) if isinstance(y, tuple) else y


@operation("matmul")
def product(draw, name):
    n, k, m = (draw(st.integers(0, 4)) for _ in range(3))
    stacks = [shape[:2] for shape in broadcastable(draw, 2)]
    left, right = (draw(st.booleans()) for _ in range(2))
    shapes = [(k,) if left else (*stacks[0], n, k), (k,) if right else (*stacks[1], k, m)]
    return Case(lambda lib, a, b: a @ b, numbers(draw, *shapes))


# ---- shapes and indexing

@operation("reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "permute", "transpose",
           "movedim", "flip", "expand", "T")
def arrangement(draw, name):
    shape = draw(SHAPES)
    x, axes = *numbers(draw, shape), draw(st.permutations(range(len(shape))))
    one, other = draw(axis_of(shape)), draw(axis_of(shape))
    reach = len(shape)
    run = {
        "reshape": lambda lib, x: x.reshape([shape[a] for a in axes]),
        "flatten": lambda lib, x: x.flatten(min(one % max(reach, 1), other % max(reach, 1)), -1),
        "unflatten": lambda lib, x: x.unflatten(one, (1, -1, 1)),
        "squeeze": lambda lib, x: x.squeeze(one), "unsqueeze": lambda lib, x: x.unsqueeze(one),
        "permute": lambda lib, x: x.permute(axes), "movedim": lambda lib, x: x.movedim(one, other),
        "transpose": lambda lib, x: x.transpose(one, other),
        "flip": lambda lib, x: x.flip(sorted(axes[:2])),
        "expand": lambda lib, x: x.expand(2, *(3 if size == 1 else -1 for size in shape)),
        "T": lambda lib, x: x.permute(tuple(reversed(range(x.ndim)))),
    }[name]
    return Case(run, [x])


@operation("cat", "stack")
def joined(draw, name):
    shape = draw(SHAPES.filter(bool))
    axis, count = draw(axis_of(shape)), draw(st.integers(1, 3))
    shapes = [list(shape) for _ in range(count)]
    if name == "cat":
        for each in shapes:
            each[axis] = draw(st.integers(0, 3))
    return Case(lambda lib, *xs: getattr(lib, name)(xs, axis), numbers(draw, *map(tuple, shapes)))


@operation("split", "chunk", "unbind")
def cut(draw, name):
    shape = draw(FILLED.filter(bool))
    axis = draw(axis_of(shape))
    first = draw(st.integers(0, shape[axis]))
    size = draw(st.integers(1, 4) | st.just([first, shape[axis] - first]))
    arguments = {"split": (size, axis), "chunk": (draw(st.integers(1, 5)), axis),
                 "unbind": (axis,)}[name]
    return Case(lambda lib, x: getattr(x, name)(*arguments), numbers(draw, shape))


@operation("index", "mask")
def chosen(draw, name):
    shape = draw(FILLED.filter(bool))
    x, index = *numbers(draw, shape), []
    if name == "mask":
        mask = draw(hnp.arrays(bool, shape[:draw(st.integers(1, len(shape)))]))
        return Case(lambda lib, x, m: x[m], [x, mask])
    for size in shape[:draw(st.integers(1, len(shape)))]:
        places = st.integers(-size, size - 1)
        index.append(draw(st.one_of(
            places, hnp.arrays(np.int64, draw(st.integers(0, 3)), elements=places),
            st.slices(size).filter(lambda s: (s.step or 1) > 0), st.just(Ellipsis), st.none())))
    lengths = {len(i) for i in index if isinstance(i, np.ndarray)}
    assume(sum(i is Ellipsis for i in index) < 2 and len(lengths - {1}) < 2)

    def run(lib, x):
        return x[tuple(lib.from_numpy(i) if isinstance(i, np.ndarray) else i for i in index)]
    return Case(run, [x])
