"""Mean of frames: encode each frame and average. It sees every frame, but not their order."""

from vidlearn.checks import checked, kinds
from vidlearn.models.frame_encoder import encode_frames, frame_encoder


@checked
def mean_frames(nn: kinds.NN, classes: kinds.POSITIVE_COUNT, width=16, features=64):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes), the same for any order of the T frames
    Source   Karpathy et al., CVPR 2014 (late fusion, over all frames)
    """

    class MeanFrames(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = frame_encoder(nn, width, features)
            self.classifier = nn.Linear(features, classes)

        def forward(self, clip):
            features = nn.functional.relu(encode_frames(self.encoder, clip))   # (N, T, features)
            return self.classifier(features.mean(1))

    return MeanFrames()
