"""The widget of lesson 14: its maps are those of vidlearn.explain."""

import numpy as np
import pytest

from vidlearn import explain
from vidlearn.datasets.shapes import CLASSES, shapes
from vidlearn.engine import Engine
from vidlearn.show import attribution_maps, draw
from vidlearn.show.widgets.grad_cam import METHODS, SCALE

DATA = shapes(6, seed=1)
SIDE = 32 * SCALE                                     # pixels of a tile


def random_network(engine, seed=0):
    """A network of random weights."""
    nn, rng = engine.nn, np.random.default_rng(seed)
    model = engine.to(nn.Sequential(nn.Conv2d(3, 4, 3, 2, padding=1), nn.ReLU(),
                                    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 4)))
    engine.load(model, {name: rng.normal(size=value.shape)
                        for name, value in engine.state(model).items()})
    return model


@pytest.fixture(params=["scratch", "torch"])
def engine(request):
    return Engine(request.param, dtype="float64")


def tile(picture, number):
    return picture[-SIDE:, number * (SIDE + 24):number * (SIDE + 24) + SIDE]


def test_grad_cam_is_that_of_the_package_and_its_maximum_is_framed(engine):
    model = random_network(engine)
    draws = attribution_maps(model, engine, DATA, layer="1")
    for k in range(6):
        x, _ = DATA.batch([k])
        heat, label = explain.grad_cam(model, model[1], x[0], engine)
        picture, line = draws(picture=k)
        assert picture.shape[1] <= 800
        where = "on the thing" if explain.pointing(heat, DATA.masks[k]) == 1 else "beside it"
        assert line == f"says {CLASSES[label]}, asked about {CLASSES[label]}: brightest {where}"
        assert (tile(picture, 1) == draw.heat(heat, SCALE, "inferno", 0)).all()
        rows, columns = np.nonzero((tile(picture, 2) == draw.SKY).all(2))
        y, x = np.unravel_index(heat.argmax(), heat.shape)
        first = max(0, y * SCALE - 4), max(0, x * SCALE - 4)
        np.testing.assert_allclose((rows.min(), columns.min()), first, atol=1)


@pytest.mark.parametrize("method", METHODS)
def test_each_method_and_label_has_a_picture_of_its_own(engine, method):
    draws = attribution_maps(random_network(engine), engine, DATA, layer="1")
    pictures = [draws(0, method, label)[0] for label in CLASSES]
    assert "asked about ring" in draws(0, method, "ring")[1]
    assert any((p != pictures[0]).any() for p in pictures[1:])
    others = [draws(0, name, "ring")[0] for name in METHODS if name != method]
    assert all((draws(0, method, "ring")[0] != other).any() for other in others)


def test_the_mask_has_its_bounding_box(engine):
    left = tile(attribution_maps(random_network(engine), engine, DATA, layer="1")(2)[0], 0)
    rows, columns = np.nonzero((left == draw.SKY).all(2))
    there = np.argwhere(DATA.masks[2])
    first, last = there.min(0) * SCALE, (there.max(0) + 1) * SCALE
    np.testing.assert_allclose((rows.min(), columns.min()), first, atol=1)
    np.testing.assert_allclose((rows.max() + 1, columns.max() + 1), last, atol=1)


def test_new_random_weights_change_the_map_and_not_the_model(engine):
    model = random_network(engine)
    before = engine.state(model)
    draws = attribution_maps(model, engine, DATA, layer="1", seed=3)
    maps = [m for m in explain.cascade(random_network(engine), engine, lambda m: explain.saliency(
        m, DATA.batch([0])[0][0], engine, 1)[0], seed=3).values()]
    for redrawn, heat in enumerate(maps[1:], 1):
        line = draws(0, "saliency", "ring", redrawn=redrawn)[1]
        assert line.endswith(f"trained map {explain.rank_correlation(maps[0], heat):.2f}")
    assert draws(0, "saliency", "ring", redrawn=99)[1] == line      # past the end: all layers
    assert "trained map" not in draws(0, "saliency", "ring")[1]
    assert all((value == before[name]).all() for name, value in engine.state(model).items())


def test_with_new_weights_the_label_is_that_of_the_trained_model(engine):
    model = random_network(engine)
    draws = attribution_maps(model, engine, DATA, layer="1", seed=3)
    for k in range(6):
        asked = draws(k)[1].split("asked about ")[1].split(":")[0]
        assert all(f"asked about {asked}:" in draws(k, redrawn=n)[1] for n in (1, 2))


def test_the_whole_square_of_occlusion_is_framed(engine):
    model = random_network(engine)
    picture, _ = attribution_maps(model, engine, DATA, layer="1")(0, "occlusion", "ring")
    fall = explain.occlusion(model, DATA.batch([0])[0][0], engine, 1, (4, 4))
    row, column = np.unravel_index(fall.argmax(), fall.shape)
    rows, columns = np.nonzero((tile(picture, 2) == draw.SKY).all(2))
    for pixels, square in ((rows, row), (columns, column)):
        ends = max(0, square * 4 * SCALE - 4), min(SIDE, (square + 1) * 4 * SCALE + 4)
        np.testing.assert_allclose((pixels.min(), pixels.max() + 1), ends, atol=1)


def test_an_empty_map_is_black_and_nothing_of_it_is_framed(engine):
    model = random_network(engine)
    state = {name: 0 * value for name, value in engine.state(model).items()}
    engine.load(model, state)
    picture, line = attribution_maps(model, engine, DATA, layer="1")(picture=0)
    assert line.endswith("the map is empty")
    assert (tile(picture, 1) == draw.heat(np.zeros((32, 32)), SCALE, "inferno", 0, 1)).all()
    assert not (tile(picture, 2) == draw.SKY).all(2).any()
