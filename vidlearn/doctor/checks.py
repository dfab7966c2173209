"""All checks in their order. Each says what it found and the one line to type that fixes it.

    ✓  fine
    !  works, but something is worth knowing
    ✗  lessons will fail
    ·  lessons will fail, but what is marked above may be the cause: look again when it is fixed
"""

from pathlib import Path
from traceback import extract_tb

from vidlearn.doctor import installed
from vidlearn.doctor.finding import Finding, first_line, wrong
from vidlearn.doctor.installed import pip
from vidlearn.doctor.machine import blas, cache, disk, folder, gpu, memory
from vidlearn.doctor.software import jupyter, loads, names, opencv, packages, pair, python

CHECKS = (python, names, packages, loads, opencv, pair, blas, gpu, disk, folder, memory, cache,
          jupyter)
CAUSES = (python, names, packages, loads, pair)       # other checks may fail because of these


def report():
    """Run every check and print what it says; return 1 if a lesson would fail, else 0."""
    unready = cause = False
    for check in CHECKS:
        found = examine(check)
        if cause and found.mark == "✗":
            found = Finding("·", found.says)
        print(f"{found.mark} {check.__name__:<9} {found.says}")
        if found.fix:
            print(f"            → {found.fix}")
        unready |= found.mark in "✗·"
        cause |= check in CAUSES and found.mark == "✗"
        if cause and check is python:                 # too old to run the other checks
            break
    print("\nFix what is marked, then run vidlearn doctor again." if unready else "\nReady.")
    return int(unready)


def examine(check):
    """What a check finds; an error in a check is a finding, too."""
    try:
        return check()
    except ModuleNotFoundError as error:
        return wrong(str(error), installed.reinstall((error.name or "vidlearn").partition(".")[0]))
    except Exception as error:
        place = extract_tb(error.__traceback__)[-1]
        return wrong(f"{type(error).__name__}: {first_line(error)} "
                     f"({Path(place.filename).name}, line {place.lineno})",
                     pip(f"install --force-reinstall {installed.vidlearn_source()}"))
