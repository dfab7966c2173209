"""A name that is missing: the nearest names, and whether PyTorch has it."""

import pickle

import pytest

from vidlearn import scratch


@pytest.mark.parametrize("package, name, line", [
    (scratch.nn, "GroupNrm", "scratch.nn has no GroupNrm; near it: GroupNorm"),
    (scratch.nn, "relu", "scratch.nn has no relu; near it: ReLU"),
    (scratch.nn, "Transformer",
     "scratch.nn has no Transformer, but torch has; dir(scratch.nn) lists its names"),
    (scratch.optim, "Adagrad", "scratch.optim has no Adagrad, but torch has; dir(scratch.optim)"),
    (scratch.optim.lr_scheduler, "MultistepLr",
     "scratch.optim.lr_scheduler has no MultistepLr; near it: MultiStepLR"),
    (scratch.nn.functional, "mish", "scratch.nn.functional has no mish, but torch has"),
    (scratch, "zzz", "scratch has no zzz; dir(scratch) lists its names"),
])
def test_one_clear_line(package, name, line):
    with pytest.raises(AttributeError) as refusal:
        getattr(package, name)
    assert str(refusal.value).startswith(line)


def test_what_looks_for_names_works_as_before():
    assert not hasattr(scratch, "_private") and not hasattr(scratch.nn, "Transformer")
    assert getattr(scratch.nn, "Transformer", 3) == 3
    with pytest.raises(ImportError, match="cannot import name 'Transformer'"):
        from vidlearn.scratch.nn import Transformer  # noqa: F401
    assert pickle.loads(pickle.dumps(scratch.nn.GroupNorm)) is scratch.nn.GroupNorm
