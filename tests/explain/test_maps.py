"""Maps of what decided: by the formula, on both engines, and where they must be.

What is checked by hand: the gradient of a mean is 1 / size everywhere, so Grad-CAM's weight of a
channel that is averaged and then multiplied by W is W / size.
"""

import numpy as np
import pytest
import torch

from tests.explain.networks import BOTH, ENGINES, flat, folding
from vidlearn import explain

CLIP = np.random.default_rng(0).random((3, 6, 9, 8))


def tiny(engine, stride=1, seed=0):
    """A convolution, a ReLU, a mean, a linear layer; NumPy draws their numbers for both engines."""
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


def test_grad_cam_is_the_same_on_both_engines():
    models = [tiny(engine, stride=2) for engine in ENGINES]
    (ours, label), (theirs, same) = (
        explain.grad_cam(model, model[0], CLIP, engine)
        for model, engine in zip(models, ENGINES, strict=True))
    assert label == same
    np.testing.assert_allclose(ours, theirs, atol=1e-8)
    assert ours.max() == 1 and ours.min() >= 0


@BOTH
def test_grad_cam_resizes_a_small_map_to_the_clip(engine):
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


def one_window(engine):
    """A network that looks at frames 2 and 3 in one corner, and nowhere else."""
    class OneWindow(engine.nn.Module):
        def forward(self, x):
            level = x[:, :, 2:4, 4:8, 0:3].mean((1, 2, 3, 4))
            return engine.library.stack([level, -level], 1)
    return OneWindow()


@BOTH
def test_occlusion_finds_the_one_window_that_matters(engine):
    fall = explain.occlusion(one_window(engine), CLIP, engine, 0, window=(2, 4, 3), fill=0.1)
    assert fall.shape == (3, 3, 3)                     # 6, 9, 8 in steps of 2, 4, 3: rounded up
    level = CLIP[:, 2:4, 4:8, 0:3].mean()
    expected = np.zeros((3, 3, 3))
    expected[1, 1, 0] = 1 / (1 + np.exp(-2 * level)) - 1 / (1 + np.exp(-2 * 0.1))
    np.testing.assert_allclose(fall, expected, atol=1e-12)


@BOTH
def test_occlusion_takes_more_windows_than_one_batch(engine):
    fall = explain.occlusion(one_window(engine), CLIP, engine, 1, window=(2, 1, 4), fill=0.9)
    assert fall.shape == (3, 9, 2)
    rows = np.argwhere(fall)
    assert (fall[1, 4:8, 0] > 0).all() and len(rows) == 4     # brighter: less of the other label


PICTURE = np.random.default_rng(1).random((3, 10, 7))


def by_torch(picture, label):
    """The gradient of a score with respect to the picture, by PyTorch alone."""
    x = torch.tensor(picture[None], requires_grad=True)
    flat(ENGINES[1]).eval()(x)[0, label].backward()
    return x.grad[0].numpy()


@BOTH
def test_saliency_is_the_largest_gradient_over_the_channels(engine):
    for label in range(3):
        slope = by_torch(PICTURE, label)
        there, said = explain.saliency(flat(engine), PICTURE, engine, label)
        assert said == label
        np.testing.assert_allclose(there, np.abs(slope).max(0), atol=1e-10)
        signed, _ = explain.saliency(flat(engine), PICTURE, engine, label, times_input=True)
        np.testing.assert_allclose(signed, (slope * PICTURE).sum(0), atol=1e-10)


@BOTH
def test_without_biases_gradient_times_input_adds_up_to_the_score(engine):
    model = flat(engine, bias=False)
    score = engine.numpy(model(engine.tensor(PICTURE[None])))[0, 1]
    parts, _ = explain.saliency(model, PICTURE, engine, 1, times_input=True)
    assert parts.sum() == pytest.approx(score, abs=1e-10)


@BOTH
def test_smooth_saliency_is_the_mean_over_noisy_copies(engine):
    before = PICTURE.copy()
    there, _ = explain.saliency(flat(engine), PICTURE, engine, 2, smooth=3, spread=0.2, seed=5)
    noise = np.random.default_rng(5).normal(0, 0.2 * np.ptp(PICTURE), (3, *PICTURE.shape))
    slope = np.mean([by_torch(PICTURE + n, 2) for n in noise], axis=0)
    np.testing.assert_allclose(there, np.abs(slope).max(0), atol=1e-10)
    np.testing.assert_array_equal(PICTURE, before)


