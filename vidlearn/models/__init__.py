"""Six networks for clips, a file each, every one written once for torch.nn and vidlearn.scratch.nn.

All take clips (N, 3, T, H, W) and give scores (N, classes). In rising order of what they know of
time: `frame_cnn` and `mean_frames` know nothing, `crnn` and `tcn` read along the frames, `c3d` and
`r2plus1d` look through space and time at once.
"""

from importlib import import_module

from vidlearn.checks import given, kinds

NAMES = ("frame_cnn", "mean_frames", "crnn", "tcn", "c3d", "r2plus1d")


def build(name, nn, classes, mean=0.45, std=0.225, motion=False, **options):
    """Build a network by its name, with the normalisation of its pixels in front of it.

    With `motion`, it is shown how much each pixel changes from frame to frame, and so nothing of
    a scene that stands still.

    Units    clips in 0..1; `mean` is taken from every pixel, which is then divided by `std`
    Raises   ValueError if there is no network of that name, TypeError for an option it has not
    """
    if name not in NAMES:
        raise ValueError(f"there is no model {name!r}: choose one of {', '.join(NAMES)}")
    network = getattr(import_module(f"vidlearn.models.{name}"), name)

    class Normalised(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network(nn, classes, **options)

        def forward(self, clip):
            if motion:                    # a change has no mean to take away: the light cancels
                return self.network((clip[:, :, 1:] - clip[:, :, :-1]).abs() / std)
            return self.network((clip - mean) / std)

    return Normalised()


given.check(globals(), {
    "name": kinds.WORD, "nn": kinds.NN, "classes": kinds.whole(1), "std": kinds.ABOVE,
})
