"""CRNN: a small CNN looks at each frame, an LSTM reads the frames in order."""

from vidlearn.checks import given, kinds
from vidlearn.models.frame_encoder import eye, look


def crnn(nn, classes, width=16, features=64, hidden=64):
    """Build the network for either engine: `nn` is torch.nn or vidlearn.scratch.nn.

    Shapes   clip (N, 3, T, H, W)  ->  scores (N, classes)
    Source   Donahue et al., arXiv:1411.4389 (LRCN)
    """

    class CRNN(nn.Module):
        def __init__(self):
            super().__init__()
            self.eye = eye(nn, width, features)
            self.read = nn.LSTM(features, hidden, batch_first=True)
            self.decide = nn.Linear(hidden, classes)

        def forward(self, clip):
            states, _ = self.read(look(self.eye, clip))              # (N, T, hidden)
            return self.decide(states[:, -1])

    return CRNN()


given.check(globals(), {"nn": kinds.NN, "classes": kinds.whole(1)})
