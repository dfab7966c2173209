"""The detector of the course: its classes, its engines, and what is wrong with a file."""

import cv2
import numpy as np
import pytest
from torchvision.models.detection import SSDLite320_MobileNet_V3_Large_Weights as Coco

from tests.inference import street_film
from vidlearn.checks import ArgumentError
from vidlearn.files.safetensors import WeightsError
from vidlearn.inference import detector

EACH = pytest.mark.parametrize("engine", street_film.ENGINES)


def images(n=2):
    return np.random.default_rng(0).integers(0, 256, (n, 352, 352, 3), np.uint8)


def test_its_classes_are_cocos():
    names = [name for name in Coco.DEFAULT.meta["categories"] if name not in (
        "__background__", "N/A")]
    assert list(street_film.load().classes) == names


def test_all_engines_give_the_same_maps():
    maps = {engine: street_film.load(engine).maps(images()) for engine in street_film.ENGINES}
    assert maps["torch"].shape == (2, 85, 22, 22)
    for engine in ("scratch", "opencv"):
        np.testing.assert_allclose(maps[engine], maps["torch"], rtol=0, atol=2e-4)   # 3e-5 measured
    assert np.abs(maps["torch"][0] - maps["torch"][1]).max() > 0.01      # each image has its own


@EACH
def test_the_channels_go_in_as_blue_green_red(engine):
    pictures = images(1)
    net = cv2.dnn.readNet(str(detector.bundled("fastest_det.onnx")))
    net.setInput(cv2.dnn.blobFromImage(pictures[0][..., ::-1], 1 / 255))      # OpenCV's own order
    np.testing.assert_allclose(street_film.load(engine).maps(pictures), net.forward(), atol=2e-4)


def test_labels_are_found_by_their_names():
    assert street_film.load().labels(["person", "car", "toothbrush"]) == [0, 2, 79]


@pytest.mark.parametrize("name, says", [
    ("persn", "there is no label 'persn': did you mean person?"),
    ("Car", "did you mean c"), ("zzzz", "choose of person, bicycle, car, "), ("", "choose of "),
])
def test_an_unknown_label_is_refused(name, says):
    with pytest.raises(ArgumentError, match="there is no label") as error:
        street_film.load().labels(["person", name])
    assert says in str(error.value)


@pytest.mark.parametrize("words, says", [
    (("numpy",), "no engine 'numpy': choose one of scratch, torch, opencv"),
    (("opencv", "cuda"), "opencv runs on the cpu, not on 'cuda'"),
    (("scratch", "cuda"), "scratch runs on the cpu"), (("torch", "x"), "there is no device 'x'"),
])
def test_an_engine_that_is_not_there_is_refused(words, says):
    with pytest.raises(ArgumentError, match=says):
        detector.load(*words)


@pytest.mark.parametrize("content", [None, b"", b"nothing", "half"])
@pytest.mark.parametrize("name, engine", [("fastest_det.safetensors", "scratch"),
                                          ("fastest_det.onnx", "opencv")])
def test_a_missing_or_damaged_file_is_named(name, engine, content, tmp_path, monkeypatch):
    for path in detector.FOLDERS[-1].glob("fastest_det.*"):
        data = path.read_bytes()
        if path.name != name:
            (tmp_path / path.name).write_bytes(data)
        elif content is not None:
            (tmp_path / name).write_bytes(data[:len(data) // 2] if content == "half" else content)
    monkeypatch.setattr(detector, "FOLDERS", (tmp_path,))
    with pytest.raises(WeightsError, match=name):
        detector.load(engine)


def test_images_of_another_type_are_refused():
    with pytest.raises(ArgumentError, match="images must be images .N, H, W, 3. of uint8"):
        street_film.load().maps(images().astype(float))
