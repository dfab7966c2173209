"""Exercises of notebook 43, tracking."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.tracking.assignment import linear_sum_assignment


def link(overlaps, least):
    rows, columns = linear_sum_assignment(-overlaps)
    pairs = [(a, b) for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
             if overlaps[a, b] >= least]
    new = sorted({*range(len(overlaps))} - {a for a, _ in pairs})
    unseen = sorted({*range(overlaps.shape[1])} - {b for _, b in pairs})
    return pairs, new, unseen


def kalman_step(x, P, z, F, H, Q, R):
    x = F @ x
    P = F @ P @ F.T + Q
    gain = P @ H.T @ np.linalg.inv(H @ P @ H.T + R)
    return x + gain @ (z - H @ x), np.diag(P - gain @ H @ P)


def switches(frames):
    last = {}
    count = 0
    for pairs in frames:
        for person, track in pairs.items():
            if last.get(person, track) != track:
                count += 1
            last[person] = track
    return count


def lowest_rate(width, speed, least):
    return speed * (1 + least) / (width * (1 - least))


def _nearest_first(overlaps, least):
    left, pairs = overlaps.copy(), []
    while left.size and left.max() >= least:
        a, b = (int(i) for i in np.unravel_index(left.argmax(), left.shape))
        pairs.append((a, b))
        left[a], left[:, b] = -1, -1
    return (sorted(pairs), sorted({*range(len(overlaps))} - {a for a, _ in pairs}),
            sorted({*range(overlaps.shape[1])} - {b for _, b in pairs}))


def _best_for_each(overlaps, least):
    best = [int(row.argmax()) for row in overlaps] if overlaps.size else []
    pairs = [(a, b) for a, b in enumerate(best) if overlaps[a, b] >= least]
    return (pairs, sorted({*range(len(overlaps))} - {a for a, _ in pairs}),
            sorted({*range(overlaps.shape[1])} - {b for _, b in pairs}))


def _least_overlap(overlaps, least):
    rows, columns = linear_sum_assignment(overlaps)
    pairs = [(a, b) for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
             if overlaps[a, b] >= least]
    return (pairs, sorted({*range(len(overlaps))} - {a for a, _ in pairs}),
            sorted({*range(overlaps.shape[1])} - {b for _, b in pairs}))


def _dropped_before(overlaps, least):
    return link(np.where(overlaps >= least, overlaps, 0), max(least, 1e-12))


def _overlaps(rows, columns, least):
    def case(rng):
        drawn = rng.random((rows, columns)) * (rng.random((rows, columns)) > 0.4)
        return np.round(drawn, 3), least
    return case


LINK = Exercise(
    link,
    cases=[_overlaps(4, 4, 0.3), _overlaps(3, 5, 0.2), _overlaps(6, 2, 0.1), _overlaps(1, 1, 0.5),
           (np.array([[0.8, 0.7], [0.7, 0.1]]), 0.3), (np.array([[0.3, 0.0], [0.9, 0.2]]), 0.3),
           (np.array([[0.3]]), 0.3), (np.array([[0.1, 0.05, 0.2]]), 0.3), _overlaps(7, 7, 0.5),
           (np.array([[-0.1, 0.6], [0.5, 0.0]]), 0.4),
           (np.array([[0.5, 0.29], [0.29, 0.0]]), 0.3)],
    hints=["linear_sum_assignment looks for the least sum; you want the largest.",
           "Drop a pair only after the assignment, where overlaps[a, b] < least.",
           "What is in no pair: set(range(n)) minus those that are."],
    returns=("pairs", "new", "unseen"),
    mistakes={
        "the largest overlap is taken first, then the next: the sum is not the largest":
            _nearest_first,
        "each detection takes its best track, also one that is taken": _best_for_each,
        "the sum of the overlaps is made as small as possible": _least_overlap,
        "a pair that overlaps by exactly `least` is dropped": lambda overlaps, least:
            link(overlaps, np.nextafter(least, 2)),
        "pairs that overlap too little stay": lambda overlaps, least: link(overlaps, -1),
        "what overlaps too little is dropped before the assignment: the sum is another":
            _dropped_before,
        "new and unseen have changed places": lambda overlaps, least: (
            link(overlaps, least)[0], *link(overlaps, least)[:0:-1]),
        "rows and columns are swapped in the result": lambda overlaps, least: (
            [(b, a) for a, b in link(overlaps, least)[0]], *link(overlaps, least)[1:]),
    },
)


def _system(n, m):
    def case(rng):
        P, Q, R = (a @ a.T + np.eye(len(a)) for a in (
            rng.normal(size=(k, k)) for k in (n, n, m)))
        F = np.eye(n) + rng.normal(size=(n, n)) * 0.3
        return rng.normal(size=n), P, rng.normal(size=m), F, rng.normal(size=(m, n)), Q, R
    return case


def _without_prediction(x, P, z, F, H, Q, R):
    return kalman_step(x, P, z, np.eye(len(x)), H, 0 * Q, R)


def _covariance(P, H, R):
    """What an update leaves of P."""
    return P - P @ H.T @ np.linalg.inv(H @ P @ H.T + R) @ H @ P


def _never_surer(x, P, z, F, H, Q, R):
    return kalman_step(x, P, z, F, H, Q, R)[0], np.diag(F @ P @ F.T + Q)


def _turned(x, P, z, F, H, Q, R):
    still = np.eye(len(x))
    return kalman_step(F @ x, F.T @ P @ F, z, still, H, Q, R)


KALMAN_STEP = Exercise(
    kalman_step,
    cases=[_system(2, 1), _system(4, 2), _system(3, 3), _system(1, 1), _system(7, 4),
           (np.zeros(2), np.eye(2), np.array([3.0]), np.array([[1.0, 1], [0, 1]]),
            np.array([[1.0, 0]]), np.zeros((2, 2)), np.array([[1.0]]))],
    hints=["Predict first: x = F @ x, and P = F @ P @ F.T + Q.",
           "gain = P @ H.T @ np.linalg.inv(H @ P @ H.T + R), with the new P.",
           "What z adds: gain @ (z - H @ x). What it takes off P: gain @ H @ P.",
           "The variances are the diagonal of P: np.diag(P)."],
    returns=("x", "variances"),
    mistakes={
        "the prediction is left out": _without_prediction,
        "the update comes before the prediction": lambda x, P, z, F, H, Q, R: (
            F @ kalman_step(x, P, z, np.eye(len(x)), H, 0 * Q, R)[0],
            np.diag(F @ _covariance(P, H, R) @ F.T + Q)),
        "Q is forgotten: the filter grows too sure of itself":
            lambda x, P, z, F, H, Q, R: kalman_step(x, P, z, F, H, 0 * Q, R),
        "R is forgotten: it believes whatever it sees":
            lambda x, P, z, F, H, Q, R: kalman_step(x, P, z, F, H, Q, 1e-12 * R),
        "P is not made smaller by what was seen": _never_surer,
        "F and its transpose change places in P": _turned,
    },
)


def _every_change(frames):
    known, count = {}, 0
    for pairs in frames:
        count += sum(track not in known.setdefault(person, {track})
                     for person, track in pairs.items())
        for person, track in pairs.items():
            known[person].add(track)
    return count


def _neighbours_only(frames):
    return sum(before[person] != track for before, pairs in zip(frames, frames[1:], strict=False)
               for person, track in pairs.items() if person in before)


def _against_the_first(frames):
    first, count = {}, 0
    for pairs in frames:
        for person, track in pairs.items():
            count += first.setdefault(person, track) != track
    return count


def _with_gaps(frames):
    last, before, count = {}, {}, 0
    for pairs in frames:
        for person, track in pairs.items():
            count += person in last and (last[person] != track or person not in before)
            last[person] = track
        before = pairs
    return count


def _walks(frames, people, change):
    def case(rng):
        names, made = list(range(people)), []
        for _ in range(frames):
            if rng.random() < change:
                names[rng.integers(people)] = int(rng.integers(people + 2))
            made.append({p: names[p] for p in range(people) if rng.random() < 0.8})
        return (made,)
    return case


SWITCHES = Exercise(
    switches,
    cases=[_walks(12, 3, 0.4), _walks(30, 5, 0.3), ([{1: 7}, {}, {1: 8}],),
           ([{1: 7}, {1: 8}, {1: 7}],), ([{1: 7}, {}, {1: 7}],), ([],), ([{}, {2: -1}],),
           ([{2: -1}, {2: 5}],),
           ([{0: 0}, {0: 0, 1: 1}, {0: 1, 1: 0}],), _walks(20, 1, 0.9)],
    hints=["Remember for each person the last track they had, however long ago that was.",
           "A person seen for the first time switches nothing."],
    mistakes={
        "a person who was out of sight in between is forgotten": _neighbours_only,
        "every frame with another track than the first counts": _against_the_first,
        "to go back to an old track is no switch": _every_change,
        "to be seen again counts, too, though the track is the same": _with_gaps,
        "to be seen for the first time counts": lambda frames: switches(frames) + len(
            {person for pairs in frames for person in pairs}),
    },
)

LOWEST_RATE = Exercise(
    lowest_rate,
    cases=[(10, 50, 0.3), (40, 50, 0.3), (10, 120, 0.45), (12.5, 31, 0.1), (8, 8, 0.0),
           (1, 3, 0.9), (100, 1, 0.25)],
    hints=["Between two frames the person moves speed / rate pixels.",
           "Two boxes of the same height, shifted by d: they share width - d, and cover width + d.",
           "Solve (width - d) / (width + d) = least for d."],
    mistakes={
        "the union is taken as one width": lambda width, speed, least:
            speed / (width * (1 - least)),
        "the union is taken as two widths": lambda width, speed, least:
            speed / (width * (1 - 2 * least)),
        "it asks only that the boxes touch": lambda width, speed, least: speed / width,
        "the two sides of the fraction are swapped": lambda width, speed, least:
            speed * (1 - least) / (width * (1 + least)),
    },
)
