"""FastestDet with its published weights: finds objects of COCO's 80 classes in a picture.

It runs by hand in NumPy, by PyTorch, or by OpenCV, and finds the same on all three.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np

import vidlearn
from vidlearn import engine as engines
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.files.safetensors import WeightsError, misfits, read
from vidlearn.models.fastest_det import fastest_det

HOUSE = Path(vidlearn.__file__).parent
FOLDERS = HOUSE / "course/material/data", HOUSE.parent / "data"      # in a wheel; in a checkout
NAME, OPENCV = "fastest_det", "opencv"
ENGINES = (*engines.LIBRARIES, OPENCV)
IMAGES = kinds.array("images (N, H, W, 3) of uint8", 4, last=(3,), dtypes="B")


@dataclass(frozen=True)
class Detector:
    """A trained detector: the names of its classes, the size of its input, and the network.

    Units    size in pixels: images are `size` x `size`
    """

    classes: tuple
    size: int
    network: object          # images (N, 3, H, W) float32 -> maps (N, 5 + classes, H / 16, W / 16)

    @checked
    def maps(self, images: IMAGES):
        """What the network says of each cell of 16x16 pixels: see `models.fastest_det`.

        Shapes   images (N, size, size, 3) uint8 RGB  ->  (N, 5 + classes, size / 16, size / 16)
        """
        blue_first = images[..., ::-1].transpose(0, 3, 1, 2)
        return self.network(np.ascontiguousarray(blue_first, np.float32) / np.float32(255))

    @checked
    def labels(self, names: kinds.WORDS):
        """The numbers of classes, by their names.

        Raises   ArgumentError that names the nearest classes, or all of them
        """
        for name in names:
            if name not in self.classes:
                near = get_close_matches(name, self.classes, cutoff=0.6)
                known = f"did you mean {' or '.join(near)}?" if near else \
                    f"choose of {', '.join(self.classes)}"
                raise ArgumentError(f"there is no label {name!r}: {known}")
        return [self.classes.index(name) for name in names]


@checked
def load(engine: kinds.ENGINE = "torch", device="cpu"):
    """Load the detector that comes with the course, for an engine: scratch, torch or opencv.

    Returns  Detector
    Raises   ArgumentError if there is no such engine or device; WeightsError if the file of its
             weights is missing or damaged
    """
    if isinstance(engine, str) and engine not in ENGINES:
        raise ArgumentError(f"there is no engine {engine!r}: choose one of {', '.join(ENGINES)}")
    arrays, facts = read(bundled(f"{NAME}.safetensors"))
    network = _in_opencv(device) if engine == OPENCV else \
        _in_engine(engines.get(engine, device), arrays, len(facts["classes"]))
    return Detector(tuple(facts["classes"]), facts["size"], network)


def bundled(name):
    """The path of a file of data/, in an installed wheel or in a checkout."""
    return next((folder / name for folder in FOLDERS if (folder / name).exists()),
                FOLDERS[-1] / name)


def _in_engine(engine, arrays, classes):
    model = engine.to(fastest_det(engine.nn, classes)).eval()
    if wrong := misfits(engine.state(model), arrays):
        raise WeightsError(f"{bundled(NAME)}.safetensors: the weights do not fit: {wrong}")
    engine.load(model, arrays)

    def network(images):
        with engine.no_grad():
            return engine.numpy(model(engine.tensor(images)))
    return network


def _in_opencv(device):
    import cv2

    if device != "cpu":
        raise ArgumentError(f"the engine opencv runs on the cpu, not on {device!r}: leave the "
                            "device out, or take the engine torch")
    path = bundled(f"{NAME}.onnx")
    try:
        net = cv2.dnn.readNetFromONNX(np.fromfile(path, np.uint8))   # a path of any letters
    except (OSError, cv2.error) as error:
        raise WeightsError(f"{path} is missing or damaged: {error}") from error

    def network(images):
        maps = []
        for image in images:                          # the file is for one image at a time
            net.setInput(image[None])
            maps.append(net.forward().copy())
        return np.concatenate(maps)
    return network
