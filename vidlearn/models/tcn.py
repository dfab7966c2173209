"""TCN: a small CNN encodes each frame, dilated causal convolutions read the frames in order."""

from vidlearn.checks import checked, kinds
from vidlearn.models.frame_encoder import encode_frames, frame_encoder


@checked
def tcn(nn: kinds.NN, classes: kinds.POSITIVE_COUNT, width=16, features=64,
        dilations: kinds.WIDTHS = (1, 2, 4)):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    The last step has a receptive field of 1 + 2 · sum(dilations) frames: 15 by default.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes)
    Source   Bai et al., arXiv:1803.01271
    """

    class TCN(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = frame_encoder(nn, width, features)
            self.convs = nn.ModuleList(
                nn.Conv1d(features, features, 3, padding=2 * d, dilation=d) for d in dilations)
            self.classifier = nn.Linear(features, classes)

        def forward(self, clip):
            x = encode_frames(self.encoder, clip).transpose(1, 2)        # (N, features, T)
            for conv in self.convs:
                past = conv(x)[..., :x.shape[2]]      # the steps cut off would see the future
                x = x + nn.functional.relu(past)
            return self.classifier(x[..., -1])

    return TCN()
