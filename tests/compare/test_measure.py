"""Runs take turns, and peaks of memory are counted."""

import numpy as np
import torch

from vidlearn.compare import measure


def test_runs_take_turns():
    order = []
    measure.in_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 0, (3, 9))
    assert "".join(order) == "ab" * 4                  # one unmeasured, three measured


def test_peaks_count_what_is_held_at_once():
    def numpy_work():
        for _ in range(3):
            np.ones(2**20, np.uint8)
        return np.ones(2**20, np.uint8), np.ones(2**21, np.uint8)

    def torch_work():
        for _ in range(3):
            torch.ones(2**20, dtype=torch.uint8)
        return torch.ones(2**20, dtype=torch.uint8), torch.ones(2**21, dtype=torch.uint8)

    for peak, work in ((measure.numpy_memory, numpy_work), (measure.torch_memory, torch_work)):
        assert 3 * 2**20 <= peak(work) < 3 * 2**20 + 2**16
