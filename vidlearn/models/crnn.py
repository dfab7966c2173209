"""CRNN: a small CNN encodes each frame, an LSTM reads the frames in order."""

from vidlearn.checks import checked, kinds
from vidlearn.models.frame_encoder import encode_frames, frame_encoder


@checked
def crnn(nn: kinds.NN, classes: kinds.POSITIVE_COUNT, width=16, features=64, hidden=64):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes)
    Source   Donahue et al., arXiv:1411.4389 (LRCN)
    """

    class CRNN(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = frame_encoder(nn, width, features)
            self.lstm = nn.LSTM(features, hidden, batch_first=True)
            self.classifier = nn.Linear(hidden, classes)

        def forward(self, clip):
            states, _ = self.lstm(encode_frames(self.encoder, clip))     # (N, T, hidden)
            return self.classifier(states[:, -1])

    return CRNN()
