"""The widget of lesson 06: its counts and points are those of scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics as oracle

from vidlearn.show import draw
from vidlearn.show import threshold as threshold_widget
from vidlearn.show.widgets.measuring import LEFT, SIDE, TALL

RNG = np.random.default_rng(0)
LABELS = (RNG.random(80) < 0.3).astype(int)
SCORES = RNG.random(80) + 0.3 * LABELS
CURVES = {"recall": 242, "rate": 242 + LEFT + SIDE + 12 + 28}     # where each begins, in pixels


def centre_of(picture, left):
    """The middle (x, y) of the red point on a curve, as shares of its square."""
    sheet = picture[:24 + SIDE + 8, left:left + LEFT + SIDE + 12]
    rows, columns = np.nonzero((sheet == draw.RED).all(2))
    return (columns.mean() - LEFT) / (SIDE - 1), 1 - (rows.mean() - 24) / (SIDE - 1)


@pytest.mark.parametrize("threshold", [0.2, 0.6, 0.9])
def test_the_points_stand_where_scikit_learn_says(threshold):
    picture, line = threshold_widget(SCORES, LABELS)(threshold)
    answers = threshold <= SCORES
    (silent, false), (missed, found) = oracle.confusion_matrix(LABELS, answers)
    precision, recall = found / (found + false), found / (found + missed)
    assert line == (f"threshold {threshold:g}: accuracy {(silent + found) / 80:.3f}, precision "
                    f"{precision:.2f}, recall {recall:.2f}, "
                    f"F1 {oracle.f1_score(LABELS, answers):.2f}")
    assert centre_of(picture, CURVES["recall"]) == pytest.approx((recall, precision), abs=0.02)
    rate = false / (false + silent)
    assert centre_of(picture, CURVES["rate"]) == pytest.approx((rate, recall), abs=0.02)


def test_without_alarms_there_is_no_precision_to_mark():
    picture, line = threshold_widget(SCORES, LABELS, start=9.0)()
    assert line.endswith("precision 0.00, recall 0.00, F1 0.00")
    sheet = picture[:24 + SIDE + 8, CURVES["recall"]:CURVES["rate"]]
    assert not (sheet == draw.RED).all(2).any()
    assert centre_of(picture, CURVES["rate"]) == pytest.approx((0, 0), abs=0.02)


@pytest.mark.parametrize("threshold, left, right", [(0.0, False, True), (0.6, True, True),
                                                    (9.0, True, False)])
def test_an_end_is_named_unless_the_threshold_stands_there(threshold, left, right):
    row = threshold_widget(SCORES, LABELS)(threshold)[0][-36:-18] < 255
    assert (row[:, :12].any(), row[:, -12:].any()) == (left, right)


def test_precision_goes_in_steps():
    scores, labels = np.array([4.0, 3, 2, 1]), np.array([1, 0, 0, 1])
    picture = threshold_widget(scores, labels)(0.0)[0][:, CURVES["recall"]:CURVES["rate"]]
    rows, columns = np.nonzero((picture == draw.BLUE).all(2))
    middle = rows[abs(columns - LEFT - 0.75 * SIDE) < 2]       # between recall 0.5 and 1
    assert abs(1 - (middle.mean() - 24) / (SIDE - 1) - 0.5) < 0.02


def test_the_line_moves_right_with_the_threshold():
    draws = threshold_widget(SCORES, LABELS)
    places = []
    for threshold in np.quantile(SCORES, [0.1, 0.5, 0.9]):
        row = draws(float(threshold))[0][-58 - TALL + 21]      # above the highest column
        places.append(np.flatnonzero((row == draw.INK).all(1)).mean() / len(row))
    expected = (np.quantile(SCORES, [0.1, 0.5, 0.9]) - SCORES.min()) / np.ptp(SCORES)
    np.testing.assert_allclose(places, expected, atol=0.01)


def test_every_event_is_drawn():
    scores, labels = np.array([0.0, 0.0, 0.0, 0.0, 1.0]), np.array([0, 0, 0, 0, 1])
    columns = threshold_widget(scores, labels)(0.5)[0][-58 - TALL + 22:-58 + 22]
    left = (columns[:, :12] == draw.FAINT).all(2).any(1).sum()
    right = (columns[:, -12:] == draw.RED).all(2).any(1).sum()
    assert (left, right) == (TALL, TALL / 2)                    # 4 against 1: roots 2 and 1
