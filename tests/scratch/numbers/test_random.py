"""Random numbers."""

import numpy as np

from vidlearn import scratch


def test_a_seed_gives_the_same_numbers():
    def draw():
        scratch.manual_seed(7)
        return [scratch.randn(2, 3), scratch.rand(2), scratch.randint(0, 9, (4,)),
                scratch.randint(5, (2, 2)), scratch.randperm(5),
                scratch.randn_like(scratch.ones(2)), scratch.rand_like(scratch.ones(2))]
    first, second = draw(), draw()
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    assert [t.dtype.name for t in first[:3]] == ["float32", "float32", "int64"]
    assert sorted(first[4].tolist()) == [0, 1, 2, 3, 4] and first[3].shape == (2, 2)
    own = scratch.randn(3, generator=np.random.default_rng(0))
    np.testing.assert_array_equal(own, scratch.randn(3, generator=np.random.default_rng(0)))
