"""The kernels of NumPy's BLAS: measured each by itself, and the clearly faster one is named."""

import os
import subprocess
import time
from types import SimpleNamespace

import pytest

from vidlearn.doctor import blas


def test_a_kernel_is_measured_in_a_process_of_its_own():
    assert blas.gflops_with({"OPENBLAS_NUM_THREADS": "1"}) > 0
    assert blas.gflops_with({"PYTHONHOME": os.devnull}) == 0          # a process that dies


@pytest.mark.parametrize("error", [OSError(12, "Cannot allocate memory"),
                                   subprocess.TimeoutExpired("python", blas.TIMEOUT)])
def test_a_process_that_cannot_be_or_never_ends_is_no_speed(error, monkeypatch):
    def run(*_, timeout, **__):
        raise error
    monkeypatch.setattr(subprocess, "run", run)
    assert blas.gflops_with({}) == 0


def test_the_best_product_counts(monkeypatch):
    monkeypatch.setattr(blas, "CLOCK", iter([0, 5, 10, 12, 20, 23]).__next__)
    assert blas.gflops(size=10, rounds=3) == 2 * 10 ** 3 / 2 / 1e9


@pytest.mark.skipif(os.name == "nt", reason="Windows counts a process's own time too coarsely")
def test_the_time_that_other_programs_take_does_not_count():
    assert blas.CLOCK is time.process_time


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


@pytest.mark.parametrize("physical, allowed, said, cores", [
    (8, 8, {}, 8), (None, 8, {}, 1), (8, 2, {}, 2),
    (64, 64, {"cpu.max": "200000 100000"}, 2), (64, 64, {"cpu.max": "50000 100000"}, 1),
    (4, 8, {"cpu.max": "max 100000"}, 4),
    (4, 8, {"cpu.cfs_quota_us": "-1", "cpu.cfs_period_us": "100000"}, 4),
    (4, 8, {"cpu.cfs_quota_us": "300000", "cpu.cfs_period_us": "100000"}, 3)])
def test_the_cores_are_those_that_a_container_is_given(
        physical, allowed, said, cores, tmp_path, monkeypatch):
    for name, text in said.items():
        (tmp_path / name).write_text(text + "\n")
    monkeypatch.setattr(blas, "QUOTAS", [
        tmp_path / name for name in ("cpu.max", "cpu.cfs_quota_us", "cpu.cfs_period_us")])
    monkeypatch.setattr(blas, "import_module", lambda name: SimpleNamespace(
        cpu_count=lambda logical: physical))
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: range(allowed), raising=False)
    assert blas.cores() == cores
