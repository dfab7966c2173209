"""Frame CNN: it sees only the middle frame, and so nothing that needs time."""

from vidlearn.checks import checked, kinds
from vidlearn.models.frame_encoder import frame_encoder


@checked
def frame_cnn(nn: kinds.NN, classes: kinds.POSITIVE_COUNT, width=16, features=64):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes)
    Source   Karpathy et al., CVPR 2014 (the single-frame baseline)
    """

    class FrameCNN(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = frame_encoder(nn, width, features)
            self.classifier = nn.Sequential(nn.ReLU(), nn.Linear(features, classes))

        def forward(self, clip):
            return self.classifier(self.encoder(clip[:, :, clip.shape[2] // 2]))

    return FrameCNN()
