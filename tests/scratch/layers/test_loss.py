"""Losses against PyTorch: its samples, then ties, kinks, wrong targets and refused options."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scratch.torch_samples import agree_by_name, ops_agree
from vidlearn import naive
from vidlearn.scratch import ShapeError, Tensor, UnsupportedOption
from vidlearn.scratch.nn import functional as F

NAMES = ("cross_entropy", "nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss",
         "binary_cross_entropy", "binary_cross_entropy_with_logits", "triplet_margin_loss",
         "margin_ranking_loss", "cosine_embedding_loss")
test_ops = ops_agree({f"nn.functional.{name}": getattr(F, name) for name in NAMES})


@given(st.integers(1, 4), st.integers(2, 5), st.lists(st.integers(1, 3), max_size=3),
       st.sampled_from(["mean", "sum", "none"]), st.floats(0, 1), st.booleans(), st.booleans(),
       st.integers(0, 99))
def test_cross_entropy_of_any_shape_with_all_options_at_once(n, c, places, reduction, smoothing,
                                                             weighted, probabilities, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, c, *places))
    options = {"reduction": reduction, "label_smoothing": smoothing}
    if probabilities:
        target = rng.dirichlet(np.ones(c), (n, *places))
        target = np.ascontiguousarray(np.moveaxis(target, -1, 1))
    else:
        target = rng.integers(0, c, (n, *places))
        target.flat[0], options["ignore_index"] = 1, int(rng.integers(0, c))
        if (target == options["ignore_index"]).all():
            options["ignore_index"] = 0                   # a mean over nothing is nan: see below
    weight = rng.uniform(0.5, 2, c) if weighted else None
    agree_by_name("cross_entropy", [x, target], weight=weight, **options)


@pytest.mark.parametrize("name", ["cross_entropy", "mse_loss", "l1_loss", "triplet_margin_loss",
                                  "binary_cross_entropy_with_logits"])
def test_plain_loops_give_the_same_loss(name):
    arrays = inputs(name)
    expected = getattr(naive, name)(*arrays)
    np.testing.assert_allclose(getattr(F, name)(*arrays).item(), expected, rtol=1e-12)


def test_probability_less_truth_is_the_gradient():
    x = Tensor(np.array([[1.0, 2.0, 3.0]]), requires_grad=True)
    F.cross_entropy(x, np.array([1])).backward()
    probabilities = F.softmax(x.detach(), dim=1).numpy()
    np.testing.assert_allclose(x.grad, probabilities - [[0, 1, 0]], atol=1e-15)


def test_a_class_of_score_minus_infinity_is_only_bad_where_it_is_the_target():
    x = np.array([[0.0, -np.inf, 1.0], [2.0, -np.inf, 0.0]])
    agree_by_name("cross_entropy", [x, np.array([0, 2])])
    assert F.cross_entropy(x, np.array([1, 2])).item() == np.inf


def test_a_mean_over_no_target_at_all_is_nan_as_in_pytorch():
    x, target = Tensor(np.zeros((2, 3)), requires_grad=True), np.full(2, -100)
    loss = F.cross_entropy(x, target)
    loss.backward()
    assert np.isnan(loss.item())
    np.testing.assert_array_equal(x.grad, np.zeros((2, 3)))
    assert F.cross_entropy(x, target, reduction="sum").item() == 0


def test_a_target_that_is_no_class_is_refused():
    for function in (F.cross_entropy, F.nll_loss):
        with pytest.raises(IndexError, match="targets run from -1 to 3, the classes from 0 to 2"):
            function(np.zeros((2, 3)), np.array([-1, 3]))


def test_targets_of_the_wrong_shape_are_refused():
    with pytest.raises(ShapeError, match=r"x is \(2, 3\), target is \(3,\)"):
        F.cross_entropy(np.zeros((2, 3)), np.zeros(3, int))
    with pytest.raises(ShapeError, match=r"x \(2, 3\) and target \(3,\)"):
        F.mse_loss(np.zeros((2, 3)), np.zeros(3))
    with pytest.raises(ShapeError, match=r"one target for each of \(2, 3\), not \(2, 3\)"):
        F.cosine_embedding_loss(np.ones((2, 3)), np.ones((2, 3)), np.ones((2, 3)))


def test_probabilities_cannot_be_ignored_by_number():
    with pytest.raises(ValueError, match="ignore_index needs class numbers"):
        F.cross_entropy(np.zeros((2, 3)), np.ones((2, 3)), ignore_index=1)


@pytest.mark.parametrize("name", NAMES)
def test_another_reduction_is_refused(name):
    with pytest.raises(ValueError, match="not 'batchmean'"):
        getattr(F, name)(*inputs(name), reduction="batchmean")


@pytest.mark.parametrize("option", ["size_average", "reduce"])
@pytest.mark.parametrize("name", sorted({*NAMES} - {"huber_loss"}))       # it never had them
def test_old_options_of_pytorch_are_refused_by_name(name, option):
    with pytest.raises(UnsupportedOption, match=option):
        getattr(F, name)(*inputs(name), **{option: True})


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "huber_loss"])
def test_weights_of_single_errors_are_refused_by_name(name):
    with pytest.raises(UnsupportedOption, match=f"{name}: weight"):
        getattr(F, name)(*inputs(name), weight=np.ones((2, 3)))


def test_kinks():
    error = np.array([-2.0, -1.0, -0.0, 0.0, 1.0, 2.0])
    agree_by_name("l1_loss", [error, np.zeros(6)])
    agree_by_name("smooth_l1_loss", [error, np.zeros(6)])
    agree_by_name("smooth_l1_loss", [error, np.zeros(6)], beta=0.0)


def test_a_negative_beta_is_refused():
    with pytest.raises(ValueError, match="beta must not be negative, it is -1"):
        F.smooth_l1_loss(np.ones(2), np.ones(2), beta=-1)


def test_yes_or_no_from_scores_that_would_overflow():
    x = np.array([-1e3, -40.0, 0.0, 40.0, 1e3])
    for target in (np.zeros(5), np.ones(5), np.full(5, 0.3)):
        agree_by_name("binary_cross_entropy_with_logits", [x, target], reduction="sum")


@pytest.mark.parametrize("name", NAMES)
def test_single_precision_stays_single(name):
    leaf, *others = [Tensor(a.astype(np.float32) if a.dtype.kind == "f" else a)
                     for a in inputs(name)]
    leaf.requires_grad_()
    for reduction in ("mean", "sum", "none"):
        y = getattr(F, name)(leaf, *others, reduction=reduction)
        y.sum().backward()
        assert y.dtype == leaf.grad.dtype == np.float32


def inputs(name):
    """Something that the loss of this name takes."""
    rng = np.random.default_rng(2)
    x, target, third = rng.normal(size=(3, 2, 3))
    return {"cross_entropy": [x, np.array([0, 2])], "nll_loss": [x, np.array([0, 2])],
            "triplet_margin_loss": [x, target, third], "margin_ranking_loss": [x, target, third],
            "binary_cross_entropy": [np.abs(x) / 9, np.abs(target) / 9],
            "cosine_embedding_loss": [x, target, np.array([1.0, -1.0])]}.get(name, [x, target])


def test_the_huber_loss_at_its_bend_and_without_an_error():
    x = np.array([-3.0, -0.5, 0.0, 0.5, 2.0])
    agree_by_name("huber_loss", [x, np.zeros(5)], learn=2, delta=0.5)
    agree_by_name("huber_loss", [x, x], learn=2)
    with pytest.raises(ValueError, match="huber_loss: delta must be more than 0, it is 0"):
        F.huber_loss(x, x, delta=0)


def test_probabilities_of_0_and_1_have_a_finite_loss():
    x, target = np.array([0.0, 1.0, 0.0, 1.0, 0.3]), np.array([1.0, 0.0, 0.0, 1.0, 0.6])
    agree_by_name("binary_cross_entropy", [x, target])
    agree_by_name("binary_cross_entropy", [x, target], reduction="none", weight=np.arange(5.0))
    assert F.binary_cross_entropy(x[:1], target[:1]).item() == 100


@pytest.mark.parametrize("x", [[-0.1], [1.5], [np.nan]])
def test_what_is_no_probability_is_refused(x):
    with pytest.raises(ValueError, match="binary_cross_entropy: x runs .* take a sigmoid first"):
        F.binary_cross_entropy(np.array(x), np.ones(1))


def test_a_ranking_at_its_margin_and_of_broadcast_pairs():
    a, b = np.array([[1.0, 2.0, 3.0]]), np.array([[1.0], [2.0]])
    for target in (np.ones((1, 1)), -np.ones((2, 3))):
        agree_by_name("margin_ranking_loss", [a, b, target], learn=2, margin=1.0)
    with pytest.raises(ShapeError, match="margin_ranking_loss: .* the same number of axes"):
        F.margin_ranking_loss(np.ones(3), np.ones((3, 1)), np.ones(3))
