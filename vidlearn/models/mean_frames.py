"""Mean of frames: look at each frame and average. It sees every frame, and no order."""

from vidlearn.checks import given, kinds
from vidlearn.models.frame_encoder import eye, look


def mean_frames(nn, classes, width=16, features=64):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes), the same for any order of the T frames
    Source   Karpathy et al., CVPR 2014 (late fusion, over all frames)
    """

    class MeanFrames(nn.Module):
        def __init__(self):
            super().__init__()
            self.eye = eye(nn, width, features)
            self.decide = nn.Linear(features, classes)

        def forward(self, clip):
            features = nn.functional.relu(look(self.eye, clip))      # (N, T, features)
            return self.decide(features.mean(1))

    return MeanFrames()


given.check(globals(), {"nn": kinds.NN, "classes": kinds.whole(1)})
