"""The environments of given versions: every folder of tests is a step, each bound is held."""

from pathlib import Path

from packaging.requirements import Requirement

from tools import machines


def test_every_test_is_in_a_step():
    named = {word for words in machines.STEPS.values() for word in words}
    tests = Path("tests").rglob("test_*.py")
    assert [path for path in tests
            if not {str(path), "/".join(path.parts[:2])} & named] == []


def test_a_requirement_is_held_to_its_lowest_release():
    assert machines.lowest(Requirement("numpy>=2.0")) == "numpy>=2.0,<=2.0.0.999"
    assert machines.lowest(Requirement("typer>=0.17.5")) == "typer>=0.17.5,<=0.17.5.999"
    assert all(map(machines.lowest, machines.declared()))
