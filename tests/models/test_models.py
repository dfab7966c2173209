"""Each network is written once and is the same network on both engines."""

import numpy as np
import pytest
import torch

from vidlearn import models
from vidlearn.datasets.motion import motion
from vidlearn.engine import Engine
from vidlearn.training.loop import fit

SMALL = {
    "frame_cnn": dict(width=4, features=8), "mean_frames": dict(width=4, features=8),
    "crnn": dict(width=4, features=8, hidden=6), "tcn": dict(width=4, features=8, dilations=(1, 2)),
    "c3d": dict(widths=(3, 4, 5)), "r2plus1d": dict(widths=(3, 4, 5)),
}
EACH = pytest.mark.parametrize("name", models.NAMES)
OURS, THEIRS = (Engine(name, dtype="float64") for name in ("scratch", "torch"))


def twins(name):
    """The same network with the same weights, in our engine and in PyTorch."""
    THEIRS.seed(7)
    b = THEIRS.to(models.build(name, THEIRS.nn, 8, **SMALL[name]))
    a = OURS.to(models.build(name, OURS.nn, 8, **SMALL[name]))
    OURS.load(a, THEIRS.state(b))
    return a, b


def clips(n=3, frames=6, height=16, width=20, seed=0):
    return np.random.default_rng(seed).random((n, 3, frames, height, width))


@EACH
def test_every_name_is_a_network_with_the_same_state_on_both_engines(name):
    a, b = twins(name)
    ours, theirs = OURS.state(a), THEIRS.state(b)
    assert list(ours) == list(theirs)
    assert all(ours[k].shape == theirs[k].shape for k in ours)


@EACH
@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize("shape", [(3, 6, 16, 20), (2, 5, 17, 13)])
def test_outputs_and_all_gradients_are_equal(name, mode, shape):
    a, b = twins(name)
    x = clips(*shape)
    ours, theirs = OURS.tensor(x).requires_grad_(), THEIRS.tensor(x).requires_grad_()
    y, expected = getattr(a, mode)()(ours), getattr(b, mode)()(theirs)
    dy = np.random.default_rng(1).normal(size=y.shape)
    y.backward(OURS.tensor(dy))
    expected.backward(THEIRS.tensor(dy))

    np.testing.assert_allclose(OURS.numpy(y), THEIRS.numpy(expected), atol=1e-8)
    np.testing.assert_allclose(OURS.numpy(ours.grad), THEIRS.numpy(theirs.grad), atol=1e-8)
    gradients = dict(b.named_parameters())
    for key, parameter in a.named_parameters():
        np.testing.assert_allclose(OURS.numpy(parameter.grad), THEIRS.numpy(gradients[key].grad),
                                   atol=1e-8, err_msg=key)


def test_a_network_of_changes_is_the_same_on_both_engines_and_ignores_a_static_scene():
    engines = OURS, THEIRS
    a, b = (e.to(models.build("c3d", e.nn, 8, motion=True, widths=(3, 4, 5))) for e in engines)
    OURS.load(a, THEIRS.state(b))
    x = clips()
    brighter = x + np.random.default_rng(1).random((3, 3, 1, 16, 20))       # the same every frame
    ours, theirs, moved = (e.numpy(m.eval()(e.tensor(z))) for e, m, z in
                           ((OURS, a, x), (THEIRS, b, x), (OURS, a, brighter)))
    np.testing.assert_allclose(ours, theirs, atol=1e-8)
    np.testing.assert_allclose(ours, moved, atol=1e-8)


@EACH
def test_after_twenty_steps_the_parameters_are_equal(name):
    a, b = twins(name)
    data = motion(32, 3, frames=6, size=16)
    settings = dict(epochs=5, batch=8, lr=3e-3, progress=False)
    for model, engine in (a, OURS), (b, THEIRS):
        assert len(fit(model, data, engine=engine, **settings)["loss"]) == 5    # 4 steps an epoch
    ours, theirs = OURS.state(a), THEIRS.state(b)
    for key in ours:
        np.testing.assert_allclose(ours[key], theirs[key], atol=1e-6, rtol=0, err_msg=key)


