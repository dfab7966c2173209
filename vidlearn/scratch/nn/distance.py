"""How near two vectors are, as layers."""

from vidlearn.scratch.nn import functional
from vidlearn.scratch.nn.module import Module


class PairwiseDistance(Module):
    """The p-norm of the difference of two vectors: (N, F) and (N, F) -> (N,).

    Twin     torch.nn.PairwiseDistance
    """

    def __init__(self, p=2.0, eps=1e-6, keepdim=False):
        super().__init__()
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1, x2):
        return functional.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class CosineSimilarity(Module):
    """The cosine of the angle between two vectors along `dim`.

    Twin     torch.nn.CosineSimilarity
    """

    def __init__(self, dim=1, eps=1e-8):
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x1, x2):
        return functional.cosine_similarity(x1, x2, self.dim, self.eps)
