"""Convert the published weights of FastestDet to fastest_det.safetensors and fastest_det.onnx:

    python data/detector.py FOLDER && python data/make.py

FOLDER is a copy of https://github.com/dog-qiuqiu/FastestDet at commit 50473cd1.
"""

import shutil
import sys
from pathlib import Path

import torch

from vidlearn.files import safetensors
from vidlearn.models.fastest_det import fastest_det

HERE = Path(__file__).parent
SOURCE = "https://github.com/dog-qiuqiu/FastestDet at 50473cd1, BSD-3-Clause"
COPIES = {"example/onnx-runtime/FastestDet.onnx": "fastest_det.onnx",
          "LICENSE.md": "fastest_det.LICENSE.md"}
TRAINED_ON = 352             # pixels
COCOS = {"motorbike": "motorcycle", "aeroplane": "airplane", "sofa": "couch",   # COCO's own names
         "pottedplant": "potted plant", "diningtable": "dining table", "tvmonitor": "tv"}


def main(folder):
    path = folder / "weights/weight_AP05:0.253207_280-epoch.pth"
    state = torch.load(path, weights_only=True, map_location="cpu")
    fastest_det(torch.nn).load_state_dict(state)                     # strict: every name fits
    names = (folder / "configs/coco.names").read_text(encoding="utf-8").splitlines()
    facts = {"kind": "detector", "model": "fastest_det", "size": TRAINED_ON, "source": SOURCE,
             "classes": [COCOS.get(name, name) for name in names]}
    safetensors.write(HERE / "fastest_det.safetensors",
                      {name: value.numpy() for name, value in state.items()}, facts)
    for source, name in COPIES.items():
        shutil.copyfile(folder / source, HERE / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
