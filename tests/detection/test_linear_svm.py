"""The linear SVM: its loss and gradient against PyTorch, its plane against scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.metrics import hinge_loss as their_hinge_loss
from sklearn.svm import LinearSVC

from vidlearn.checks import ArgumentError
from vidlearn.detection.linear_svm import LinearSVM, fit_linear_svm, hinge_loss, svm_objective


def two_clouds(seed, count=60, features=5, apart=1.0):
    rng = np.random.default_rng(seed)
    labels = np.where(rng.permutation(count) < count // 3, 1, -1)
    return rng.normal(size=(count, features)) + apart * labels[:, None], labels


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_the_loss_and_its_gradient_are_pytorchs(seed, squared):
    rng = np.random.default_rng(seed)
    scores, labels = rng.normal(size=40) * 2, rng.choice([-1, 1], 40)
    theirs = torch.tensor(scores, requires_grad=True)
    loss = torch.nn.functional.margin_ranking_loss(
        theirs, torch.zeros(40), torch.tensor(labels), margin=1, reduction="none")
    loss = loss ** 2 if squared else loss
    loss.sum().backward()
    ours, dscores = hinge_loss(scores, labels, squared)
    np.testing.assert_allclose(ours, loss.detach(), atol=1e-10)
    np.testing.assert_allclose(dscores, theirs.grad, atol=1e-10)
    if not squared:
        assert ours.mean() == pytest.approx(their_hinge_loss(labels, scores), abs=1e-10)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_objective_and_its_gradient_are_pytorchs(squared, weighted):
    features, labels = two_clouds(3)
    rng = np.random.default_rng(0)
    importance = rng.random(len(labels)) if weighted else None
    weight, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True)
                    for value in (rng.normal(size=5), 0.3))
    scores = torch.tensor(features) @ weight + bias
    loss = torch.clamp(1 - torch.tensor(labels) * scores, min=0) ** (1 + squared)
    loss = loss if importance is None else loss * torch.tensor(importance)
    objective = (weight @ weight + bias ** 2) / 2 + 0.7 * loss.sum()
    objective.backward()
    ours = svm_objective(weight.detach().numpy(), 0.3, features, labels, 0.7, importance, squared)
    for mine, his in zip(ours, (objective.detach(), weight.grad, bias.grad), strict=True):
        np.testing.assert_allclose(mine, his, atol=1e-10)


def test_at_the_kink_the_gradient_is_0():
    loss, dscores = hinge_loss([1.0, -1.0], [1, -1])
    assert loss.tolist() == [0, 0]
    assert dscores.tolist() == [0, 0]


@pytest.mark.parametrize("apart", [0.1, 1.0, 4.0])
@pytest.mark.parametrize("C", [0.01, 1.0, 30.0])
def test_the_plane_is_scikit_learns(apart, C):
    features, labels = two_clouds(1, apart=apart)
    ours = fit_linear_svm(features, labels, C, steps=20_000, tolerance=1e-12)
    theirs = LinearSVC(C=C, tol=1e-10, max_iter=100_000).fit(features, labels)
    np.testing.assert_allclose(ours.weight, theirs.coef_[0], atol=1e-5)
    assert ours.bias == pytest.approx(theirs.intercept_[0], abs=1e-5)
    here, there = (svm_objective(weight, bias, features, labels, C)[0] for weight, bias in (
        ours, (theirs.coef_[0], float(theirs.intercept_[0]))))
    assert here <= there + 1e-9
    np.testing.assert_allclose(ours.decision_function(features),
                               theirs.decision_function(features), atol=1e-4)


def test_the_importance_of_samples_is_scikit_learns():
    features, labels = two_clouds(2, count=41, features=3)
    importance = np.random.default_rng(0).random(41)
    importance[:4] = 0
    ours = fit_linear_svm(features, labels, 2.0, importance, steps=20_000, tolerance=1e-12)
    theirs = LinearSVC(C=2.0, tol=1e-10, max_iter=100_000).fit(features, labels, importance)
    np.testing.assert_allclose(ours.weight, theirs.coef_[0], atol=1e-6)


def test_more_features_than_samples():
    features, labels = two_clouds(4, count=12, features=50)
    ours = fit_linear_svm(features, labels, tolerance=1e-6)
    assert (np.sign(ours.decision_function(features)) == labels).all()


def test_the_data_stay_as_they_are():
    features, labels = two_clouds(5)
    before = features.copy(), labels.copy()
    fit_linear_svm(features, labels)
    assert (features == before[0]).all() and (labels == before[1]).all()


def test_all_zero_importance_leaves_the_plane_at_0():
    features, labels = two_clouds(5)
    plane = fit_linear_svm(features, labels, sample_weight=np.zeros(len(labels)))
    assert plane.bias == 0 and not plane.weight.any()


@pytest.mark.parametrize("features, labels, options, words", [
    (np.ones((3, 2)), [0, 1, 1], {}, "-1 or 1: of 0 and 1"),
    (np.ones((3, 2)), [1, 1, 1], {}, "one class only"),
    (np.ones((3, 2)), [1, -1], {}, "labels must be 3"),
    (np.full((2, 2), np.nan), [1, -1], {}, "NaN or infinite"),
    (np.ones((2, 2)), [1, -1], {"sample_weight": [1, -1]}, "2 numbers of 0 or more"),
    (np.ones((2, 2)), [1, -1], {"sample_weight": [1.0]}, "2 numbers of 0 or more"),
    (np.ones((2, 2)), [1, -1], {"C": 0}, "C must be")])
def test_data_that_no_plane_can_be_fitted_to_are_refused(features, labels, options, words):
    with pytest.raises(ArgumentError, match=words):
        fit_linear_svm(features, labels, **options)


def test_the_score_is_the_side_of_the_plane():
    plane = LinearSVM(np.array([1.0, -2.0]), 0.5)
    assert plane.decision_function(np.array([[1, 1], [3, 1]])).tolist() == [-0.5, 1.5]


@pytest.mark.parametrize("C", [0.01, 1.0, 10.0])
def test_the_objective_is_as_near_to_the_smallest_as_was_asked(C):
    """Many more features than samples: the first gradient says nothing of the last."""
    rng = np.random.default_rng(0)
    features, labels = rng.random((60, 900)) * 0.2, np.where(np.arange(60) < 20, 1, -1)
    theirs = LinearSVC(C=C, tol=1e-10, max_iter=100_000).fit(features, labels)
    best = svm_objective(theirs.coef_[0], float(theirs.intercept_[0]), features, labels, C)[0]
    for tolerance in (0.01, 1e-4):
        ours = svm_objective(*fit_linear_svm(features, labels, C, tolerance=tolerance), features,
                             labels, C)[0]
        assert ours <= best * (1 + 1.02 * tolerance)


def test_too_few_steps_are_said():
    features, labels = two_clouds(1)
    with pytest.warns(RuntimeWarning, match="after 2 steps the plane is not yet"):
        fit_linear_svm(features, labels, steps=2)


def test_unsigned_labels_keep_their_sign():
    _, dscores = hinge_loss([0.0, 0.5], np.array([1, 1], np.uint8))
    assert dscores.tolist() == [-1, -1]
