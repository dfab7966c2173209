"""Exercises of notebook 02, motion."""

import numpy as np

from vidlearn.course.exercise import Exercise


def running_gaussian(mean, variance, frame, rate, deviations):
    away = frame - mean
    foreground = np.abs(away) > deviations * np.sqrt(variance)
    step = np.where(foreground, 0, rate)
    return foreground, mean + step * away, variance + step * (away ** 2 - variance)


def best_threshold(differences, truth):
    best = (0, -1.0)
    for threshold in range(256):
        mask = differences > threshold
        found, false = (mask & truth).sum(), (mask & ~truth).sum()
        missed = (~mask & truth).sum()
        f1 = 2 * found / (2 * found + false + missed)
        if f1 > best[1]:
            best = threshold, f1
    return best


def zone_alarm(masks, zone, high, low, patience):
    x0, y0, x1, y1 = zone
    rings, on, waited = [], False, 0
    for mask in masks:
        share = mask[y0:y1, x0:x1].mean()
        if on:
            on = share >= low
            waited = 0
        else:
            waited = waited + 1 if share >= high else 0
            on = waited >= patience
        rings.append(on)
    return rings


def _pixels(size, rate, deviations):
    """A background of this size, and a frame in which about half of it is covered."""
    def case(rng):
        mean, variance = rng.uniform(40, 200, size), rng.uniform(4, 60, size)
        spread = np.where(rng.random(size) < 0.5, 1, 5) * np.sqrt(variance)
        return mean, variance, mean + spread * rng.normal(size=size), rate, deviations
    return case


def _clip(size, share, apart, noise):
    """Differences (T, H, W) in whole grey levels, and the truth, a share of all pixels."""
    def case(rng):
        truth = rng.random(size) < share * np.linspace(0.3, 1.7, size[0])[:, None, None]
        truth[0, 0, 0] = True
        values = np.abs(rng.normal(0, noise, size) + apart * truth)
        return np.clip(np.rint(values), 0, 255).astype(np.uint8), truth
    return case


def _visits(size, zone, visits, *options):
    """Masks (T, H, W) with a few specks; in each (first, last, share) the zone fills up."""
    def case(rng):
        masks = rng.random(size) < 0.02
        x0, y0, x1, y1 = zone
        for first, last, share in visits:
            masks[first:last, y0:y1, x0:x1] = rng.random((last - first, y1 - y0, x1 - x0)) < share
        return masks, zone, *options
    return case


def _crowd(size, zone, *options):
    """Masks (T, H, W) that fill up everywhere and empty again, twice."""
    def case(rng):
        share = 0.4 - 0.4 * np.cos(np.linspace(0, 4 * np.pi, size[0]))
        return rng.random(size) < share[:, None, None], zone, *options
    return case


def _after_the_step(mean, variance, frame, rate, deviations):
    """As an encyclopedia lists it: new mean, new variance, and only then the test."""
    new = mean + rate * (frame - mean)
    spread = variance + rate * ((frame - new) ** 2 - variance)
    foreground = np.abs(frame - new) > deviations * np.sqrt(spread)
    return foreground, np.where(foreground, mean, new), np.where(foreground, variance, spread)


def _spread(new):
    """The right answer, but a background pixel's variance is `new(variance, away, rate)`."""
    def wrong(mean, variance, frame, rate, deviations):
        foreground, moved, _ = running_gaussian(mean, variance, frame, rate, deviations)
        return foreground, moved, np.where(foreground, variance, new(variance, frame - mean, rate))
    return wrong


def _foreground_is_learned(mean, variance, frame, rate, deviations):
    away = frame - mean
    return (running_gaussian(mean, variance, frame, rate, deviations)[0], mean + rate * away,
            variance + rate * (away ** 2 - variance))


def _judged_by(rule):
    """The right update after a wrong test."""
    def wrong(mean, variance, frame, rate, deviations):
        away = frame - mean
        foreground = rule(away, variance, deviations)
        step = np.where(foreground, 0, rate)
        return foreground, mean + step * away, variance + step * (away ** 2 - variance)
    return wrong


