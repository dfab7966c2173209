"""Ctrl-C while the command is still being imported: it ends, and shows no traceback."""

import signal
import subprocess
import sys
import threading

import pytest

from vidlearn.cli.interrupt import SilentInterrupt

PROGRAM = """
import os, signal, sys

class Strike:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
            sys.path_importer_cache.clear()           # some Python to run, in which it is heard

signal.signal(signal.SIGINT, signal.{handler})
sys.meta_path.insert(0, Strike())
sys.argv = ["vidlearn", *{words!r}]
from vidlearn.__main__ import main
main()
"""


def struck(module, *words, handler="default_int_handler"):
    """Run the command, with Ctrl-C where it imports a module."""
    program = PROGRAM.format(module=module, words=words, handler=handler)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


@pytest.mark.parametrize("module, words", [
    ("typer", ["-h"]), ("vidlearn.cli.errors", ["-h"]), ("numpy", ["compare", "conv3d"]),
    ("torch", ["compare", "conv3d"]), ("cv2", ["train", "clips"]), ("torch", ["train", "clips"]),
    ("torch", ["classify", "clip.mp4", "-w", "weights"]), ("nbformat", ["check", "24"]),
    ("vidlearn.doctor.checks", ["doctor"]), ("vidlearn.datasets.real", ["data", "list"]),
    ("vidlearn.datasets.real", ["data", "get", "moon"]),
])
def test_ctrl_c_in_an_import_ends_the_command_without_a_word(module, words):
    done = struck(module, *words)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_who_asked_not_to_hear_ctrl_c_does_not():
    """As nohup does, and a shell for what it runs in the background."""
    done = struck("vidlearn.datasets.real", "data", "list", handler="SIG_IGN")
    assert done.returncode == 0 and "walking" in done.stdout


def test_afterwards_ctrl_c_is_what_it_was():
    before = signal.getsignal(signal.SIGINT)
    with SilentInterrupt():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
        with SilentInterrupt():
            pass
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is before is signal.default_int_handler


def test_an_error_inside_comes_out():
    with pytest.raises(ImportError), SilentInterrupt():
        raise ImportError
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_beside_the_main_thread_it_does_nothing():
    seen = []

    def enter():
        with SilentInterrupt():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
