"""The kernels of NumPy's BLAS: measured each by itself, and the clearly faster one is named."""

import os

import pytest

from vidlearn import blas


def test_a_kernel_is_measured_in_a_process_of_its_own():
    assert blas.gflops_with({"OPENBLAS_NUM_THREADS": "1"}) > 0
    assert blas.gflops_with({"PYTHONHOME": os.devnull}) == 0          # a process that dies


def test_each_kernel_is_asked_for_by_name_and_the_best_of_its_runs_counts(monkeypatch):
    asked = []

    def answer(settings):
        asked.append(settings["OPENBLAS_CORETYPE"])
        return len(asked)
    monkeypatch.setattr(blas, "gflops_with", answer)
    assert blas.speeds(rounds=2) == {"": 4, "Haswell": 5, "SkylakeX": 6}
    assert asked == ["", "Haswell", "SkylakeX"] * 2


@pytest.mark.parametrize("own, haswell, skylake, best", [
    (100, 100, 200, "SkylakeX"), (100, 130, 0, "Haswell"), (100, 110, 119, ""),
    (0, 100, 200, ""), (0, 0, 0, "")])                # the second last: it could not be measured
def test_only_a_clearly_faster_kernel_is_worth_a_setting(own, haswell, skylake, best):
    assert blas.faster({"": own, "Haswell": haswell, "SkylakeX": skylake}) == best


def test_it_says_what_numpy_multiplies_with(monkeypatch):
    words = blas.in_use()
    assert words == "" or ("kernel" in words and "thread" in words)
    monkeypatch.setattr("threadpoolctl.threadpool_info", lambda: [])
    assert blas.in_use() == ""