def _best(score, rule=np.greater, last=False):
    """The threshold at which another score is best."""
    def wrong(differences, truth):
        scores = [score(rule(differences, t), truth) for t in range(256)]
        best = 255 - int(np.argmax(scores[::-1])) if last else int(np.argmax(scores))
        return best, scores[best]
    return wrong


def _f1(mask, truth):
    return 2 * (mask & truth).sum() / (mask.sum() + truth.sum())


def _mean_of_frames(mask, truth):
    return np.mean([_f1(m, t) if t.any() or m.any() else 1.0
                    for m, t in zip(mask, truth, strict=True)])


def _alarm(share=None, wait=None, off=None):
    """The alarm with one part replaced."""
    def wrong(masks, zone, high, low, patience):
        shares = [(share or _share)(mask, zone) for mask in masks]
        rings, on, waited = [], False, 0
        for value in shares:
            waited = (waited + 1 if value >= high else waited if wait == "ever" else 0)
            if on:
                on = value >= (high if off == "high" else low) or off == "never"
                waited = 0 if not on or wait != "ever" else waited
            else:
                on = waited >= (1 if wait == "none" else patience + (wait == "late"))
            rings.append(on)
        return rings
    return wrong


def _share(mask, zone):
    x0, y0, x1, y1 = zone
    return mask[y0:y1, x0:x1].mean()


def _backdated(masks, zone, high, low, patience):
    rings = zone_alarm(masks, zone, high, low, patience)
    starts = [t for t in range(len(rings)) if rings[t] and (t == 0 or not rings[t - 1])]
    return [ring or any(s - patience < t <= s for s in starts) for t, ring in enumerate(rings)]


RUNNING_GAUSSIAN = Exercise(
    running_gaussian,
    cases=[_pixels((4, 5), 0.1, 2.5), _pixels((3, 7), 0.02, 2.0), _pixels((6, 2), 0.5, 3.0),
           (np.array([[100.0, 100.0, 100.0]]), np.array([[16.0, 16.0, 16.0]]),
            np.array([[110.0, 90.0, 111.0]]), 0.25, 2.5),         # exactly on the line, and beyond
           (np.array([[50.0]]), np.array([[9.0]]), np.array([[20.0]]), 0.1, 2.5)],
    hints=["Take the distance from the old mean first, and keep it: away = frame - mean.",
           "Foreground: |away| is more than `deviations` times the root of the variance.",
           "step = np.where(foreground, 0, rate). Then mean + step * away.",
           "The variance moves towards away ** 2 in the same way."],
    returns=("foreground", "mean", "variance"),
    mistakes={
        "judged after the update: the frame has already pulled the mean towards itself":
            _after_the_step,
        "the distance for the variance is taken from the new mean: it comes out too small":
            _spread(lambda v, away, rate: v + rate * (((1 - rate) * away) ** 2 - v)),
        "foreground is learned, too: whoever stands there makes the pixel blind":
            _foreground_is_learned,
        "darker pixels are never foreground: take the absolute value":
            _judged_by(lambda away, variance, k: away > k * np.sqrt(variance)),
        "the distance is held against the variance, not against its root":
            _judged_by(lambda away, variance, k: np.abs(away) > k * variance),
        "the spread is left out: the threshold is the same for a calm and a noisy pixel":
            _judged_by(lambda away, variance, k: np.abs(away) > k),
        "exactly on the line counts as foreground: it takes more than that":
            _judged_by(lambda away, variance, k: np.abs(away) >= k * np.sqrt(variance)),
        "the variance moves towards the distance, not towards its square":
            _spread(lambda v, away, rate: v + rate * (np.abs(away) - v)),
        "1 - rate weighs both parts of the variance: away ** 2 is weighed with rate alone":
            _spread(lambda v, away, rate: (1 - rate) * (v + rate * away ** 2)),
        "rate and 1 - rate are swapped: almost only the last frame is remembered":
            lambda m, v, f, r, k: running_gaussian(m, v, f, 1 - r, k),
    },
)

