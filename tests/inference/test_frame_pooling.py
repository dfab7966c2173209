"""Frames pooled into one answer for the clip: each way of pooling is PyTorch's."""

import numpy as np
import pytest
import torch

from vidlearn.checks import ArgumentError
from vidlearn.inference.frame_pooling import pool_so_far

SCORES = np.array([[4, 0, 0], [0, 1, .5], [0, 1, .5], [0, .4, .5], [9, 0, 0]], float)


@pytest.mark.parametrize("how, pooled", [
    ("vote", lambda s: torch.nn.functional.one_hot(s.argmax(1), 4).double().mean(0)),
    ("mean of probabilities", lambda s: s.softmax(1).mean(0)),
    ("mean of logits", lambda s: s.mean(0).softmax(0)),
    ("maximum", lambda s: s.softmax(1).max(0).values),
])
@pytest.mark.parametrize("frames", [1, 2, 9])
def test_each_row_pools_the_frames_so_far(how, pooled, frames):
    scores = 3 * np.random.default_rng(frames).normal(size=(frames, 4))
    rows = pool_so_far(scores, how)
    assert rows.shape == (frames, 4)
    for t in range(frames):
        np.testing.assert_allclose(rows[t], pooled(torch.tensor(scores[:t + 1])), atol=1e-12)


def test_the_mean_of_logits_is_the_geometric_mean_of_probabilities():
    logs = torch.tensor(SCORES).log_softmax(1).mean(0).softmax(0)
    np.testing.assert_allclose(pool_so_far(SCORES, "mean of logits")[-1], logs, atol=1e-12)


def test_a_vote_that_ties_is_shared():
    assert pool_so_far([[0, 1.], [1, 0]], "vote")[-1].tolist() == [.5, .5]


def test_another_way_is_refused():
    with pytest.raises(ArgumentError, match="how must be 'vote', .* or 'maximum', not"):
        pool_so_far(SCORES, "median")
