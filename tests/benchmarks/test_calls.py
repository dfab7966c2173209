"""The benchmark of small calls runs each of them, here and in another checkout."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def calls():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("OPENBLAS_NUM_THREADS", "1")
        spec = importlib.util.spec_from_file_location("calls", FOLDER / "calls.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    sys.modules.pop("tables", None)


def test_every_call_runs(calls):
    for make in calls.CALLS.values():
        make()()


def test_a_call_that_no_module_has_is_left_out(calls, monkeypatch):
    monkeypatch.setitem(calls.CALLS, "gone", lambda: calls.first_import("gone:f", "naive:gone"))
    monkeypatch.setattr(calls, "SAMPLES", 1)
    assert list(calls.measure(["gone", "F.relu 2x3"])) == ["F.relu 2x3"]


def test_two_checkouts_are_compared_call_by_call(calls):
    (name, *numbers), (mean, *_, ratio) = calls.rows(["F.relu 2x3"], calls.HERE, rounds=1)
    assert name == "F.relu 2x3" and all(float(number) > 0 for number in numbers)
    assert mean == "geometric mean" and ratio == numbers[2]
