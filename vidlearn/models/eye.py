"""The eye: a small CNN that looks at one frame.

Four of the networks see with it and differ only in what they do with time, so that the ladder of
their scores measures what time is worth.
"""


def eye(nn, width=16, features=64):
    """Build a CNN that turns an image into a few numbers.

    Shapes   image (N, 3, H, W), H and W from 8 up  ->  (N, features)
    """
    return nn.Sequential(
        nn.Conv2d(3, width, 3, stride=2, padding=1), nn.BatchNorm2d(width), nn.ReLU(),
        nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), nn.BatchNorm2d(2 * width), nn.ReLU(),
        nn.Conv2d(2 * width, 2 * width, 3, stride=2, padding=1), nn.BatchNorm2d(2 * width),
        nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(2 * width * 16, features),
    )


def look(eye, clip):
    """Show every frame of every clip to the eye, each on its own.

    Shapes   clip (N, 3, T, H, W)  ->  (N, T, features)
    """
    n, c, t, h, w = clip.shape
    frames = clip.transpose(1, 2).reshape(n * t, c, h, w)
    return eye(frames).reshape(n, t, -1)
