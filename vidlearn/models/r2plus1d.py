"""R(2+1)D: each box of a 3D network is split, first over space, then over time."""

from itertools import pairwise

from vidlearn.checks import given, kinds


def r2plus1d(nn, classes, widths=(16, 32, 64)):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W), T from 4 and H and W from 8 up  ->  scores (N, classes)
    Source   Tran et al., arXiv:1711.11248
    """
    stem = [split(nn, 3, widths[0], (1, 2, 2)), nn.BatchNorm3d(widths[0]), nn.ReLU()]
    blocks = [_block(nn, a, b) for a, b in pairwise(widths)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool3d(1), nn.Flatten(),
                         nn.Linear(widths[-1], classes))


def split(nn, inputs, outputs, stride=(1, 1, 1)):
    """A 1x3x3 convolution, then a 3x1x1: as many weights as one of 3x3x3, with a ReLU between.

    Shapes   (N, inputs, T, H, W)  ->  (N, outputs, T', H', W')
    """
    time, *space = stride
    middle = 27 * inputs * outputs // (9 * inputs + 3 * outputs)
    return nn.Sequential(
        nn.Conv3d(inputs, middle, (1, 3, 3), (1, *space), (0, 1, 1), bias=False),
        nn.BatchNorm3d(middle), nn.ReLU(),
        nn.Conv3d(middle, outputs, (3, 1, 1), (time, 1, 1), (1, 0, 0), bias=False),
    )


def _block(nn, inputs, outputs):
    """Half the frames, half the size, more channels; and a short cut around it all."""

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(
                split(nn, inputs, outputs, (2, 2, 2)), nn.BatchNorm3d(outputs), nn.ReLU(),
                split(nn, outputs, outputs), nn.BatchNorm3d(outputs))
            self.cut = nn.Sequential(nn.Conv3d(inputs, outputs, 1, stride=2, bias=False),
                                     nn.BatchNorm3d(outputs))

        def forward(self, x):
            return nn.functional.relu(self.body(x) + self.cut(x))

    return Block()


given.check(globals(), {
    "nn": kinds.NN, "classes inputs outputs": kinds.whole(1), "widths": kinds.WIDTHS,
    "stride": kinds.row("three whole numbers", kinds.whole(1), 3),
})
