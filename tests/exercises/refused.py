"""Wrong answers that readers gave, or might: every check refuses them.

REFUSED maps an exercise, as module.NAME, to {what is wrong: the attempt}.
"""

import numpy as np

from vidlearn.exercises import (
    clips,
    cnn,
    conv3d,
    convolution,
    descent,
    frame_classifier,
    frames,
    grad_cam,
    gradients,
    measuring,
    motion,
    pooling,
    rnn,
    start,
    video_classifier,
)

conv, pool, walk = convolution.convolve, pooling.max_pool, gradients.walk_back


def visited_once(tape, last):
    """A queue from `last`, each name's slope passed on at its first visit."""
    steps, slopes, queue = dict(tape), {}, [last]
    for step, inputs in tape:
        slopes |= dict.fromkeys([step, *(name for name, _ in inputs)], 0.0)
    slopes[last], seen = 1.0, set()
    while queue:
        step = queue.pop(0)
        if step in seen:
            continue
        seen.add(step)
        for name, local in steps.get(step, []):
            slopes[name] += slopes[step] * local
            queue.append(name)
    return slopes


def softmax(scores, axis=1):
    with np.errstate(over="ignore", invalid="ignore"):
        odds = np.exp(scores)
        return odds / odds.sum(axis=axis, keepdims=True)


def alarm_counts_on(masks, zone, high, low, patience):
    """The count stays where it was when the alarm stops."""
    x0, y0, x1, y1 = zone
    rings, on, waited = [], False, 0
    for mask in masks:
        share = mask[y0:y1, x0:x1].mean()
        if on:
            on = share >= low
        else:
            waited = waited + 1 if share >= high or waited >= patience else 0
            on = waited >= patience and share >= high
        rings.append(on)
    return rings


def channel(number):
    def attempt(film):
        return frames.find_cut(np.repeat(film[..., number:number + 1], 3, axis=3))
    return attempt


def mean_colour(film):
    colours = film.reshape(len(film), -1, 3).mean(axis=1)
    return 1 + int(np.abs(np.diff(colours, axis=0)).sum(axis=1).argmax())


def threshold_up_to(most):
    def attempt(differences, truth):
        return motion.best_threshold(np.minimum(differences, most + 1), truth)
    return attempt


def f1_zero_division(labels, answers):
    found = int((labels & answers).sum())
    precision, recall = found / answers.sum(), found / labels.sum()
    return float(precision), float(recall), float(2 * precision * recall / (precision + recall))


def average_precision_on_a_grid(scores, labels):
    return measuring.average_precision(np.round(np.clip(scores, 0, 1), 3), labels)