@EACH
def test_the_size_of_the_clip_is_free(name):
    model = models.build(name, torch.nn, 3).eval()
    for shape in (16, 32, 32), (4, 8, 8), (9, 40, 24):
        assert model(torch.zeros(2, 3, *shape)).shape == (2, 3)


@pytest.mark.parametrize("name", ["c3d", "r2plus1d"])
def test_the_depth_is_free(name):
    for widths in (4,), (2, 3, 4, 5, 6, 7):
        model = models.build(name, torch.nn, 3, widths=widths).eval()
        assert model(torch.zeros(1, 3, 8, 32, 32)).shape == (1, 3)


def test_the_frame_network_sees_the_middle_frame_alone():
    a, _ = twins("frame_cnn")
    x = clips()
    y = x.copy()
    y[:, :, [0, 1, 2, 4, 5]] = 0
    np.testing.assert_array_equal(*(OURS.numpy(a.eval()(OURS.tensor(z))) for z in (x, y)))


def test_the_mean_of_frames_knows_no_order():
    a, _ = twins("mean_frames")
    x = clips()
    shuffled = x[:, :, [3, 0, 5, 1, 4, 2]]
    scores = [OURS.numpy(a.eval()(OURS.tensor(z))) for z in (x, shuffled)]
    np.testing.assert_allclose(*scores, atol=1e-12)


@pytest.mark.parametrize("name", ["crnn", "tcn", "c3d", "r2plus1d"])
def test_the_others_know_the_order(name):
    a, _ = twins(name)
    scores = [OURS.numpy(a.eval()(OURS.tensor(z))) for z in (clips(), clips()[:, :, ::-1])]
    assert np.abs(scores[0] - scores[1]).max() > 1e-4


def test_the_causal_network_does_not_see_what_comes_later():
    """The output of the causal part at a frame does not change when later frames do, to the bit."""
    network = twins("tcn")[0].network
    x = np.random.default_rng(0).normal(size=(1, 8, 12))
    y = x.copy()
    y[..., 7:] = 9
    for conv in network.convs:
        x, y = (OURS.numpy(conv(OURS.tensor(z)))[..., :12] for z in (x, y))
    np.testing.assert_array_equal(x[..., :7], y[..., :7])
    assert (x[..., 7:] != y[..., 7:]).any()


def test_a_split_kernel_has_as_many_weights_as_the_whole_one():
    from vidlearn.models.r2plus1d import split

    pair = split(torch.nn, 16, 32)
    weights = sum(p.numel() for p in pair.parameters() if p.ndim == 5)
    assert 0.97 * 27 * 16 * 32 < weights <= 27 * 16 * 32


def test_a_model_that_is_not_there_is_refused_by_name():
    with pytest.raises(ValueError, match="no model 'vgg': choose one of frame_cnn, mean_frames"):
        models.build("vgg", torch.nn, 2)


@EACH
def test_with_motion_light_and_scene_make_no_difference(name):
    THEIRS.seed(7)
    b = THEIRS.to(models.build(name, THEIRS.nn, 8, motion=True, **SMALL[name])).eval()
    a = OURS.to(models.build(name, OURS.nn, 8, motion=True, **SMALL[name])).eval()
    OURS.load(a, THEIRS.state(b))
    x = clips()
    scene = np.random.default_rng(1).random((3, 3, 1, 16, 20))
    y = THEIRS.numpy(b(THEIRS.tensor(x)))
    np.testing.assert_allclose(THEIRS.numpy(b(THEIRS.tensor(x + scene))), y, atol=1e-12)
    np.testing.assert_allclose(OURS.numpy(a(OURS.tensor(x))), y, atol=1e-8)
    changed = THEIRS.numpy(b(THEIRS.tensor(2 * x)))
    assert np.abs(changed - y).max() > 1e-3                          # but how much moves does
