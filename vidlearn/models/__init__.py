"""Six networks for clips, one file each, written once for torch.nn and for vidlearn.scratch.nn.

All take clips (N, 3, T, H, W) and give scores (N, classes). They differ in how they use time:
`frame_cnn` and `mean_frames` ignore the order of the frames, `crnn` and `tcn` encode each frame and
then read the frames in order, `c3d` and `r2plus1d` convolve over space and time at once.
"""

from importlib import import_module

from vidlearn.checks import ArgumentError, checked, kinds

NAMES = ("frame_cnn", "mean_frames", "crnn", "tcn", "c3d", "r2plus1d")


@checked
def build(name: kinds.WORD, nn: kinds.NN, classes: kinds.POSITIVE_COUNT, mean=0.45,
          std: kinds.POSITIVE = 0.225, motion=False, **options):
    """Build a network by its name, behind a layer that normalises the pixels.

    With `motion` the network gets the absolute change of each pixel from frame to frame, and so
    nothing of a static scene.

    Units    clips in 0..1; a pixel becomes (pixel - mean) / std
    Raises   ArgumentError if there is no network of that name; TypeError for an unknown option

    >>> from vidlearn import scratch
    >>> model = build("c3d", scratch.nn, classes=8)
    >>> model(scratch.zeros(2, 3, 16, 32, 32)).shape
    (2, 8)
    """
    if name not in NAMES:
        raise ArgumentError(f"there is no model {name!r}: choose one of {', '.join(NAMES)}")
    network = getattr(import_module(f"vidlearn.models.{name}"), name)

    class Normalised(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network(nn, classes, **options)

        def forward(self, clip):
            if motion:                    # the mean cancels in the difference of two frames
                return self.network((clip[:, :, 1:] - clip[:, :, :-1]).abs() / std)
            return self.network((clip - mean) / std)

    return Normalised()
