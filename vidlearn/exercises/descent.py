"""Exercises of notebook 05, descent: one step of momentum, one of Adam, and clipping."""

import numpy as np

from vidlearn.course.exercise import Exercise


def momentum_step(p, g, v, lr, momentum, nesterov):
    v = momentum * v + g
    step = g + momentum * v if nesterov else v
    return p - lr * step, v


def adam_step(p, g, m, s, t, lr, betas, eps):
    m = betas[0] * m + (1 - betas[0]) * g
    s = betas[1] * s + (1 - betas[1]) * g ** 2
    m_fair = m / (1 - betas[0] ** t)
    s_fair = s / (1 - betas[1] ** t)
    return p - lr * m_fair / (np.sqrt(s_fair) + eps), m, s


def clip_by_norm(dweight, dbias, max_norm):
    norm = np.sqrt((dweight ** 2).sum() + (dbias ** 2).sum())
    scale = min(1, max_norm / norm) if norm > 0 else 1
    return dweight * scale, dbias * scale


def _adam(fair_m=True, fair_s=True, count=0, inside=False, root=np.sqrt, raw=False):
    """One step of Adam with a slip in it; without one it is the answer."""
    def step(p, g, m, s, t, lr, betas, eps):
        m = betas[0] * m + (1 - betas[0]) * g
        s = betas[1] * s + (1 - betas[1]) * g ** 2
        above = m / (1 - betas[0] ** (t + count)) if fair_m else m
        below = s / (1 - betas[1] ** (t + count)) if fair_s else s
        below = np.sqrt(below + eps) if inside else root(below) + eps
        return (p - lr * above / below, above, s) if raw else (p - lr * above / below, m, s)
    return step


def _each_alone(dweight, dbias, max_norm):
    nothing = np.zeros(1)
    return (clip_by_norm(dweight, nothing, max_norm)[0], clip_by_norm(nothing, dbias, max_norm)[1])


def _always(dweight, dbias, max_norm):
    scale = max_norm / np.sqrt((dweight ** 2).sum() + (dbias ** 2).sum() + 1e-12)
    return dweight * scale, dbias * scale


def _squared(dweight, dbias, max_norm):
    norm = (dweight ** 2).sum() + (dbias ** 2).sum()
    scale = min(1, max_norm / (norm + 1e-12))
    return dweight * scale, dbias * scale


def _largest(dweight, dbias, max_norm):
    scale = min(1, max_norm / max(np.abs(dweight).max(), np.abs(dbias).max(), 1e-12))
    return dweight * scale, dbias * scale


def _rolling(shape, *options):
    return lambda rng: (*rng.normal(size=(3, *shape)), *options)


def _adaptive(shape, t, *options):
    """Averages as they are after t - 1 steps: zeros before the first."""
    def case(rng):
        p, g, m, s = rng.normal(size=(4, *shape))
        known = float(t > 1)
        return p, g, m * known + 0, s ** 2 * known, t, *options     # + 0 makes a 0 of -0
    return case


def _gradients(size, outputs, max_norm):
    return lambda rng: (rng.normal(size=(outputs, size)), rng.normal(size=outputs), max_norm)


MOMENTUM_STEP = Exercise(
    momentum_step,
    cases=[_rolling((3,), 0.1, 0.9, False), _rolling((3,), 0.1, 0.9, True),
           _rolling((2, 4), 0.5, 0.5, False), _rolling((2, 4), 0.02, 0.99, True),
           _rolling((5,), 1.0, 0.0, True),
           (np.array([1.0, 2.0]), np.array([0.5, 0.0]), np.zeros(2), 0.1, 0.9, True)],
    hints=["The new v first: momentum * v + g. The learning rate is not in it.",
           "Without nesterov the step is v, the new one.",
           "With nesterov it is g + momentum * v, again with the new v. Return both: p, v."],
    mistakes={
        "the step is taken with the old v": lambda p, g, v, lr, mu, n:
            (p - lr * (g + mu * v if n else v), mu * v + g),
        "nesterov is ignored": lambda p, g, v, lr, mu, n: momentum_step(p, g, v, lr, mu, False),
        "it always looks ahead": lambda p, g, v, lr, mu, n: momentum_step(p, g, v, lr, mu, True),
        "g is weighed with 1 - momentum: that is a mean, and the steps do not add up":
            lambda p, g, v, lr, mu, n:
            (p - lr * ((1 - mu) * g + mu * (mu * v + (1 - mu) * g) if n
                       else mu * v + (1 - mu) * g), mu * v + (1 - mu) * g),
        "it goes up: the sign of the step": lambda p, g, v, lr, mu, n:
            momentum_step(p, g, v, -lr, mu, n),
        "v holds the learning rate already: it counts twice": lambda p, g, v, lr, mu, n:
            momentum_step(p, lr * g, v, lr, mu, n),
    },
    returns=("p", "v"),
)

ADAM_STEP = Exercise(
    adam_step,
    cases=[_adaptive((3,), 1, 0.1, (0.9, 0.999), 1e-8), _adaptive((3,), 2, 0.1, (0.9, 0.999), 1e-8),
           _adaptive((2, 3), 10, 0.5, (0.8, 0.99), 0.01), _adaptive((4,), 3, 1.0, (0.5, 0.9), 0.1),
           _adaptive((2, 2), 500, 0.01, (0.9, 0.999), 1e-3)],
    hints=["Two running means: m of g, and s of g ** 2. Each keeps its beta and takes 1 - beta.",
           "Before the step, divide m by 1 - beta1 ** t and s by 1 - beta2 ** t; t starts at 1.",
           "Keep m and s themselves as they are: return p, m, s without the correction.",
           "eps stands beside the root, not under it."],
    mistakes={
        "there is no bias correction": _adam(fair_m=False, fair_s=False),
        "only m is corrected": _adam(fair_s=False),
        "only s is corrected": _adam(fair_m=False),
        "the steps are counted one too many: t starts at 1": _adam(count=1),
        "eps stands under the root": _adam(inside=True),
        "the root is missing": _adam(root=lambda s: s),
        "the corrected m is kept: it would be corrected again in the next step": _adam(raw=True),
        "the betas are exchanged": lambda p, g, m, s, t, lr, betas, eps:
            adam_step(p, g, m, s, t, lr, betas[::-1], eps),
    },
    returns=("p", "m", "s"),
)

CLIP_BY_NORM = Exercise(
    clip_by_norm,
    cases=[_gradients(3, 2, 1.0), _gradients(4, 3, 0.5), _gradients(3, 2, 100.0),
           _gradients(1, 4, 2.0), lambda rng: (np.zeros((2, 3)), np.zeros(2), 1.0),
           (np.array([[0.3, -0.4]]), np.zeros(1), 0.1)],           # shorter than 1, and too long
    hints=["One length for both together: the root of the sum of all squares.",
           "Multiply both by max_norm / length, but only if the length is larger than max_norm.",
           "The last case is all zeros: its length is 0, and nothing can be divided by it."],
    mistakes={
        "each is clipped alone: the direction turns": _each_alone,
        "short gradients are made longer": _always,
        "the length is squared: its root is missing": _squared,
        "it is the largest number, not the length": _largest,
        "each number is cut off: the direction turns": lambda dweight, dbias, max_norm:
            (np.clip(dweight, -max_norm, max_norm), np.clip(dbias, -max_norm, max_norm)),
    },
    returns=("dweight", "dbias"),
    tolerance=1e-5,
)
