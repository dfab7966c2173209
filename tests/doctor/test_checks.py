"""All checks together: what is printed, which problem comes first, and the exit code."""

import sys

import numpy as np

from vidlearn.doctor import checks, machine, software
from vidlearn.doctor.finding import note, wrong


def sound():
    return wrong("none", "buy some")


def test_this_environment_is_ready(capsys):
    assert checks.report() == 0
    said = capsys.readouterr().out
    assert "✗" not in said and said.endswith("Ready.\n")
    assert f"numpy {np.__version__}" in said and "GFLOP/s" in said


def test_an_old_python_is_all_that_is_told(broken, capsys):
    broken.patch(sys, "version_info", (3, 9, 2))
    assert checks.report() == 1
    assert capsys.readouterr().out.count("\n") == 4   # it, what mends it, and what to do then


def test_one_wrong_finding_makes_the_verdict(broken, capsys):
    broken.patch(checks, "CHECKS", (machine.disk, sound))
    assert checks.report() == 1
    said = capsys.readouterr().out
    assert "✗ sound" in said and "→ buy some" in said and "Fix what is marked" in said


def test_what_may_come_of_an_earlier_problem_has_no_line_of_its_own(broken, capsys):
    broken.patch(checks, "CHECKS", (software.packages, sound, machine.disk))
    broken.versions(typer=None)
    assert checks.report() == 1
    said = capsys.readouterr().out
    assert "✗ packages" in said and said.count("→") == 1 and "· sound     none\n" in said


def test_problems_that_have_nothing_to_do_with_each_other_have_a_line_each(broken, capsys):
    broken.patch(checks, "CHECKS", (sound, software.packages))
    broken.versions(typer=None)
    checks.report()
    assert capsys.readouterr().out.count("→") == 2


def test_a_note_takes_no_line_from_another(broken, capsys):
    broken.patch(checks, "CHECKS", (software.python, sound))
    broken.versions(pip=None)
    checks.report()
    assert capsys.readouterr().out.count("→") == 2


def test_a_note_leaves_the_machine_ready(broken, capsys):
    broken.patch(checks, "CHECKS", (lambda: note("noisy", "close the window"),))
    assert checks.report() == 0
    assert capsys.readouterr().out.endswith("Ready.\n")


COMMAND = (sys.executable, "-c", "from vidlearn.__main__ import main; main()")


def test_an_error_in_a_check_says_where_it_came_up():
    def check():
        return [].mean
    found = checks.examine(check)
    assert found.mark == "✗" and "AttributeError: 'list' object" in found.says
    assert "(test_checks.py, line " in found.says

