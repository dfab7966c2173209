"""vidlearn doctor exits with 0 or 1."""

import pytest

from tests.cli.command import run
from vidlearn import doctor


@pytest.mark.parametrize("code", [0, 1])
def test_doctor_exits_with_its_verdict(code, monkeypatch):
    monkeypatch.setattr(doctor, "report", lambda: code)
    assert run("doctor")[0] == code
