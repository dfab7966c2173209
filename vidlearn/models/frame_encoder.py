"""The eye: a small CNN that looks at one frame.

Four of the networks see with it and differ only in what they do with time, so that the ladder of
their scores measures what time is worth.
"""

from vidlearn.checks import given, kinds


def eye(nn, width=16, features=64):
    """Build a CNN that turns an image into a few numbers.

    Shapes   image (N, 3, H, W), H and W from 8 up  ->  (N, features)
    """
    layers, inputs = [], 3
    for outputs in (width, 2 * width, 2 * width):
        layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
                   nn.BatchNorm2d(outputs), nn.ReLU()]               # half the size each time
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(4), nn.Flatten(),
                         nn.Linear(inputs * 16, features))


def look(eye, clip):
    """Show every frame of every clip to the eye, each on its own.

    Shapes   clip (N, 3, T, H, W)  ->  (N, T, features)
    """
    n, c, t, h, w = clip.shape
    frames = clip.transpose(1, 2).reshape(n * t, c, h, w)
    return eye(frames).reshape(n, t, -1)


given.check(globals(), {
    "nn": kinds.NN, "eye": kinds.FUNCTION, "clip": kinds.fitting(
        "a Tensor (N, 3, T, H, W)", lambda it: hasattr(it, "transpose") and it.ndim == 5),
})
