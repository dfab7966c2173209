"""Cosines, pairs and triplets against PyTorch: any distance, short vectors, ties and margins."""

import numpy as np
import pytest

from tests.scratch.torch_samples import agree_by_name, ops_agree
from vidlearn.scratch.nn import functional as F

test_ops = ops_agree({"nn.functional.cosine_similarity": F.cosine_similarity,
                      "nn.functional.pairwise_distance": F.pairwise_distance})


def test_cosines_of_the_zero_vector_and_of_vectors_shorter_than_eps():
    a = np.array([[0.0, 0.0], [3e-9, 4e-9], [3.0, 4.0], [0.1, 0.2]])
    b = np.array([[1.0, 2.0], [1.0, -2.0], [-3.0, -4.0], [0.3, 0.0]])
    agree_by_name("cosine_similarity", [a, b])
    agree_by_name("cosine_similarity", [a, b], eps=0.5)


@pytest.mark.parametrize("options", [{}, {"swap": True}, {"p": 1.0}, {"p": 3.0, "margin": 0.2}])
def test_triplets_by_any_distance(options):
    rng = np.random.default_rng(4)
    agree_by_name("triplet_margin_loss", list(rng.normal(size=(3, 6, 4))), **options)


def test_triplets_at_the_margin_and_with_equal_distances():
    anchor, positive = np.zeros((1, 1)), np.full((1, 1), 2.0)
    far = np.full((1, 1), 3.0)                             # a gap of 0
    agree_by_name("triplet_margin_loss", [anchor, positive, far], eps=0.0)
    near = np.full((1, 1), 1.0)                            # |a - n| = |p - n|: the swap is a tie
    agree_by_name("triplet_margin_loss", [anchor, positive, near], eps=0.0, swap=True)


def test_pairs_at_the_margin():
    a, b = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])  # cosine 0
    agree_by_name("cosine_embedding_loss", [a, b, np.array([-1.0])], learn=2, margin=0.0)


@pytest.mark.parametrize("p", [0, 0.5, 1, 2, 3, np.inf])
def test_distances_by_any_norm_and_of_one_vector_to_itself(p):
    a = np.random.default_rng(3).normal(size=(4, 3))
    for b in (a[::-1].copy(), a.copy(), a[:1], a[0]):
        agree_by_name("pairwise_distance", [a, b], learn=2, p=p, keepdim=True)
    agree_by_name("pairwise_distance", [a, a.copy()], learn=2, p=p, eps=0.0)
