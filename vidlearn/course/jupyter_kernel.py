"""The Python 3 kernel of `vidlearn lab`: this Python, with hints from the first cell on.

`lesson.start` in the first cell turns the hints on, too late for a reader who begins below it.
"""

import os
from pathlib import Path

from ipykernel.kernelspec import KERNEL_NAME, write_kernel_spec

HINTS = "--IPKernelApp.extra_extensions=vidlearn.course.lesson"


def settings(folder):
    """Write the kernel to `folder`; return the environment in which Jupyter finds it first."""
    write_kernel_spec(Path(folder, "kernels", KERNEL_NAME), extra_arguments=[HINTS])
    places = [str(folder), os.environ.get("JUPYTER_PATH")]
    return {"JUPYTER_PATH": os.pathsep.join(filter(None, places))}
