"""Cases of windows and layers: convolution, pooling, resizing, norms, activations, linear."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from tests.scratch.agreement import NON_FINITE, Case
from tests.scratch.strategies import FILLED, SHAPES, axis_of, numbers, operation, per_axis
from vidlearn import scratch
from vidlearn.scratch import lift
from vidlearn.scratch.layers import causal
from vidlearn.scratch.layers.variable_length import masked_mean_backward, masked_mean_forward

# ---- convolution


@operation("conv1d", "conv2d", "conv3d")
def convolution(draw, name):
    axes, groups = int(name[4]), draw(st.integers(1, 3))
    size = draw(st.tuples(*[st.integers(1, 6)] * axes))
    kernel = draw(st.tuples(*[st.integers(1, 3)] * axes))
    options = dict(stride=draw(per_axis(axes, 1, 3)), dilation=draw(per_axis(axes, 1, 2)),
                   padding=draw(per_axis(axes, 0, 2) | st.sampled_from(["same", "valid"])),
                   groups=groups)
    inputs, outputs = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    batch = draw(st.sampled_from([[], [0], [1], [2], [3]]))
    return Case(_with_bias(draw, name, options), numbers(
        draw, (*batch, groups * inputs, *size), (groups * outputs, inputs, *kernel),
        (groups * outputs,)), options=options)


@operation("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def transposed(draw, name):
    axes, groups = int(name[-2]), draw(st.integers(1, 3))
    size = draw(st.tuples(*[st.integers(1, 4)] * axes))
    kernel = draw(st.tuples(*[st.integers(1, 3)] * axes))
    options = dict(stride=draw(per_axis(axes, 1, 3)), padding=draw(per_axis(axes, 0, 1)),
                   output_padding=draw(per_axis(axes, 0, 2)), groups=groups,
                   dilation=draw(per_axis(axes, 1, 2)))
    inputs, outputs = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    batch = draw(st.sampled_from([[], [1], [2], [3]]))
    return Case(_with_bias(draw, name, options), numbers(
        draw, (*batch, groups * inputs, *size), (groups * inputs, outputs, *kernel),
        (groups * outputs,)), options=options)


def _with_bias(draw, name, options):
    bias = draw(st.booleans())

    def run(lib, x, weight, b):
        return getattr(lib.nn.functional, name)(x, weight, b if bias else None, **options)
    return run


@operation("causal_conv1d")
def causal_convolution(draw, name):
    n, c, t, o, k, dilation = (draw(st.integers(1, 4)) for _ in range(6))
    ours = lift(causal.causal_conv1d_forward, causal.causal_conv1d_backward)

    def run(lib, x, weight, bias):
        if lib is scratch:
            return ours(x, weight, bias, dilation=dilation)
        padded = lib.nn.functional.pad(x, ((k - 1) * dilation, 0))
        return lib.nn.functional.conv1d(padded, weight, bias, dilation=dilation)
    return Case(run, numbers(draw, (n, c, t), (o, c, k), (o,)))


# ---- pooling and resizing

@operation("max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d")
def pooling(draw, name):
    axes, ties = int(name[-2]), draw(st.booleans())
    options = dict(kernel_size=draw(per_axis(axes, 1, 3)), padding=draw(st.integers(0, 1)),
                   stride=draw(st.none() | per_axis(axes, 1, 3)), ceil_mode=draw(st.booleans()))
    if name.startswith("max"):
        options |= dict(dilation=draw(per_axis(axes, 1, 2)), return_indices=draw(st.booleans()))
    else:
        options["count_include_pad"] = draw(st.booleans())
    if axes > 1 and name.startswith("avg"):
        options["divisor_override"] = draw(st.sampled_from([None, 3]))
    x, = numbers(draw, _batch(draw, axes, least=3 if name == "avg_pool3d" else 2), ties=ties)
    return Case(lambda lib, x: getattr(lib.nn.functional, name)(x, **options), [x], not ties,
                options=options)


@operation(*[f"adaptive_{kind}_pool{axes}d" for kind in ("max", "avg") for axes in (1, 2, 3)])
def adaptive(draw, name):
    axes, ties = int(name[-2]), draw(st.booleans())
    size = draw(per_axis(axes, 1, 5))
    options = {"return_indices": draw(st.booleans())} if "max" in name else {}
    x, = numbers(draw, _batch(draw, axes), ties=ties)
    return Case(lambda lib, x: getattr(lib.nn.functional, name)(x, size, **options), [x], not ties,
                options=(size, options))


def _batch(draw, axes, least=1):
    """The shape of a batch, which may be empty, or of one sample."""
    front = draw(st.sampled_from([(2,), (0, 2), (1, 1), (2, 3)]))
    return (*front, *draw(st.tuples(*[st.integers(least, 6)] * axes)))


@operation("nearest", "nearest-exact", "linear", "bilinear", "trilinear", "area")
def resized(draw, name):
    axes = {"linear": 1, "bilinear": 2, "trilinear": 3}.get(name) or draw(st.integers(1, 3))
    options = {"mode": name}
    if draw(st.booleans()):
        options["size"] = draw(per_axis(axes, 1, 7))
    else:
        factors = st.sampled_from([0.5, 0.75, 1.0, 1.2, 1.5, 2.0, 3.0])
        options["scale_factor"] = draw(factors | st.tuples(*[factors] * axes))
    if name.endswith("linear"):
        options["align_corners"] = draw(st.booleans())
    shape = (draw(st.integers(1, 2)), 2, *draw(st.tuples(*[st.integers(1, 5)] * axes)))
    factors = options.get("scale_factor", 1)
    places = np.floor(np.multiply(shape[2:], factors))
    assume(name != "area" or places.min() > 0)            # PyTorch gives an empty y
    # A scale that adds no place: PyTorch's gradient does not fit its own output (2.15).
    idle = (places == shape[2:]) & np.not_equal(factors, 1)
    assume(name != "nearest" or not idle.any())
    return Case(lambda lib, x: lib.nn.functional.interpolate(x, **options), numbers(draw, shape),
                non_finite=() if name.endswith("linear") else NON_FINITE,     # PyTorch adds 0 · inf
                options=options)


@operation("pad constant", "pad reflect", "pad replicate", "pad circular")
def padded(draw, name):
    axes, mode = draw(st.integers(1, 3)), name.split()[1]
    pad = draw(st.lists(st.integers(-2 if mode == "constant" else 0, 3), min_size=2 * axes,
                        max_size=2 * axes))
    shape = (2, 2, *draw(st.tuples(*[st.integers(1, 5)] * axes)))
    options = {"value": 1.5} if mode == "constant" else {}
    return Case(lambda lib, x: lib.nn.functional.pad(x, pad, mode, **options),
                numbers(draw, shape))


# ---- layers

@operation("batch_norm")
def batch_norm(draw, name):
    training, own = draw(st.booleans()), draw(st.booleans())
    shape = (draw(st.integers(1, 4)), draw(st.integers(1, 3)), *draw(FILLED)[:3])
    x, weight, bias, mean, var = numbers(draw, shape, *[shape[1:2]] * 4)
    assume(not training or x[:, 0].size > 1)

    def run(lib, x, weight, bias, mean, var):
        mean, var = mean.detach().clone(), (var * var).detach() + 0.5
        y = lib.nn.functional.batch_norm(x, mean, var, *((weight, bias) if own else ()),
                                         training=training)
        return y, mean, var                               # where training moved them, too
    return Case(run, [x, weight, bias, mean, var], non_finite_arrays=1, options=(training, own))


@operation("layer_norm", "normalize")
def each_sample(draw, name):
    if name == "normalize":
        shape = draw(FILLED.filter(bool))
        axis, p = draw(axis_of(shape)), draw(st.sampled_from([1.0, 2.0, 3.0]))
        return Case(lambda lib, x: lib.nn.functional.normalize(x, p, axis), numbers(draw, shape))
    last, own = draw(FILLED.filter(bool))[:2], draw(st.booleans())
    assume(np.prod(last) > 1)
    shape = (*draw(SHAPES)[:2], *last)
    return Case(lambda lib, x, weight, bias: lib.nn.functional.layer_norm(
        x, last, *((weight, bias) if own else ())), numbers(draw, shape, last, last),
        non_finite_arrays=1)


@operation("relu", "leaky_relu", "elu", "gelu", "softplus", "sigmoid", "tanh", "softmax",
           "log_softmax")
def activation(draw, name):
    ties, shape = draw(st.booleans()), draw(SHAPES)
    options = {"leaky_relu": {"negative_slope": draw(st.sampled_from([0.0, 0.01, 0.5]))},
               "elu": {"alpha": draw(st.sampled_from([1.0, 0.3]))},
               "gelu": {"approximate": draw(st.sampled_from(["none", "tanh"]))},
               "softplus": {"beta": draw(st.sampled_from([1.0, 2.5]))}}.get(name, {})
    if name.endswith("softmax"):
        options["dim"] = draw(axis_of(shape))
    x, = numbers(draw, shape, ties=ties)
    return Case(lambda lib, x: getattr(lib.nn.functional, name)(x, **options), [x], not ties,
                non_finite_gradient=name != "elu", options=options)


@operation("linear")
def linear(draw, name):
    front, f, o = draw(SHAPES)[:3], draw(st.integers(1, 4)), draw(st.integers(1, 4))
    bias = draw(st.booleans())
    return Case(lambda lib, x, weight, b: lib.nn.functional.linear(x, weight, b if bias else None),
                numbers(draw, (*front, f), (o, f), (o,)))


@operation("embedding")
def embedding(draw, name):
    words, shape = draw(st.integers(1, 5)), draw(SHAPES)[:3]
    padding = draw(st.none() | st.integers(0, words - 1))
    weight, index = numbers(draw, (words, draw(st.integers(1, 4))), shape)
    index = np.array(np.abs(index * 100).astype(int) % words)
    return Case(lambda lib, index, weight: lib.nn.functional.embedding(index, weight, padding),
                [index, weight], smooth=padding is None)


@operation("masked_mean")
def masked_mean(draw, name):
    n, t, f = (draw(st.integers(1, 4)) for _ in range(3))
    x, real = numbers(draw, (n, t, f), (n, t))
    real = real > 0
    real[:, 0] = True
    ours = lift(masked_mean_forward, masked_mean_backward)

    def run(lib, x, mask):
        if lib is scratch:
            return ours(x, mask=mask.data)
        return lib.stack([row[its].mean(0) for row, its in zip(x, mask, strict=True)])
    return Case(run, [x, real])
