"""The pixels of what was shown."""

import io
from base64 import b64decode

import numpy as np
from PIL import Image


def opened(bundle):
    """The picture of a {MIME type: data} bundle: (H, W, 3) uint8."""
    kind = next(kind for kind in bundle if kind.startswith("image/"))
    return np.asarray(Image.open(io.BytesIO(b64decode(bundle[kind]))).convert("RGB"))
