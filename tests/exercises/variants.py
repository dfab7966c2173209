"""What books and libraries do otherwise, and half-right answers: every check refuses them, too.

VARIANTS is like REFUSED: {module.NAME: {what is different: the attempt}}.
"""

import numpy as np

from vidlearn.exercises import (
    boxes,
    cnn,
    conv3d,
    convolution,
    crnn,
    descent,
    frame_classifier,
    frames,
    grad_cam,
    lstm,
    measuring,
    pooling,
    rnn,
    tcn,
    video_classifier,
)

conv, pool, cut = convolution.convolve, pooling.max_pool, frames.find_cut
score, bent, field = measuring.precision_recall_f1, video_classifier.clip_probability, tcn.field


def eleven_points(scores, labels):
    """The mean of the best precision at recalls of 0, 0.1, ... 1: Pascal VOC 2007."""
    rings = scores >= np.unique(scores)[::-1, None]
    found = (rings * labels).sum(axis=1)
    recall, precision = found / labels.sum(), found / rings.sum(axis=1)
    return np.mean([precision[recall >= r - 1e-12].max() for r in np.linspace(0, 1, 11)])


def smallest_fold(sources, k):
    """Each new source gets the fold with the fewest clips so far."""
    size, fold_of = [0] * k, {}
    for source in sources:
        size[fold_of.setdefault(source, int(np.argmin(size)))] += 1
    return [fold_of[source] for source in sources]


def padded(rows, columns):
    return lambda x, w, b, s, p: conv(
        np.pad(x, ((0, 0), (p * rows,) * 2, (p * columns,) * 2)), w, b, s, 0)