def real_by_value(x, kernel, stride, padding, count_padding):
    """Counts the pixels that are not zero for the real ones."""
    rows, columns = kernel
    down, right = stride
    room = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    y = np.empty((len(x), (room.shape[1] - rows) // down + 1,
                  (room.shape[2] - columns) // right + 1))
    for c, i, j in np.ndindex(y.shape):
        here = room[c, i * down:i * down + rows, j * right:j * right + columns]
        y[c, i, j] = here.sum() / (here.size if count_padding else max(1, (here != 0).sum()))
    return y


def no_padding_for_one(x, weight, bias, stride, padding):
    return conv(x, weight, bias, stride, padding if weight.shape[2:] != (1, 1) else 0)


def starts_low(least):
    return lambda x, kernel, stride: np.maximum(pool(x, kernel, stride), least)


def forgets_a_side(side):
    def attempt(heat, box, tolerance):
        x0, y0, x1, y1 = box
        low, high = (x0, y0), (x1, y1)
        y, x = divmod(int(heat.argmax()), heat.shape[1])
        wide = [tolerance] * 4
        wide[side] = 0
        return (low[0] - wide[0] <= x < high[0] + wide[1]
                and low[1] - wide[2] <= y < high[1] + wide[3])
    return attempt


def sliced(heat, box, tolerance):
    """A slice that wraps where its start is below 0."""
    x0, y0, x1, y1 = box
    around = heat[y0 - tolerance:y1 + tolerance, x0 - tolerance:x1 + tolerance]
    return bool(around.size) and bool(around.max() == heat.max())


def by_distance(heat, box, tolerance):
    """The distance to the box, over its corner, too."""
    x0, y0, x1, y1 = box
    y, x = divmod(int(heat.argmax()), heat.shape[1])
    away = max(x0 - x, 0, x - x1 + 1), max(y0 - y, 0, y - y1 + 1)
    return bool(np.hypot(*away) <= tolerance)


def int32_cost(channels, outputs, kernel, size):
    return tuple(int(np.int64(n).astype(np.int32)) for n in conv3d.cost(
        channels, outputs, kernel, size))


def counted(**changed):
    """The count of parameters and the last shape, where each layer is changed first."""
    def attempt(shape, layers):
        return cnn.count_parameters(shape, [
            changed[kind](kind, *options) if kind in changed else (kind, *options)
            for kind, *options in layers])
    return attempt


def average_leaves_the_place(shape, layers):
    total, last = cnn.count_parameters(shape, layers)
    kinds = [kind for kind, *_ in layers]
    if "average" in kinds and "flatten" not in kinds[kinds.index("average"):]:
        before = cnn.count_parameters(shape, layers[:kinds.index("average")])[1]
        last = (last[0], *before[1:])
    return total, last


def scores_then_softmax(scores, clip_of, how):
    told = frame_classifier.clip_scores(scores, clip_of, how)
    return softmax(told) if how == "logits" else told


def chances_by(exponents):
    """The answer, where softmax is replaced by this one of the scores."""
    def attempt(scores, clip_of, how):
        if how in ("vote", "logits"):
            return frame_classifier.clip_scores(scores, clip_of, how)
        p = exponents(scores)
        return np.array([p[clip_of == k].max(axis=0) if how == "max" else p[clip_of == k].mean(
            axis=0) for k in range(clip_of.max() + 1)])
    return attempt


def last_tied_vote(scores, clip_of, how):
    if how != "vote":
        return frame_classifier.clip_scores(scores, clip_of, how)
    answers = scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)
    votes = np.eye(scores.shape[1])[answers]
    return np.array([votes[clip_of == k].mean(axis=0) for k in range(clip_of.max() + 1)])


def without_epsilon(gradients, max_norm):
    total = np.sqrt(sum((g ** 2).sum() for g in gradients))
    return total, [g * min(1, max_norm / total) if total else g for g in gradients]


REFUSED = {
    "start.SECONDS_OF": {
        "rounded to two digits": lambda frame, rate: round(frame / rate, 2),
        "the rate is made whole": lambda frame, rate: frame / round(rate),
        "the rate is cut": lambda frame, rate: frame / int(rate),
        "frame 0 comes one step late": lambda frame, rate: (frame + 1) / rate,
    },
    "start.TO_NETWORK": {
        "divided by 256": lambda clip: start.to_network(clip) * np.float32(255 / 256),
        "whole numbers": lambda clip: start.to_network(clip).astype(np.uint8),
        "BGR": lambda clip: start.to_network(clip[..., ::-1]),
        "one axis too many": lambda clip: start.to_network(clip)[None],
    },
    "gradients.WALK_BACK": {
        "each name is visited once, as it comes": visited_once,
        "only two inputs a step": lambda tape, last: walk(
            [(step, inputs[:2]) for step, inputs in tape], last),
        "the last is never a leaf": lambda tape, last: walk(
            tape, last if last in dict(tape) else tape[-1][0]),
        "the slope of `last` is left out": lambda tape, last: {
            name: slope for name, slope in walk(tape, last).items() if name != last},
        "absolute slopes": lambda tape, last: {
            name: abs(slope) for name, slope in walk(tape, last).items()},
    },
    "gradients.LOG_SUM_EXP": {
        "any number of the row is taken for the highest":
            lambda x, axis: _shifted(x, np.take(x, [0], axis), axis),
        "the mean is taken away": lambda x, axis: _shifted(x, x.mean(axis, keepdims=True), axis),
        "the lowest is taken away": lambda x, axis: _shifted(x, x.min(axis, keepdims=True), axis),
        "the largest magnitude": lambda x, axis: _shifted(
            x, np.abs(x).max(axis, keepdims=True), axis),
        "axes are kept": lambda x, axis: np.expand_dims(gradients.log_sum_exp(x, axis), axis),
    },
    "motion.ZONE_ALARM": {
        "the count is not reset when the alarm stops": alarm_counts_on,
        "more than `high`": lambda masks, zone, high, low, patience: motion.zone_alarm(
            masks, zone, high + 1e-9, low, patience),
        "at `low` it stops": lambda masks, zone, high, low, patience: motion.zone_alarm(
            masks, zone, high, low + 1e-9, patience),
    },
    "motion.BEST_THRESHOLD": {
        f"thresholds up to {most}": threshold_up_to(most) for most in (63, 64, 127, 200, 209)},
    "frames.FIND_CUT": {
        "red alone": channel(0), "green alone": channel(1), "blue alone": channel(2),
        "the mean colour": mean_colour,
        "two bins": lambda film: frames.find_cut((film // 128 * 128).astype(np.uint8)),
        "never the first or the last frame": lambda film: int(np.clip(
            frames.find_cut(film), 2, len(film) - 2)),
        "grey": lambda film: frames.find_cut(
            np.repeat(film.mean(axis=3, keepdims=True), 3, axis=3).astype(np.uint8)),
    },
    "frames.PREPROCESS_FRAME": {
        "divided by 256": lambda frame: frames.preprocess_frame(frame) * np.float32(255 / 256),
        "a centre that is off by one": lambda frame: frames.preprocess_frame(
            np.roll(frame, 1, axis=int(frame.shape[1] > frame.shape[0]))),
    },
    "frames.LOAD_FRAME": {
        "-1 is the last frame": lambda path, number: frames.load_frame(
            path, number if number >= 0 or "variable" not in path else 119),
        "-1 is the first frame": lambda path, number: frames.load_frame(path, max(0, number)),
    },
    "clips.NEW_LABEL": {
        "right for 16 cases, then nothing": lambda label, change:
            clips.new_label(label, change) if change in clips.CHANGES[:2] else None,
    },
    "measuring.PRECISION_RECALL_F1": {
        "0/0 where it rang, events exist, and none was found": f1_zero_division,
        "true negatives count": lambda y, a: (
            float((y == a).mean()), *measuring.precision_recall_f1(y, a)[1:]),
    },
    "measuring.AVERAGE_PRECISION": {
        "thresholds on a grid of thousandths": average_precision_on_a_grid,
        "scores are rounded": lambda s, y: measuring.average_precision(np.round(s, 3), y),
        "scores below 0 never ring": lambda s, y: measuring.average_precision(
            np.where(s < 0, np.inf, s), y),
    },
    "measuring.GROUP_FOLDS": {
        "a source is known by its last letter": lambda sources, k: measuring.group_folds(
            [str(s)[-1] for s in sources], k),
        "a source is known by its first letter": lambda sources, k: measuring.group_folds(
            [str(s)[0] for s in sources], k),
        "capitals are ignored": lambda sources, k: measuring.group_folds(
            [str(s).lower() for s in sources], k),
        "sources are sorted first": lambda sources, k: [
            sorted(set(sources), key=str).index(s) % k for s in sources],
    },
    "convolution.CONVOLVE": {
        "no padding round a kernel of 1x1": no_padding_for_one,
        "the padding is round the channels, too": lambda x, w, b, s, p: conv(
            np.pad(x, ((0, 0), (p, p), (p, p)), mode="edge"), w, b, s, 0),
        "the bias is in the sum, once for each weight": lambda x, w, b, s, p: conv(
            x, w, b * w[0].size, s, p),
        "stride and padding are swapped": lambda x, w, b, s, p: conv(x, w, b, max(p, 1), s),
    },
    "convolution.ONE_KERNEL": {
        "the product, weight by weight": lambda a, b: a * b if a.shape == b.shape else a,
        "the sum": lambda a, b: a + b if a.shape == b.shape else a,
        "the kernels are slid as they are, and not turned":
            lambda a, b: convolution.one_kernel(a, b[:, ::-1]),
        "the smallest size": lambda a, b: convolution.one_kernel(a, b)[1:, 1:],
    },
    "pooling.MAX_POOL": {f"the maximum starts from {low}": starts_low(low)
                         for low in (-10, -100, -1000, 0)},
    "pooling.AVG_POOL": {
        "real pixels are those that are not 0": real_by_value,
        "it refuses no padding without counting it": lambda x, k, s, p, count: (
            None if p == 0 and not count else pooling.avg_pool(x, k, s, p, count)),
    },
    "frame_classifier.CLIP_SCORES": {
        "softmax without the maximum": chances_by(softmax),
        "softmax with the maximum of all": chances_by(lambda s: softmax(s - s.max())),
        "softmax after the mean of logits": scores_then_softmax,
        "a tie inside a frame goes to the last class": last_tied_vote,
        "a tie is shared": lambda s, c, how: frame_classifier.clip_scores(s, c, how) if
            how != "vote" else np.array([((s == s.max(1, keepdims=True)) / (
                s == s.max(1, keepdims=True)).sum(1, keepdims=True))[c == k].mean(0)
                for k in range(c.max() + 1)]),
    },
    "frame_classifier.BEST_BLIND": {
        "any label that occurs is counted": lambda bags, labels: np.mean(
            [labels[bags == b][0] == y for b, y in zip(bags, labels, strict=True)]),
        "the commonest of all": lambda bags, labels: float(
            np.bincount(labels).max() / len(labels)),
    },
    "frame_classifier.KERAS_LOSS": {
        "softmax without the maximum": lambda name, truth, p, logits: frame_classifier.keras_loss(
            name, truth, softmax(p) if logits else p, False),
    },
    "grad_cam.GRAD_CAM": {
        "the activation loses its sign": lambda a, g: grad_cam.grad_cam(np.abs(a), g),
        "a ReLU on the activation": lambda a, g: grad_cam.grad_cam(np.maximum(a, 0), g),
        "the largest gradient, not the mean": lambda a, g: np.maximum(
            (g.max(axis=(1, 2), keepdims=True) * a).sum(axis=0), 0),
    },
    "grad_cam.POINTING": {
        **{f"the tolerance is forgotten {where}": forgets_a_side(side) for side, where in
           enumerate(("at the left", "at the right", "at the top", "at the bottom"))},
        "a slice that begins below 0": sliced,
        "by the distance, so that corners are cut": by_distance,
    },
    "rnn.CLIP_BY_NORM": {
        "no epsilon": without_epsilon,
        "an epsilon of 1e-8": lambda g, m: (rnn.clip_by_norm(g, m)[0], [
            x * min(1, m / (rnn.clip_by_norm(g, m)[0] + 1e-8)) for x in g]),
    },
    "video_classifier.CLIP_PROBABILITY": {
        "scores are cut off at 20": lambda s: video_classifier.clip_probability(
            np.clip(s, -20, 20)),
        "softmax without the maximum": lambda s: softmax(s).mean(axis=0),
        "the maximum of all": lambda s: softmax(s - s.max()).mean(axis=0),
    },
    "conv3d.COST": {"it overflows at 32 bits": int32_cost},
    "cnn.COUNT": {
        "the padding counts once, not on both sides": counted(
            conv=lambda kind, outputs, kernel, padding: (kind, outputs, kernel, padding / 2)),
        "a pooling is always of 2": counted(pool=lambda kind, size: (kind, 2)),
        "the average leaves height and width": average_leaves_the_place,
    },
    "cnn.DROPOUT": {
        "more than p": lambda x, dy, p, u: (x * (u > p) / (1 - p), dy * (u > p) / (1 - p)),
        "dx is masked where y is 0": lambda x, dy, p, u: (
            x * (u >= p) / (1 - p), dy * (x * (u >= p) != 0) / (1 - p)),
    },
    "descent.MOMENTUM_STEP": {
        "without a history it is plain descent": lambda p, g, v, lr, mu, n: (
            descent.momentum_step(p, g, v, lr, mu, n) if v.any() else (p - lr * g, g)),
    },
}


def _shifted(x, shift, axis):
    with np.errstate(all="ignore"):
        return np.log(np.exp(x - shift).sum(axis)) + shift.squeeze(axis)
