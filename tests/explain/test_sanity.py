"""A map must point at the object, and depend on the weights."""

import numpy as np
import pytest
from scipy import stats

from tests.explain.networks import BOTH, ENGINES, flat, folding
from vidlearn import explain

OBJECT = np.zeros((6, 8), bool)
OBJECT[2:4, 3:6] = True


@pytest.mark.parametrize("at, tolerance, hit", [
    ((2, 3), 0, 1), ((3, 5), 0, 1), ((4, 5), 0, 0), ((3, 6), 0, 0), ((1, 3), 0, 0),
    ((4, 5), 1, 1), ((4, 6), 1, 0), ((4, 6), 1.5, 1), ((3, 2), 1, 1), ((0, 4), 2, 1),
])
def test_a_hit_is_within_the_tolerance(at, tolerance, hit):
    heat = np.zeros((6, 8)) - 3
    heat[at] = -1
    assert explain.pointing(heat, OBJECT, tolerance) == hit


def test_a_flat_map_points_as_well_as_chance():
    assert explain.pointing(np.zeros((6, 8)), OBJECT) == OBJECT.mean()
    two = np.zeros((6, 8))
    two[2, 3] = two[5, 7] = 1
    assert explain.pointing(two, OBJECT) == 0.5


def test_in_a_clip_the_tolerance_stays_within_the_frame():
    mask, heat = np.zeros((3, 6, 8), bool), np.zeros((3, 6, 8))
    mask[1], heat[1, 2, 2] = OBJECT, 1
    assert explain.pointing(heat, mask, 1) == 1
    assert explain.pointing(np.roll(heat, 1, axis=0), mask, 9) == 0      # nothing in that frame


@pytest.mark.parametrize("mask", [OBJECT[:5], np.zeros((6, 8), bool)])
def test_a_mask_of_another_shape_or_empty_is_refused(mask):
    with pytest.raises(ValueError, match="need one shape, and the object at least one pixel"):
        explain.pointing(np.zeros((6, 8)), mask)


@pytest.mark.parametrize("different", [3, 1000])
def test_rank_correlation_is_that_of_scipy(different):
    rng = np.random.default_rng(different)
    for _ in range(20):
        a, b = rng.integers(0, different, (2, 5, 7)) / different
        expected = stats.spearmanr(a.ravel(), b.ravel()).statistic
        assert explain.rank_correlation(a, b) == pytest.approx(expected, abs=1e-12)
        assert explain.rank_correlation(a, np.exp(a)) == pytest.approx(1)
        assert explain.rank_correlation(a, -a) == pytest.approx(-1)


def test_a_flat_map_agrees_with_nothing_and_shapes_must_agree():
    assert explain.rank_correlation(np.ones((2, 3)), np.arange(6).reshape(2, 3)) == 0.0
    with pytest.raises(ValueError, match="need one shape"):
        explain.rank_correlation(np.ones((2, 3)), np.ones((3, 2)))


@BOTH
def test_the_cascade_replaces_weights_from_the_output_down_and_restores_them(engine):
    model = flat(engine)
    before = engine.state(model)
    states = explain.cascade(model, engine, engine.state, seed=4)
    assert list(states) == ["", "6", "2", "0"]
    changed = [[name for name in before if (state[name] != before[name]).all()]
               for state in states.values()]
    assert [len(names) for names in changed] == [0, 2, 4, 6]
    assert set(changed[1]) == {"6.weight", "6.bias"} and "0.weight" not in changed[2]
    after = engine.state(model)
    assert all((after[name] == value).all() for name, value in before.items())


def test_the_cascade_is_the_same_on_both_engines_and_keeps_the_scale_of_a_layer():
    ours, theirs = (explain.cascade(folding(engine), engine, engine.state) for engine in ENGINES)
    for layer, state in ours.items():
        for name, value in state.items():
            np.testing.assert_allclose(value, theirs[layer][name], atol=1e-12)
    drawn, own = ours["encoder.3"]["encoder.3.weight"], ours[""]["encoder.3.weight"]
    assert np.sqrt((drawn ** 2).mean()) == pytest.approx(np.sqrt((own ** 2).mean()), rel=0.3)
    scale = "encoder.1.weight"                         # of batch norm: not a layer of its own
    assert (ours["encoder.0"][scale] == ours[""][scale]).all()


def test_the_weights_are_restored_even_if_make_map_fails():
    model, looks = flat(ENGINES[0]), []

    def look(model):
        looks.append(1)
        if len(looks) == 3:
            raise KeyError("no more")
    before = ENGINES[0].state(model)
    with pytest.raises(KeyError):
        explain.cascade(model, ENGINES[0], look)
    assert all((v == before[k]).all() for k, v in ENGINES[0].state(model).items())