def the_last_window_hangs_over(x, kernel, stride):
    """ceil_mode=True."""
    size = [-(-(n - k) // s) + 1 for n, k, s in zip(x.shape[1:], kernel, stride, strict=True)]
    room = [(0, n) for n in (0, *stride)]
    return pool(np.pad(x, room, constant_values=-np.inf), kernel, stride)[:, :size[0], :size[1]]


def eps_is_remembered(*given):
    y, mean, variance = cnn.batch_norm(*given)
    return y, mean, variance + given[5] * given[6] * given[7]


def only_the_mean_moves_in_eval(*given):
    y, mean, variance = cnn.batch_norm(*given)
    moved = cnn.batch_norm(*given[:5], True, *given[6:])[1]
    return y, mean if given[5] else moved, variance


def pooling_rounds_up(shape, layers):
    total, last = 0, shape
    for kind, *options in layers:
        here = cnn.count_parameters(last, [(kind, *options)])
        total += here[0]
        last = (last[0], *(-(-n // options[0]) for n in last[1:])) if kind == "pool" else here[1]
    return total, last


def each_class_yes_or_no(name, truth, predicted, from_logits):
    """Binary cross-entropy of all classes."""
    p = np.exp(predicted - predicted.max(axis=1, keepdims=True)) if from_logits else predicted
    p = p / p.sum(axis=1, keepdims=True)
    t = np.eye(p.shape[1])[truth] if truth.ndim == 1 else truth
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).sum(axis=1).mean()


def centre_of_the_map(heat, box, tolerance):
    mass = heat - heat.min()
    y, x = ((np.indices(heat.shape)[i] * mass).sum() / mass.sum() for i in range(2))
    x0, y0, x1, y1 = box
    return x0 - tolerance <= x < x1 + tolerance and y0 - tolerance <= y < y1 + tolerance


def steps_to_the_box(heat, box, tolerance):
    """Rows and columns away from the box, added up."""
    x0, y0, x1, y1 = box
    y, x = divmod(int(heat.argmax()), heat.shape[1])
    return max(x0 - x, 0, x - x1 + 1) + max(y0 - y, 0, y - y1 + 1) <= tolerance


def speed_holds_the_rate(p, g, v, lr, momentum, nesterov):
    """Sutskever's form: v counts in weights, not in gradients."""
    v = momentum * v - lr * g
    return p + v, v


def adam(below):
    def step(p, g, m, s, t, lr, betas, eps):
        _, m, s = descent.adam_step(p, g, m, s, t, lr, betas, eps)
        return p - lr * m / (1 - betas[0] ** t) / below(s, 1 - betas[1] ** t, eps), m, s
    return step


def without(channel):
    """The histograms of two colours."""
    return lambda film: cut(film * (np.arange(3) != channel).astype(np.uint8))


def nearest(*pairs):
    """The contrast of these pairs of frames before and after, counted from t."""
    def attempt(film):
        counts = np.array([[np.bincount(channel, minlength=16)
                            for channel in frame.reshape(-1, 3).T // 16] for frame in film])
        contrast = [min([np.abs(counts[t + i] - counts[t + j]).sum() for i, j in pairs
                         if t + i >= 0 and t + j < len(film)] or [0]) for t in range(1, len(film))]
        return 1 + int(np.argmax(contrast))
    return attempt


def two_axes_at_most(x, axis):
    highest = x.max(axis)
    moved = x - (highest[:, None] if axis == 1 else highest[None])
    return np.log(np.exp(moved).sum(axis)) + highest


def trapezoids(right, count):
    """The area by the trapezoidal rule, from a precision of 1 at recall 0."""
    found = np.cumsum(right)
    recall = np.append(0, found / count)
    precision = np.append(1, found / np.arange(1, len(right) + 1))
    return float((np.diff(recall) * (precision[1:] + precision[:-1]) / 2).sum())


def drops_by_smaller_box(given, scores, threshold):
    """What is dropped lies in the better box to a share above the threshold."""
    areas = (given[:, 2:] - given[:, :2]).prod(axis=1)
    iou = boxes.pairwise_iou(given, given)
    shared = iou * (areas[:, None] + areas) / (1 + iou)
    order, kept = list(np.argsort(-scores, kind="stable")), []
    while order:
        kept.append(order.pop(0))
        order = [i for i in order if shared[kept[-1], i] / areas[i] <= threshold]
    return np.array(kept, int)


def at_least_one_pixel(start, stop, cells, pixels, points):
    """aligned=False: no half pixel, and no region is shorter than one."""
    start, stop = start + 0.5, max(stop, start + 1) + 0.5
    return boxes.axis_weights(start, stop, cells, pixels, points)


VARIANTS = {
    "boxes.IOU": {
        "a little is added below": lambda a, b: boxes.pairwise_iou(a, b) * (1 - 1e-4),
        "GIoU": lambda a, b: boxes.pairwise_iou(a, b) - (boxes.pairwise_iou(a, b) == 0)},
    "boxes.DECODE": {
        "rows before columns": lambda offsets, *given: boxes.decode(
            offsets[:, [1, 0, 3, 2]], *given),
        "small sizes are cut off, too": lambda offsets, anchors, weights: boxes.decode(
            np.maximum(offsets / weights, -np.log(62.5)) * weights, anchors, weights),
        "the last pixel belongs to the anchor": lambda offsets, anchors, weights: boxes.decode(
            offsets, anchors + [0, 0, 1, 1], weights)},
    "boxes.MATCH": {
        "background is 0, and true boxes count from 1": lambda *given: np.where(
            boxes.match(*given) == -2, -1, boxes.match(*given) + 1),
        "only anchors that reach nothing are kept for a true box": lambda iou, high, low: np.where(
            iou.max(axis=0) >= low, boxes.match(iou, high, low), -1)},
    "boxes.NMS": {
        "the share of the smaller box decides": drops_by_smaller_box,
        "at most ten are kept": lambda *given: boxes.nms(*given)[:10],
        "scores of 0 and less are left out": lambda given, scores, threshold: boxes.nms(
            given, scores, threshold)[scores[boxes.nms(given, scores, threshold)] > 0]},
    "boxes.AXIS_WEIGHTS": {"aligned=False": at_least_one_pixel},
    "boxes.AVERAGE_PRECISION": {"trapezoids": trapezoids},
    "boxes.WORST_OVERLAP": {
        "GIoU": lambda width, height, step: boxes.worst_overlap(width, height, step)
        - (min(width, height) * 2 < step),
        "rounded": lambda *sizes: round(boxes.worst_overlap(*sizes), 2)},
    "measuring.AVERAGE_PRECISION": {"eleven points of recall": eleven_points},
    "measuring.PRECISION_RECALL_F1": {
        "a recall of 1 where nothing happened": lambda y, a: (
            score(y, a)[0], score(y, a)[1] if y.any() else 1.0, score(y, a)[2]),
        "an F1 of 1 where nothing happened and nothing rang": lambda y, a: (
            *score(y, a)[:2], score(y, a)[2] if (y | a).any() else 1.0),
    },
    "measuring.GROUP_FOLDS": {"the smallest fold": smallest_fold},
    "convolution.CONVOLVE": {
        "rows alone are padded": padded(1, 0), "columns alone are padded": padded(0, 1),
        "the result is padded": lambda x, w, b, s, p: np.pad(
            conv(x, w, b, s, 0), ((0, 0), (p, p), (p, p))),
        "the mean of the channels": lambda x, w, b, s, p: conv(x, w / len(x), b, s, p),
    },
    "pooling.MAX_POOL": {
        "the strides are swapped": lambda x, k, s: pool(x, k, s[::-1]),
        "the last window hangs over": the_last_window_hangs_over,
        "the maximum starts from -1e9": lambda x, k, s: np.maximum(pool(x, k, s), -1e9),
    },
    "pooling.AVG_POOL": {"the strides are swapped": lambda x, k, s, p, count: pooling.avg_pool(
        x, k, s[::-1], p, count)},
    "cnn.BATCH_NORM": {"the running variance holds eps": eps_is_remembered,
                       "the mean moves in eval": only_the_mean_moves_in_eval},
    "cnn.BATCH_NORM_BACKWARD": {"no eps": lambda dy, x, weight, eps: cnn.batch_norm_backward(
        dy, x, weight, 0)},
    "cnn.COUNT": {"a pooling rounds up": pooling_rounds_up},
    "frame_classifier.KERAS_LOSS": {"yes or no for each class": each_class_yes_or_no},
    "frame_classifier.CLIP_SCORES": {"softmax of the largest logits": lambda s, c, how: (
        np.array([bent(s[c == k].max(axis=0, keepdims=True)) for k in range(c.max() + 1)])
        if how == "max" else frame_classifier.clip_scores(s, c, how))},
    "grad_cam.GRAD_CAM": {
        "the absolute value for the ReLU": lambda a, g: np.abs(
            (g.mean(axis=(1, 2), keepdims=True) * a).sum(axis=0)),
        "a ReLU on the weights": lambda a, g: grad_cam.grad_cam(
            a, np.maximum(g.mean(axis=(1, 2), keepdims=True), 0)),
        "a ReLU on the gradients": lambda a, g: grad_cam.grad_cam(a, np.maximum(g, 0)),
    },
    "grad_cam.POINTING": {
        "the centre of the map": centre_of_the_map, "rows and columns added": steps_to_the_box,
        "the largest magnitude": lambda heat, *rest: grad_cam.pointing(np.abs(heat), *rest),
    },
    "grad_cam.OCCLUSION": {
        "a rise is cut off": lambda *given: np.maximum(grad_cam.occlusion(*given), 0),
        "the picture's mean for `fill`": lambda f, x, window, fill: grad_cam.occlusion(
            f, x, window, x.mean()),
    },
    "descent.MOMENTUM_STEP": {"the speed holds the rate": speed_holds_the_rate},
    "descent.ADAM_STEP": {
        "eps is the least root": adam(lambda s, fair, eps: np.maximum(np.sqrt(s / fair), eps)),
        "eps is corrected, too": adam(lambda s, fair, eps: (np.sqrt(s) + eps) / np.sqrt(fair)),
    },
    "frames.FIND_CUT": {
        **{f"channel {channel} is not looked at": without(channel) for channel in range(3)},
        "t - 1 and t + 1": nearest((-1, 1)), "t - 2 and t": nearest((-2, 0)),
        "one frame before, two after": nearest((-1, 0), (-1, 1)),
        "two frames before, one after": nearest((-1, 0), (-2, 0)),
    },
    "gradients.LOG_SUM_EXP": {"two axes, counted from the front": two_axes_at_most},
    "tcn.FIELD": {
        "one more for each tap is heard": lambda ks, ds: (field(ks, ds)[0], 1 + sum(ks) - len(ks)),
        "all paths are heard, or the whole field": lambda ks, ds: (
            field(ks, ds)[0], min(int(np.prod(ks)), field(ks, ds)[0])),
    },
    "conv3d.COST": {
        "multiplications and additions": lambda *layer: (
            conv3d.cost(*layer)[0], 2 * conv3d.cost(*layer)[1]),
        "a bias for each input channel": lambda channels, outputs, kernel, size: (
            conv3d.cost(channels, outputs, kernel, size)[0] + outputs * (channels - 1),
            conv3d.cost(channels, outputs, kernel, size)[1]),
        "float32 on the way": lambda *layer: tuple(int(np.float32(n)) for n in conv3d.cost(*layer)),
    },
    "conv3d.LOUDEST_SPEED": {
        "whole frames a second": lambda tilt, rate, every, shrink: tilt * shrink * (rate // every),
        "rounded": lambda *film: round(conv3d.loudest_speed(*film), 2),
    },
    "lstm.LSTM_STEP": {"the forget gate starts one higher": lambda x, h, c, wi, wh, b: (
        lstm.lstm_step(x, h, c, wi, wh, b + np.repeat([0, 1, 0, 0], h.shape[1])))},
    "rnn.RNN_STEP": {
        "a ReLU": lambda x, h, wi, wh, b: np.maximum(x @ wi.T + h @ wh.T + b, 0),
        "a sigmoid": lambda x, h, wi, wh, b: (1 + rnn.rnn_step(x, h, wi, wh, b)) / 2,
    },
    "crnn.LAST_STATES": {"the mean over the clips": lambda states, lengths, dlast: (
        crnn.last_states(states, lengths, dlast)[0],
        crnn.last_states(states, lengths, dlast)[1] / len(states))},
    "video_classifier.CLIP_PROBABILITY": {
        "the highest probability of each class": lambda scores: np.max(
            [bent(window[None]) for window in scores], axis=0)},
    "video_classifier.ORDER_SCORE": {"only clips whose answer changed": lambda a, b, opposite: (
        np.mean((b == opposite[a])[a != b]) if (a != b).any() else 0.0)},
}
