"""Every metric against scikit-learn, and the edge cases by hand."""

import numpy as np
import pytest
import sklearn.metrics as oracle
import torch
from hypothesis import given
from hypothesis import strategies as st

from vidlearn.engine import Engine
from vidlearn.evaluation.result import Result, evaluate, pooled, wilson


def result(n=60, classes=5, seed=0, missing=()):
    rng = np.random.default_rng(seed)
    labels = rng.choice([c for c in range(classes) if c not in missing], n)
    return Result(rng.normal(size=(n, classes)), labels, tuple("abcdefgh"[:classes]))


@given(st.integers(1, 40), st.integers(2, 6), st.integers(0, 99))
def test_every_score_agrees_with_scikit_learn(n, classes, seed):
    r = result(n, classes, seed)
    kinds = range(classes)
    np.testing.assert_array_equal(
        r.confusion, oracle.confusion_matrix(r.labels, r.predictions, labels=kinds))
    ours = r.precision, r.recall, r.f1
    theirs = oracle.precision_recall_fscore_support(
        r.labels, r.predictions, labels=kinds, zero_division=0)
    for a, b in zip(ours, theirs, strict=False):
        np.testing.assert_allclose(a, b, atol=1e-12)
    assert r.accuracy == pytest.approx(
        oracle.accuracy_score(r.labels, r.predictions))
    for how, score in ("macro", r.macro_f1), ("micro", r.micro_f1):
        assert score == pytest.approx(oracle.f1_score(
            r.labels, r.predictions, average=how, labels=kinds, zero_division=0))
    assert r.loss == pytest.approx(oracle.log_loss(r.labels, r.probabilities, labels=kinds))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_top_k_agrees_with_scikit_learn(k):
    r = result()
    assert r.top_k(k) == pytest.approx(
        oracle.top_k_accuracy_score(r.labels, r.scores, k=k, labels=range(5)))


def test_a_tie_goes_to_the_first_class():
    r = Result(np.zeros((2, 3)), np.array([0, 2]), ("a", "b", "c"))
    assert r.predictions.tolist() == [0, 0] and r.top_k(1) == 0.5


def test_top_k_asks_for_a_k_that_exists():
    assert result().top_k(5) == 1
    with pytest.raises(ValueError, match="k must be 1 to 5"):
        result().top_k(6)


def test_a_class_never_predicted_has_precision_0():
    r = Result(np.eye(3)[[0, 0]], np.array([0, 1]), ("a", "b", "c"))
    assert r.precision.tolist() == [0.5, 0, 0] and r.recall.tolist() == [1, 0, 0]


def test_wilson_gives_the_published_interval():
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)   # Newcombe 1998, table I
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)
    assert wilson(20, 20)[1] == 1


def test_softmax_of_huge_scores_is_finite():
    huge = Result(np.array([[1e4, 1e4, -1e4]]), np.array([0]), ("a", "b", "c"))
    np.testing.assert_allclose(huge.probabilities, [[.5, .5, 0]])
    np.testing.assert_allclose(huge.loss, np.log(2))


def test_rows_name_each_clip_with_its_prediction():
    r = Result(np.array([[2.0, 0.0], [3.0, 0.0]]), np.array([0, 1]), ("go", "stop"), ("x", "y"))
    assert [row[:3] for row in r.rows()] == [("x", "go", "go"), ("y", "stop", "go")]
    assert r.rows()[0][3] == pytest.approx(1 / (1 + np.exp(-2)))


def test_folds_are_pooled_clip_by_clip():
    parts = result(10, seed=1), result(30, seed=2)
    both = pooled(parts)
    assert len(both) == 40
    assert both.accuracy == pytest.approx((10 * parts[0].accuracy + 30 * parts[1].accuracy) / 40)


class Brightness:
    """Six clips whose class is whether they are bright."""

    classes = ("dark", "bright")

    def __len__(self):
        return 6

    def __getitem__(self, i):
        return np.full((3, 2, 4, 4), i / 5, np.float32), int(i > 2)


def test_evaluate_runs_the_model_in_order_and_in_evaluation_mode():
    class Rule(torch.nn.Module):
        def forward(self, clips):
            assert not self.training and not torch.is_grad_enabled()
            light = clips.mean((1, 2, 3, 4)) - 0.5
            return torch.stack([-light, light], 1)

    r = evaluate(Rule(), Brightness(), Engine("torch"), batch=4)
    assert r.accuracy == 1 and r.labels.tolist() == [0, 0, 0, 1, 1, 1]
    np.testing.assert_allclose(r.scores[:, 1], np.linspace(-.5, .5, 6), atol=1e-6)


def test_copies_of_a_clip_are_worth_one():
    once = result(80, seed=3)
    twice = Result(np.repeat(once.scores, 2, 0), np.repeat(once.labels, 2), once.classes,
                   groups=tuple(np.repeat(np.arange(80), 2)))
    assert twice.accuracy == once.accuracy and twice.worth == pytest.approx(79)
    assert twice.interval() == pytest.approx(once.interval(), abs=5e-3)
    assert "% interval by 80 groups " in str(twice) and "groups" not in str(once)


def test_the_interval_by_groups_holds_what_it_promises():
    rng, held, missed = np.random.default_rng(0), 0, 0
    for _ in range(400):
        chance = np.repeat(rng.beta(3, 2, 30), 12)       # films are hard or easy: 0.6 on average
        right = rng.random(360) < chance
        scores = np.where(right[:, None], [[1.0, 0.0]], [[0.0, 1.0]])
        labels, films = np.zeros(360, int), tuple(np.repeat(np.arange(30), 12))
        low, high = Result(scores, labels, ("a", "b"), groups=films).interval()
        held += low <= 0.6 <= high
        low, high = Result(scores, labels, ("a", "b")).interval()
        missed += not low <= 0.6 <= high
    assert 0.92 < held / 400 < 0.98 and missed / 400 > 0.2            # which films are ignored


@pytest.mark.parametrize("right", [0, 20])
def test_where_all_or_none_is_right_each_group_counts_once(right):
    labels = np.array([0] * right + [1] * (20 - right))
    r = Result(np.tile([1.0, 0.0], (20, 1)), labels, ("a", "b"), groups=tuple("aabbccddee" * 2))
    low, high = r.interval()
    assert r.worth == 5 and (low == 0 if right == 0 else high == 1)
    assert high - low > np.diff(wilson(right / 4, 5))[0] > 0.4


def test_groups_go_with_the_folds():
    parts = [Result(np.eye(2), np.array([0, 1]), ("a", "b"), groups=(k, k)) for k in "xy"]
    assert pooled(parts).groups == ("x", "x", "y", "y")
    with pytest.raises(ValueError, match="0 names and 1 groups"):
        Result(np.eye(2), np.array([0, 1]), ("a", "b"), groups=("x",))
