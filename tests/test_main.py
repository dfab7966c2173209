"""The installed command and `python -m vidlearn`; where they cannot start, doctor says why."""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-c", "from vidlearn.__main__ import main; main()")


def start(command, words, cwd, checks="checks.memory", **modules):
    """Run a command where modules of these sources are found before all others."""
    (cwd / "first").mkdir()
    for name, source in modules.items():
        (cwd / "first" / f"{name}.py").write_text(source)
    (cwd / "first/sitecustomize.py").write_text(
        f"from vidlearn.doctor import checks; checks.CHECKS = ({checks},)")
    return subprocess.run([*command, *words], capture_output=True, text=True, encoding="utf-8",
                          timeout=120, cwd=cwd,
                          env=os.environ | {"PYTHONPATH": f"{cwd / 'first'}{os.pathsep}{ROOT}",
                                            "PYTHONIOENCODING": "utf-8"})


def test_the_command_that_lacks_its_own_package_says_so(tmp_path):
    done = start(COMMAND, ["lab"], tmp_path,
                 typer="raise ModuleNotFoundError(\"No module named 'typer'\", name='typer')",
                 psutil="raise ModuleNotFoundError(\"No module named 'psutil'\", name='psutil')")
    assert done.returncode == 1 and not done.stderr
    assert "✗ memory    No module named 'psutil'" in done.stdout and "psutil==" in done.stdout


def test_a_fault_that_doctor_does_not_see_shows_its_traceback(tmp_path):
    done = start(COMMAND, [], tmp_path, "checks.names", typer="raise RuntimeError('out of type')")
    assert done.returncode == 1 and "RuntimeError: out of type" in done.stderr
    assert done.stdout.endswith("Ready.\n")


def test_debug_shows_the_traceback_of_what_doctor_sees_too(tmp_path):
    done = start(COMMAND, ["--debug", "lab"], tmp_path, typer="raise RuntimeError('out of type')",
                 psutil="raise ModuleNotFoundError(\"No module named 'psutil'\", name='psutil')")
    assert done.returncode == 1 and "RuntimeError: out of type" in done.stderr
    assert "✗ memory    No module named 'psutil'" in done.stdout


def test_python_m_vidlearn_does_not_take_a_file_that_is_here_for_a_package(tmp_path):
    for name in ("typer", "random", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(f'{__name__} of this folder')")
    done = start((sys.executable, "-m", "vidlearn"), ["--help"], tmp_path)
    assert done.returncode == 0 and "Usage: vidlearn" in done.stdout


def test_the_installed_command_is_the_one_that_can_say_what_it_lacks():
    [command] = metadata.entry_points(group="console_scripts", name="vidlearn")
    assert command.value == "vidlearn.__main__:main"


def test_a_bare_checkout_is_told_what_to_install():
    done = subprocess.run([sys.executable, "-I", "-S", "-c",
                           f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
                           "from vidlearn.doctor import blas, checks; "
                           "blas.gflops_with = lambda s: 0; "
                           "sys.exit(checks.report())"],
                          capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 1 and not done.stderr
    assert "✗ packages  vidlearn is not installed" in done.stdout
    lines = done.stdout.splitlines()
    assert all("→" in fix for line, fix in zip(lines, lines[1:], strict=False) if line[:1] == "✗")
