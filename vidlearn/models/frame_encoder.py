"""The frame encoder: a small CNN that turns each frame into a vector of features.

Four of the networks share it and differ only in what they do over time, so that their scores show
what the use of time is worth.
"""

from vidlearn.checks import checked, kinds

CLIP = kinds.fitting("a Tensor (N, 3, T, H, W)",
                     lambda value: hasattr(value, "transpose") and value.ndim == 5)


@checked
def frame_encoder(nn: kinds.NN, width=16, features=64):
    """Build a CNN that turns an image into a vector of features.

    Shapes   image (N, 3, H, W), H, W >= 8  ->  (N, features)
    """
    layers, inputs = [], 3
    for outputs in (width, 2 * width, 2 * width):
        layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
                   nn.BatchNorm2d(outputs), nn.ReLU()]               # half the size each time
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(4), nn.Flatten(),
                         nn.Linear(inputs * 16, features))


@checked
def encode_frames(encoder: kinds.FUNCTION, clip: CLIP):
    """Encode every frame of every clip on its own.

    Shapes   clip (N, 3, T, H, W)  ->  (N, T, features)
    """
    n, c, t, h, w = clip.shape
    frames = clip.transpose(1, 2).reshape(n * t, c, h, w)
    return encoder(frames).reshape(n, t, -1)
