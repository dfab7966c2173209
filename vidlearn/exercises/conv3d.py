"""Exercises of notebook 24, convolution in space and time. One clip at a time: no batch axis."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises import cases


def grid(tap, stride, size):
    """The pixels that the weight at `tap` meets, `size` along each axis: one slice an axis."""
    return tuple(slice(a, a + step * (s - 1) + 1, step)
                 for a, step, s in zip(tap, stride, size, strict=True))


def conv3d(x, weight, bias, stride):
    size = (np.array(x.shape[1:]) - weight.shape[2:]) // stride + 1
    y = np.zeros((len(weight), *size)) + bias[:, None, None, None]
    for tap in np.ndindex(*weight.shape[2:]):
        y += np.einsum("oc,cthw->othw", weight[:, :, *tap], x[:, *grid(tap, stride, size)])
    return y


def conv3d_weight_gradient(x, dy, kernel, stride):
    dweight = np.zeros((len(dy), len(x), *kernel))
    for tap in np.ndindex(*kernel):
        dweight[:, :, *tap] = np.einsum("othw,cthw->oc", dy, x[:, *grid(tap, stride, dy.shape[1:])])
    return dweight


def conv3d_input_gradient(dy, weight, size, stride):
    dx = np.zeros((weight.shape[1], *size))
    for tap in np.ndindex(*weight.shape[2:]):
        here = grid(tap, stride, dy.shape[1:])
        dx[:, *here] += np.einsum("oc,othw->cthw", weight[:, :, *tap], dy)
    return dx


def cost(channels, outputs, kernel, size):
    taps = channels * int(np.prod(kernel))
    return outputs * (taps + 1), outputs * taps * int(np.prod(size))


def loudest_speed(tilt, rate, every, shrink):
    frames = rate / every                             # that the kernel sees in a second
    return tilt * shrink * frames


def _overwriting(dy, weight, size, stride):
    dx = np.zeros((weight.shape[1], *size))
    for tap in np.ndindex(*weight.shape[2:]):
        here = grid(tap, stride, dy.shape[1:])
        dx[:, *here] = np.einsum("oc,othw->cthw", weight[:, :, *tap], dy)
    return dx


def _rounded_up(x, weight, bias, stride):
    left = -np.subtract(x.shape[1:], weight.shape[2:]) % stride       # of the last step
    return conv3d(np.pad(x, [(0, 0), *((0, n) for n in left)]), weight, bias, stride)


def _to_the_last_result(dy, weight, size, stride):
    reached = np.subtract(dy.shape[1:], 1) * stride + weight.shape[2:]
    return conv3d_input_gradient(dy, weight, tuple(reached), stride)


def _first_frame_only(x, weight, bias, stride):
    frames = (x.shape[1] - weight.shape[2]) // stride[0] * stride[0] + 1
    return conv3d(x[:, :frames], weight[:, :, :1], bias, stride)


SIZES = [  # channels, size, outputs, kernel, stride
    (1, (4, 5, 5), 1, (2, 3, 3), (1, 1, 1)), (3, (5, 6, 7), 2, (3, 2, 3), (1, 1, 1)),
    (2, (7, 6, 8), 3, (3, 1, 2), (2, 1, 3)), (2, (6, 7, 5), 2, (1, 3, 2), (1, 2, 2)),
    (2, (8, 8, 7), 3, (3, 3, 2), (2, 2, 2)),          # the last frame and the last row are left out
]

FORWARD = Exercise(
    conv3d,
    cases=[cases.forward(*size) for size in SIZES],
    hints=["One weight (a, b, c) meets the pixels grid((a, b, c), stride, size), size that of y.",
           "np.einsum('oc,cthw->othw', weight[:, :, a, b, c], grid) is what it adds."],
    mistakes={
        "each frame is looked at by itself": _first_frame_only,
        "the stride in time is ignored": lambda x, w, b, s: conv3d(x, w, b, (1, *s[1:])),
        "the stride in time is used for all three axes":
            lambda x, w, b, s: conv3d(x, w, b, s[:1] * 3),
        "time is turned round": lambda x, w, b, s: conv3d(x, w[:, :, ::-1], b, s),
        "the bias is added once for each weight":
            lambda x, w, b, s: conv3d(x, w, b * np.prod(w.shape[2:]), s),
        "the bias is forgotten": lambda x, w, b, s: conv3d(x, w, 0 * b, s),
        "the kernel is turned round along all axes, as in mathematics":
            lambda x, w, b, s: conv3d(x, w[:, :, ::-1, ::-1, ::-1], b, s),
        "the last step is counted though it is not full": _rounded_up,
    },
)

WEIGHT_GRADIENT = Exercise(
    conv3d_weight_gradient,
    cases=[cases.weight_gradient(*size) for size in SIZES],
    hints=["The same grid as in the forward pass; now dy and the grid are known.",
           "Each weight sums dy times what it met, over all places and frames: 'othw,cthw->oc'."],
    mistakes={
        "only the first frame of dy is used": lambda x, dy, k, s:
            conv3d_weight_gradient(x, dy * (np.arange(dy.shape[1]) == 0)[:, None, None], k, s),
        "the stride in time is ignored": lambda x, dy, k, s:
            conv3d_weight_gradient(x, dy, k, (1, *s[1:])),
        "time is turned round": lambda x, dy, k, s: conv3d_weight_gradient(x, dy, k, s)[:, :, ::-1],
        "all axes are turned round": lambda x, dy, k, s:
            conv3d_weight_gradient(x, dy, k, s)[:, :, ::-1, ::-1, ::-1],
        "it is averaged over the frames: only losses take means": lambda x, dy, k, s:
            conv3d_weight_gradient(x, dy, k, s) / dy.shape[1],
    },
)

INPUT_GRADIENT = Exercise(
    conv3d_input_gradient,
    cases=[cases.input_gradient(*size) for size in SIZES],
    hints=["Each weight carried a grid of x forward; it carries dy back onto the same grid.",
           "The grids of two weights overlap: add.", "'oc,othw->cthw'"],
    mistakes={
        "grids overwrite each other: = where += is needed": _overwriting,
        "time is turned round": lambda dy, w, size, s:
            conv3d_input_gradient(dy, w[:, :, ::-1], size, s),
        "the stride in time is ignored": lambda dy, w, size, s:
            conv3d_input_gradient(dy, w, size, (1, *s[1:])),
        "all axes are turned round": lambda dy, w, size, s:
            conv3d_input_gradient(dy, w[:, :, ::-1, ::-1, ::-1], size, s),
        "pixels that no kernel reached are left out": _to_the_last_result,
        "only the first output is carried back": lambda dy, w, size, s:
            conv3d_input_gradient(dy[:1], w[:1], size, s),
    },
)

COST = Exercise(
    cost,
    cases=[(3, 4, (3, 3), (32, 32)), (3, 4, (3, 3, 3), (16, 32, 32)),
           (16, 32, (1, 3, 3), (8, 14, 14)), (32, 8, (3, 1, 1), (8, 14, 14)), (1, 1, (1,), (1,)),
           (255, 511, (3, 3, 3), (31, 111, 113))],     # more than 32 bits hold, and float32
    hints=["How many weights has one kernel? One output channel has one kernel and one bias.",
           "At every place and every frame, each weight of each kernel multiplies once."],
    mistakes={
        "the bias is counted as a multiplication": lambda c, o, k, size: (
            cost(c, o, k, size)[0], cost(c, o, k, size)[1] + o * int(np.prod(size))),
        "the biases are forgotten":
            lambda c, o, k, size: (cost(c, o, k, size)[0] - o, cost(c, o, k, size)[1]),
        "the channels are forgotten": lambda c, o, k, size: cost(1, o, k, size),
        "the time axis of the kernel is forgotten": lambda c, o, k, size: cost(c, o, k[-2:], size),
        "one frame is counted, not all": lambda c, o, k, size: cost(c, o, k, size[-2:]),
    },
    returns=("parameters", "multiplications"),
)

LOUDEST_SPEED = Exercise(
    loudest_speed,
    cases=[(1, 25, 1, 1), (1, 25, 2, 3), (-0.5, 30, 4, 1), (0, 60, 2, 2), (1.5, 24, 5, 1.5),
           (1 / 3, 29.97, 2, 1)],
    hints=["How many frames does the kernel see in one second of the film?",
           "One pixel of the small frame is `shrink` pixels of the film.",
           "Pixels a frame times frames a second are pixels a second."],
    mistakes={
        "reading fewer frames makes it hear faster things":
            lambda tilt, rate, every, shrink: loudest_speed(tilt, rate, 1 / every, shrink),
        "shrinking makes it hear slower things":
            lambda tilt, rate, every, shrink: loudest_speed(tilt, rate, every, 1 / shrink),
        "the frames that are not read are forgotten":
            lambda tilt, rate, every, shrink: loudest_speed(tilt, rate, 1, shrink),
        "the shrinking is forgotten":
            lambda tilt, rate, every, shrink: loudest_speed(tilt, rate, every, 1),
        "it is the speed in pixels a frame, not a second":
            lambda tilt, rate, every, shrink: tilt * shrink / every,
        "the direction is lost": lambda *film: abs(loudest_speed(*film)),
    },
)
