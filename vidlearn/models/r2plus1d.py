"""R(2+1)D: each 3D kernel is split into one over space, then one over time."""

from itertools import pairwise

from vidlearn.checks import checked, kinds

STRIDE = kinds.row("three whole numbers", kinds.POSITIVE_COUNT, 3)


@checked
def r2plus1d(nn: kinds.NN, classes: kinds.POSITIVE_COUNT, widths: kinds.WIDTHS = (16, 32, 64)):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W), T >= 4 and H, W >= 8  ->  scores (N, classes)
    Source   Tran et al., arXiv:1711.11248
    """
    stem = [split(nn, 3, widths[0], (1, 2, 2)), nn.BatchNorm3d(widths[0]), nn.ReLU()]
    blocks = [_block(nn, a, b) for a, b in pairwise(widths)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool3d(1), nn.Flatten(),
                         nn.Linear(widths[-1], classes))


@checked
def split(nn: kinds.NN, inputs: kinds.POSITIVE_COUNT, outputs: kinds.POSITIVE_COUNT,
          stride: STRIDE = (1, 1, 1)):
    """A 1x3x3 convolution, a ReLU, and a 3x1x1: at most as many weights as one of 3x3x3.

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
    """A residual block with half the frames, half the size and more channels."""

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(
                split(nn, inputs, outputs, (2, 2, 2)), nn.BatchNorm3d(outputs), nn.ReLU(),
                split(nn, outputs, outputs), nn.BatchNorm3d(outputs))
            self.shortcut = nn.Sequential(
                nn.Conv3d(inputs, outputs, 1, stride=2, bias=False), nn.BatchNorm3d(outputs))

        def forward(self, x):
            return nn.functional.relu(self.body(x) + self.shortcut(x))

    return Block()
