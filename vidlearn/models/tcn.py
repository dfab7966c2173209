"""TCN: a small CNN looks at each frame, causal dilated convolutions read along time."""

from vidlearn.checks import given, kinds
from vidlearn.models.frame_encoder import eye, look


def tcn(nn, classes, width=16, features=64, dilations=(1, 2, 4)):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    The last step has seen 1 + 2 · sum(dilations) frames: 15 as it stands.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes)
    Source   Bai et al., arXiv:1803.01271
    """

    class TCN(nn.Module):
        def __init__(self):
            super().__init__()
            self.eye = eye(nn, width, features)
            self.read = nn.ModuleList(
                nn.Conv1d(features, features, 3, padding=2 * d, dilation=d) for d in dilations)
            self.decide = nn.Linear(features, classes)

        def forward(self, clip):
            x = look(self.eye, clip).transpose(1, 2)                 # (N, features, T)
            for conv in self.read:
                past = conv(x)[..., :x.shape[2]]      # the cut-off steps would see the future
                x = x + nn.functional.relu(past)
            return self.decide(x[..., -1])

    return TCN()


given.check(globals(), {"nn": kinds.NN, "classes": kinds.whole(1), "dilations": kinds.WIDTHS})
