"""Frame CNN: one look at the middle frame. What it cannot know is what needs time."""

from vidlearn.checks import given, kinds
from vidlearn.models.frame_encoder import eye


def frame_cnn(nn, classes, width=16, features=64):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes)
    Source   Karpathy et al., CVPR 2014 (the single-frame baseline)
    """

    class FrameCNN(nn.Module):
        def __init__(self):
            super().__init__()
            self.eye = eye(nn, width, features)
            self.decide = nn.Sequential(nn.ReLU(), nn.Linear(features, classes))

        def forward(self, clip):
            return self.decide(self.eye(clip[:, :, clip.shape[2] // 2]))

    return FrameCNN()


given.check(globals(), {"nn": kinds.NN, "classes": kinds.whole(1)})
