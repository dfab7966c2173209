"""The Python 3 kernel of `vidlearn lab`: this Python, and hints from the first cell on.

`lesson.start` brings the hints in the first cell; a reader who begins further down has none yet.
"""

import os
from pathlib import Path

from ipykernel.kernelspec import KERNEL_NAME, write_kernel_spec

HINTS = "--IPKernelApp.extra_extensions=vidlearn.course.lesson"


def settings(folder):
    """Write the kernel into `folder`; return the environment in which Jupyter takes it first."""
    write_kernel_spec(Path(folder, "kernels", KERNEL_NAME), extra_arguments=[HINTS])
    places = [str(folder), os.environ.get("JUPYTER_PATH")]
    return {"JUPYTER_PATH": os.pathsep.join(filter(None, places))}
