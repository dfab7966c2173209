"""Tests compare with the newest PyTorch; OLDER lists those that an older one does not pass."""

import pytest
import torch
from packaging.version import Version

TIES = "this PyTorch's clamp has another gradient at its bound and at NaN than 2.14 and later"
OLDER = {                                # the first PyTorch that agrees, and the reason
    "test_any_case_of_an_operation_agrees_with_pytorch[clamp]": ("2.14", TIES),
    "test_unusual_numbers_are_treated_as_in_pytorch[clamp]": ("2.14", TIES),
    "test_triplets_at_the_margin_and_with_equal_distances": ("2.14", TIES),
    "test_pairs_at_the_margin": ("2.14", TIES),
    "test_an_operation_agrees_with_pytorch[__getitem__]": (
        "2.8", "this PyTorch's own samples write the index (0, 1) as the list [0, 1]"),
}


def pytest_collection_modifyitems(items):
    """Skip the tests for which this PyTorch is too old."""
    for item in items:
        first, why = OLDER.get(item.name, ("0", ""))
        if Version(torch.__version__) < Version(first):
            item.add_marker(pytest.mark.skip(reason=why))
