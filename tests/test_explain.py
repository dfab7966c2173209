"""Maps that say what a network looked at: by the formula, on both engines, and where they must be.

What is checked by hand: the gradient of a mean is 1 / size everywhere, so Grad-CAM's weight of a
channel that is averaged and then weighed by W is W / size.
"""

import numpy as np
import pytest
import torch

from vidlearn import explain
from vidlearn.engine import Engine

ENGINES = [Engine(name, dtype="float64") for name in ("scratch", "torch")]
BOTH = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
CLIP = np.random.default_rng(0).random((3, 6, 9, 8))


def tiny(engine, stride=1, seed=0):
    """A box, a bend, a mean, a decision; its numbers drawn by NumPy, so alike on both engines."""
    nn, rng = engine.nn, np.random.default_rng(seed)
    model = engine.to(nn.Sequential(nn.Conv3d(3, 4, 3, stride, padding=1), nn.ReLU(),
                                    nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(4, 5)))
    engine.load(model, {name: rng.normal(size=value.shape)
                        for name, value in engine.state(model).items()})
    return model


@BOTH
def test_grad_cam_is_the_formula(engine):
    model = tiny(engine)
    seen = engine.numpy(model[:2](engine.tensor(CLIP[None])))[0]               # (4, T, H, W)
    for label in range(5):
        weight = engine.state(model)["4.weight"][label] / CLIP[0].size
        support = np.maximum(np.einsum("c,cthw->thw", weight, seen), 0)
        there, said = explain.grad_cam(model, model[1], CLIP, engine, label)
        assert said == label and there.shape == CLIP.shape[1:]
        np.testing.assert_allclose(there, support / max(support.max(), 1e-12), atol=1e-8)


def test_grad_cam_says_the_same_on_both_engines():
    models = [tiny(engine, stride=2) for engine in ENGINES]
    (ours, label), (theirs, same) = (
        explain.grad_cam(model, model[0], CLIP, engine)
        for model, engine in zip(models, ENGINES, strict=True))
    assert label == same
    np.testing.assert_allclose(ours, theirs, atol=1e-8)
    assert ours.max() == 1 and ours.min() >= 0


@BOTH
def test_grad_cam_grows_a_small_map_to_the_clip(engine):
    model = tiny(engine, stride=(2, 3, 2))
    small = tiny(ENGINES[1], stride=(2, 3, 2))
    seen = small[:2](torch.from_numpy(CLIP[None]))
    support = (small[4].weight[2][:, None, None, None] * seen[0]).sum(0).relu()
    grown = torch.nn.functional.interpolate(support[None, None], CLIP.shape[1:], mode="trilinear")
    there, _ = explain.grad_cam(model, model[1], CLIP, engine, 2)
    np.testing.assert_allclose(there, (grown / grown.max())[0, 0].detach().numpy(), atol=1e-8)


@BOTH
def test_the_label_is_the_one_of_the_highest_score_unless_given(engine):
    model = tiny(engine)
    scores = engine.numpy(model(engine.tensor(CLIP[None])))
    assert explain.grad_cam(model, model[1], CLIP, engine)[1] == scores.argmax()


@BOTH
@pytest.mark.parametrize("training", [True, False])
def test_the_model_is_left_as_it_was(engine, training):
    model = tiny(engine).train(training)
    before = engine.state(model)
    explain.grad_cam(model, model[1], CLIP, engine)
    explain.occlusion(model, CLIP, engine, 0, (6, 9, 8))
    assert model.training == model[1].training == training
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all((value == before[name]).all() for name, value in engine.state(model).items())


@BOTH
@pytest.mark.parametrize("layer, words", [(3, r"\(1, 4\)"), (None, "nothing")])
def test_a_layer_that_gives_no_map_is_refused(engine, layer, words):
    model = tiny(engine)
    alone = engine.to(engine.nn.Conv3d(3, 4, 3)) if layer is None else model[layer]
    with pytest.raises(ValueError, match=words):
        explain.grad_cam(model.train(), alone, CLIP, engine)
    assert model.training
    model(engine.tensor(CLIP[None]))                   # and nothing listens any more


def one_box(engine):
    """A network that looks at frames 2 and 3 in one corner, and nowhere else."""
    class OneBox(engine.nn.Module):
        def forward(self, x):
            loud = x[:, :, 2:4, 4:8, 0:3].mean((1, 2, 3, 4))
            return engine.library.stack([loud, -loud], 1)
    return OneBox()


@BOTH
def test_occlusion_finds_the_one_box_that_matters(engine):
    fall = explain.occlusion(one_box(engine), CLIP, engine, 0, window=(2, 4, 3), fill=0.1)
    assert fall.shape == (3, 3, 3)                     # 6, 9, 8 in steps of 2, 4, 3: rounded up
    loud = CLIP[:, 2:4, 4:8, 0:3].mean()
    expected = np.zeros((3, 3, 3))
    expected[1, 1, 0] = 1 / (1 + np.exp(-2 * loud)) - 1 / (1 + np.exp(-2 * 0.1))
    np.testing.assert_allclose(fall, expected, atol=1e-12)


@BOTH
def test_occlusion_takes_more_boxes_than_one_batch(engine):
    fall = explain.occlusion(one_box(engine), CLIP, engine, 1, window=(2, 1, 4), fill=0.9)
    assert fall.shape == (3, 9, 2)
    rows = np.argwhere(fall)
    assert (fall[1, 4:8, 0] > 0).all() and len(rows) == 4     # louder: less of the other label
