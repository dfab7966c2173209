"""An alarm's scores against scikit-learn, ties and 0/0 included; intervals against SciPy."""

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics as oracle
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import GroupKFold

from vidlearn.datasets.split import group_folds
from vidlearn.evaluation.metrics import (
    auc,
    average_precision,
    bootstrap,
    confusion_at,
    pr_curve,
    rates,
    roc_curve,
)

ALARMS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60).filter(
    lambda rows: len({label for _, label in rows}) == 2)       # few different scores: many ties


def columns(rows):
    scores, labels = np.array(rows, int).T
    return scores / 6, labels


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=40),
       st.floats(-0.2, 1.2))
def test_one_threshold_agrees_with_scikit_learn(rows, threshold):
    scores, labels = columns(rows)
    answers = (scores >= threshold).astype(int)
    matrix = confusion_at(scores, labels, threshold)
    np.testing.assert_array_equal(matrix, oracle.confusion_matrix(labels, answers, labels=[0, 1]))
    accuracy, *ours = rates(matrix)
    theirs = oracle.precision_recall_fscore_support(labels, answers, average="binary",
                                                    zero_division=0)[:3]
    np.testing.assert_allclose(ours, theirs, atol=1e-12)
    assert accuracy == pytest.approx(oracle.accuracy_score(labels, answers), abs=1e-12)


@given(ALARMS)
def test_the_curves_agree_with_scikit_learn(rows):
    scores, labels = columns(rows)
    precision, recall, thresholds = pr_curve(scores, labels)
    theirs = oracle.precision_recall_curve(labels, scores)
    for ours, other in zip((precision, recall, thresholds[1:]), theirs, strict=True):
        np.testing.assert_allclose(ours, other[::-1], atol=1e-12)
    curve = roc_curve(scores, labels)
    for ours, other in zip(curve, oracle.roc_curve(labels, scores, drop_intermediate=False),
                           strict=True):
        np.testing.assert_allclose(ours, other, atol=1e-12)
    assert auc(*curve[:2]) == pytest.approx(oracle.roc_auc_score(labels, scores), abs=1e-12)
    assert average_precision(scores, labels) == pytest.approx(
        oracle.average_precision_score(labels, scores), abs=1e-12)


def test_every_point_of_the_curves_is_a_confusion_matrix():
    rng = np.random.default_rng(0)
    scores, labels = rng.integers(0, 9, 50), rng.integers(0, 2, 50)
    precision, recall, thresholds = pr_curve(scores, labels)
    false_alarms, found, same = roc_curve(scores, labels)
    np.testing.assert_array_equal(thresholds, same)
    for k, threshold in enumerate(thresholds[1:], 1):
        matrix = confusion_at(scores, labels, threshold)
        assert rates(matrix)[1:3] == pytest.approx((precision[k], recall[k]))
        assert found[k] == recall[k]
        assert false_alarms[k] == pytest.approx(matrix[0, 1] / matrix[0].sum())


def test_zero_divided_by_zero_is_zero():
    assert rates([[950, 0], [50, 0]]) == (0.95, 0, 0, 0)
    assert rates(np.zeros((2, 2), int)) == (0, 0, 0, 0)
    assert pr_curve([0.5], [1])[0].tolist() == [1, 1]          # before the first yes


@pytest.mark.parametrize("call, match", [
    (lambda: pr_curve([0.1, 0.2], [0, 0]), "none of 2 labels is 1"),
    (lambda: roc_curve([0.1, 0.2], [1, 1]), "none of 2 labels is 0"),
    (lambda: confusion_at([0.1], [2], 0), "each label 0 or 1"),
    (lambda: confusion_at([0.1, 0.2], [1], 0), r"scores \(2,\) and labels \(1,\)"),
    (lambda: average_precision([np.nan, 1], [0, 1]), "1 of 2 scores are NaN"),
    (lambda: bootstrap(np.mean, [1, 2], groups=[1]), "each needs one row a clip"),
])
def test_what_cannot_be_scored_is_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call()


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_bootstrap_agrees_with_scipy(confidence):
    x = np.random.default_rng(1).exponential(size=80)
    ours = bootstrap(np.mean, x, rounds=4000, confidence=confidence)
    theirs = scipy.stats.bootstrap((x,), np.mean, n_resamples=4000, method="percentile",
                                   confidence_level=confidence,
                                   rng=np.random.default_rng(2)).confidence_interval
    width = theirs.high - theirs.low
    np.testing.assert_allclose(ours, theirs, atol=0.05 * width)


def test_columns_are_resampled_together():
    x = np.arange(40.0)
    assert bootstrap(lambda a, b: np.abs(a - b).max(), x, x, rounds=20) == (0, 0)


def test_a_source_is_resampled_whole():
    groups = np.tile(["b", "a", "c"], 4)
    def whole(drawn):
        counts = np.unique(drawn, return_counts=True)[1]
        return float((counts % 4 == 0).all() and len(drawn) == 12)
    assert bootstrap(whole, groups, groups=groups, rounds=50) == (1, 1)
    assert bootstrap(whole, groups, rounds=50)[0] == 0


def test_copies_of_a_clip_narrow_no_interval():
    right = np.random.default_rng(3).integers(0, 2, 60)
    copies, source = np.repeat(right, 10), np.repeat(np.arange(60), 10)
    once = np.diff(bootstrap(np.mean, right))[0]
    honest = np.diff(bootstrap(np.mean, copies, groups=source))[0]
    careless = np.diff(bootstrap(np.mean, copies))[0]
    assert honest == pytest.approx(once, rel=0.1)
    assert careless < 0.5 * honest


@pytest.mark.parametrize("k", [2, 3, 5])
def test_folds_are_as_large_as_scikit_learns(k):
    groups = np.random.default_rng(k).integers(0, 12, 100)
    theirs = GroupKFold(k).split(np.zeros(100), groups=groups)
    assert (sorted(len(test) for _, test in group_folds(groups, k))
            == sorted(len(test) for _, test in theirs))