@BOTH
def test_saliency_of_a_clip_has_frames_and_takes_the_highest_score(engine):
    model = tiny(engine)
    there, label = explain.saliency(model, CLIP, engine)
    assert there.shape == (6, 9, 8) and there.max() > 0
    assert label == engine.numpy(model(engine.tensor(CLIP[None]))).argmax()
    one, _ = explain.saliency(model, CLIP[:, :1], engine)            # T = 1
    assert one.shape == (1, 9, 8)


@BOTH
def test_saliency_leaves_the_model_as_it_was(engine):
    model = flat(engine).train()
    explain.saliency(model, PICTURE, engine)
    assert model.training and all(p.grad is None for p in model.parameters())


@BOTH
@pytest.mark.parametrize("layer", [1, 3])
def test_grad_cam_of_a_picture_is_the_formula(engine, layer):
    model, theirs = flat(engine), flat(ENGINES[1]).eval()
    for label in range(3):
        seen = theirs[:layer + 1](torch.tensor(PICTURE[None])).detach().requires_grad_()
        theirs[layer + 1:](seen)[0, label].backward()
        support = (seen.grad.mean((2, 3), keepdim=True) * seen).sum(1, keepdim=True).relu()
        grown = torch.nn.functional.interpolate(support, (10, 7), mode="bilinear")
        grown = grown[0, 0].detach().numpy()
        raw, _ = explain.grad_cam(model, model[layer], PICTURE, engine, label, scaled=False)
        np.testing.assert_allclose(raw, grown, atol=1e-10)
        heat, _ = explain.grad_cam(model, model[layer], PICTURE, engine, label)
        np.testing.assert_allclose(heat, grown / max(grown.max(), 1e-12), atol=1e-10)


@BOTH
@pytest.mark.parametrize("frames", [1, 5])
def test_frames_folded_into_the_batch_have_weights_of_their_own(engine, frames):
    clip = np.random.default_rng(2).random((3, frames, 16, 16))
    model, theirs = folding(engine), folding(ENGINES[1]).eval()
    seen = theirs.encoder[:6](torch.tensor(clip).transpose(0, 1)).detach().requires_grad_()
    rest = torch.nn.functional.relu(theirs.encoder[6:](seen))
    theirs.classifier(rest.mean(0))[1].backward()
    support = (seen.grad.mean((2, 3), keepdim=True) * seen).sum(1, keepdim=True).relu()
    grown = torch.nn.functional.interpolate(support, (16, 16), mode="bilinear")[:, 0]
    raw, _ = explain.grad_cam(model, model.encoder[5], clip, engine, 1, scaled=False)
    assert raw.shape == (frames, 16, 16) and raw.max() > 0
    np.testing.assert_allclose(raw, grown.detach().numpy(), atol=1e-10)


@BOTH
def test_a_layer_without_places_is_refused_for_a_picture(engine):
    model = flat(engine)
    with pytest.raises(ValueError, match=r"gives \(1, C, H, W\), this gave \[\(1, 5\)\]"):
        explain.grad_cam(model, model[5], PICTURE, engine)


@BOTH
def test_occlusion_of_a_picture_covers_windows_up_to_the_border(engine):
    model = flat(engine)
    fall = explain.occlusion(model, PICTURE, engine, 1, window=(4, 3), fill=0.2)
    assert fall.shape == (3, 3)
    def chance(x):
        return flat(ENGINES[1]).eval()(torch.tensor(x[None])).softmax(1)[0, 1].item()
    for i, j in np.ndindex(3, 3):
        covered = PICTURE.copy()
        covered[:, 4 * i:4 * i + 4, 3 * j:3 * j + 3] = 0.2
        assert fall[i, j] == pytest.approx(chance(PICTURE) - chance(covered), abs=1e-10)


def test_a_window_with_other_axes_than_the_clip_is_refused():
    with pytest.raises(ValueError, match=r"window \(2, 2\) for a clip .* needs 3 sizes"):
        explain.occlusion(tiny(ENGINES[0]), CLIP, ENGINES[0], 0, window=(2, 2))