BEST_THRESHOLD = Exercise(
    best_threshold,
    cases=[_clip((4, 9, 11), 0.1, 40, 12), _clip((3, 12, 8), 0.3, 25, 10),
           _clip((6, 7, 7), 0.04, 90, 20),
           (np.array([[[0, 3, 9, 9]]], np.uint8), np.array([[[False, False, True, True]]])),
           (np.array([[[5, 5, 200]]], np.uint8), np.array([[[True, False, True]]])),
           (np.array([[[3, 230, 211, 255]]], np.uint8), np.array([[[False, False, False, True]]])),
           (np.array([[[7, 9]]], np.uint8), np.array([[[True, True]]]))],
    hints=["Try all thresholds from 0 to 255: a pixel is foreground where it is above.",
           "Count found, false and missed over the whole clip, not frame by frame.",
           "F1 = 2 found / (2 found + false + missed), as in lesson 06.",
           "Where several thresholds are equally good, keep the lowest: go on only if it is more."],
    returns=("threshold", "F1"),
    mistakes={
        "accuracy is taken for F1: the empty street counts, and it is most of the picture":
            _best(lambda mask, truth: (mask == truth).mean()),
        "IoU is returned for F1: the threshold is the same, the number is not":
            _best(lambda mask, truth: (mask & truth).sum() / (mask | truth).sum()),
        "F1 is taken frame by frame and averaged: a frame with few pixels counts as much":
            _best(_mean_of_frames),
        "a pixel exactly at the threshold counts as foreground": _best(_f1, np.greater_equal),
        "of equally good thresholds the highest is returned": _best(_f1, last=True),
        "it looks for the best recall: whoever calls everything foreground misses nothing":
            _best(lambda mask, truth: (mask & truth).sum() / truth.sum()),
    },
)

ZONE_ALARM = Exercise(
    zone_alarm,
    cases=[_visits((40, 12, 16), (4, 2, 12, 9), [(8, 20, 0.6), (20, 26, 0.3), (30, 33, 0.7)],
                   0.4, 0.2, 4),
           _visits((50, 20, 24), (11, 3, 19, 8), [(5, 7, 0.8), (8, 10, 0.8), (11, 14, 0.8),
                                                 (20, 30, 0.7), (34, 37, 0.7)], 0.5, 0.1, 3),
           _visits((30, 20, 10), (1, 9, 6, 19), [(0, 12, 0.9), (14, 30, 0.5)], 0.3, 0.15, 1),
           _crowd((60, 15, 18), (3, 5, 9, 8), 0.5, 0.3, 2),
           (np.pad(np.ones((4, 2, 3), bool), ((2, 3), (1, 2), (2, 1))), (2, 1, 5, 3), 1.0, 1.0, 2),
           (np.zeros((5, 4, 4), bool), (0, 0, 2, 2), 0.5, 0.2, 2),
           (np.repeat([1, 0, 1], [4, 1, 4])[:, None, None] * np.ones((1, 3, 4)) > 0,
            (1, 0, 3, 2), 0.5, 0.5, 3)],                          # it waits anew after each alarm
    hints=["The share of foreground in the zone: mask[y0:y1, x0:x1].mean().",
           "While it is quiet, count frames in a row with a share of at least `high`.",
           "A frame below `high` puts that count back to 0; at `patience` it begins to ring.",
           "While it rings, only a share below `low` ends it, at once."],
    mistakes={
        "it stops as soon as the share is below `high`: it will flutter": _alarm(off="high"),
        "it rings at the first frame: `patience` is left out": _alarm(wait="none"),
        "it counts frames in all, not in a row": _alarm(wait="ever"),
        "it waits one frame too long": _alarm(wait="late"),
        "it rings already for the frames in which it was still waiting": _backdated,
        "it never stops ringing": _alarm(off="never"),
        "it counts the whole picture, not the zone": _alarm(lambda mask, zone: mask.mean()),
        "x and y of the zone are swapped: rows come first in an array":
            _alarm(lambda mask, zone: mask[zone[0]:zone[2], zone[1]:zone[3]].mean()),
        "the right and bottom edge of the zone are counted, too":
            _alarm(lambda mask, zone: mask[zone[1]:zone[3] + 1, zone[0]:zone[2] + 1].mean()),
    },
)
