"""FastestDet is one network on both engines and in OpenCV, with the published weights."""

import cv2
import numpy as np
import pytest

from tests.datasets.test_course_files import DATA
from vidlearn.engine import Engine
from vidlearn.files import safetensors
from vidlearn.models.fastest_det import fastest_det

OURS, THEIRS = (Engine(name, dtype="float64") for name in ("scratch", "torch"))
ARRAYS, FACTS = safetensors.read(DATA / "fastest_det.safetensors")


def published(engine):
    model = engine.to(fastest_det(engine.nn))
    engine.load(model, ARRAYS)                               # strict: no name more, none less
    return model.eval()


def images(*shape, seed=0):
    return np.random.default_rng(seed).random(shape)


def output(engine, x):
    with engine.no_grad():
        return engine.numpy(published(engine)(engine.tensor(x)))


def test_it_has_the_names_of_the_published_weights_in_their_order():
    for engine in (OURS, THEIRS):
        state = engine.state(published(engine))
        assert set(state) == set(ARRAYS)
        assert list(state)[:2] == ["backbone.first_conv.0.weight", "backbone.first_conv.1.weight"]
        assert all((state[name] == ARRAYS[name]).all() for name in state)
    assert sum(value.numel() for value in published(THEIRS).parameters()) == 244_490


@pytest.mark.parametrize("shape", [(1, 3, 352, 352), (2, 3, 64, 96), (1, 3, 32, 32)])
def test_both_engines_give_the_same_output(shape):
    x = images(*shape)
    ours, theirs = output(OURS, x), output(THEIRS, x)
    assert ours.shape == (shape[0], 85, shape[2] // 16, shape[3] // 16)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)
    np.testing.assert_allclose(ours[:, 5:].sum(1), 1, atol=1e-12)     # each class's probability


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_both_engines_give_the_same_gradients(mode):
    x, models, inputs = images(2, 3, 64, 96), {}, {}
    for engine in (OURS, THEIRS):
        model = models[engine] = getattr(published(engine), mode)()
        inputs[engine] = engine.tensor(x).requires_grad_()
        y = model(inputs[engine])
        y.backward(engine.tensor(np.random.default_rng(1).normal(size=tuple(y.shape))))
    gradients = {engine: {"image": inputs[engine], **dict(models[engine].named_parameters())}
                 for engine in models}
    for name, value in gradients[THEIRS].items():
        expected = THEIRS.numpy(value.grad)
        np.testing.assert_allclose(OURS.numpy(gradients[OURS][name].grad), expected, rtol=0,
                                   atol=1e-10 * max(1, np.abs(expected).max()), err_msg=name)


def test_opencv_gives_the_same_output_in_single_precision():
    x = images(1, 3, 352, 352)
    net = cv2.dnn.readNet(str(DATA / "fastest_det.onnx"))
    net.setInput(x.astype(np.float32))
    assert np.abs(net.forward() - output(THEIRS, x)).max() < 1e-4     # 3e-5 when measured


@pytest.mark.parametrize("engine", [OURS, THEIRS], ids=["scratch", "torch"])
def test_another_number_of_classes(engine):
    model = engine.to(fastest_det(engine.nn, classes=2))
    assert tuple(model(engine.tensor(images(1, 3, 64, 32))).shape) == (1, 7, 4, 2)
