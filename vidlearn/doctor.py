"""Is this machine ready? Each check says what it found and the one line that mends it.

    ✓  fine
    !  works, but something is worth knowing
    ✗  lessons will fail
"""

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path

from packaging.requirements import Requirement

from vidlearn import blas as fast

OLDEST = (3, 11)
GIB = 2 ** 30
WHEELS = ("opencv-python", "opencv-python-headless",
          "opencv-contrib-python", "opencv-contrib-python-headless")
OPENCV_LIBRARIES = "sudo apt install libgl1 libglib2.0-0"
SHOWN = ("numpy", "torch", "torchvision", "matplotlib", "jupyterlab")


@dataclass
class Finding:
    """What a check says: a mark, a sentence, and the line that mends it."""

    mark: str
    says: str
    mend: str = ""


def fine(says):
    return Finding("✓", says)


def note(says, mend=""):
    return Finding("!", says, mend)


def wrong(says, mend):
    return Finding("✗", says, mend)


def report():
    """Run every check and print what it says; return 1 if a lesson would fail, else 0."""
    worst = 0
    for check in CHECKS:
        found = examine(check)
        print(f"{found.mark} {check.__name__:<9} {found.says}")
        if found.mend:
            print(f"            → {found.mend}")
        worst = max(worst, found.mark == "✗")
    print("\nReady." if not worst else "\nMend what is marked ✗, then run vidlearn doctor again.")
    return int(worst)


def examine(check):
    """What a check finds; one that fails itself has found something, too."""
    try:
        return check()
    except Exception as error:
        return wrong(f"{type(error).__name__}: {error}", "python -m pip install --force-reinstall "
                     "vidlearn")


def python():
    if sys.version_info[:2] < OLDEST:
        return wrong(f"{platform.python_version()} is too old",
                     "install Python 3.11 or newer from python.org, and make the environment anew")
    return fine(platform.python_version())


def packages():
    """Are the packages that vidlearn asks for here, and new enough?"""
    asked = [Requirement(line) for line in metadata.requires("vidlearn") if "extra ==" not in line]
    lacking = [str(r) for r in asked if not _is_met(r)]
    if lacking:
        return wrong(f"missing or too old: {', '.join(lacking)}",
                     f"python -m pip install {' '.join(map(repr, lacking))}")
    return fine(", ".join(f"{name} {_version(name)}" for name in SHOWN))


def pair():
    """Were torch and torchvision built for each other? If not, torchvision lacks operators."""
    versions = f"torch {_version('torch')} and torchvision {_version('torchvision')}"
    try:
        torch, ops = import_module("torch"), import_module("torchvision.ops")
        ops.nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.tensor([1.0]), 0.5)
    except Exception as error:
        return wrong(f"{versions} do not work together: {_first_line(error)}",
                     "python -m pip install --upgrade --force-reinstall torch torchvision")
    return fine(f"{versions} work together")


def opencv():
    """Does OpenCV load, and is it installed once?"""
    wheels = [name for name in WHEELS if _version(name)]
    if len(wheels) > 1:
        return wrong(f"{' and '.join(wheels)} overwrite each other's files",
                     f"python -m pip uninstall -y {' '.join(wheels)} && "
                     "python -m pip install opencv-python")
    try:
        cv2 = import_module("cv2")
    except ImportError as error:
        mend = OPENCV_LIBRARIES if ".so" in str(error) else (
            "python -m pip install --force-reinstall opencv-python")
        return wrong(f"does not load: {_first_line(error)}", mend)
    return fine(f"{cv2.__version__}")


def blas():
    """How fast does NumPy multiply, and is there a faster kernel on offer?"""
    measured = fast.speeds()
    says = f"NumPy multiplies at {measured['']:.0f} GFLOP/s on one core"
    if words := fast.in_use():
        says += f" ({words})"
    if "OPENBLAS_CORETYPE" in os.environ or not (kernel := fast.faster(measured)):
        return fine(says)
    return note(f"{says}, and at {measured[kernel]:.0f} on its {kernel} kernel",
                f"export OPENBLAS_CORETYPE={kernel}   (vidlearn lab does so by itself)")


def gpu():
    """Is there a CUDA device, and does PyTorch see it?"""
    torch = import_module("torch")
    if torch.cuda.is_available():
        device = torch.cuda.get_device_properties(0)
        size = device.total_memory / GIB
        return fine(f"{device.name}, {size:.0f} GiB, CUDA {torch.version.cuda}")
    if shutil.which("nvidia-smi"):
        return note(f"there is an NVIDIA GPU, but PyTorch {torch.__version__} does not see it",
                    "take the CUDA build that pytorch.org names for your driver, or update it")
    return fine("none: everything runs on the CPU")


def disk():
    free = shutil.disk_usage(Path.home()).free / GIB
    if free < 1:
        return note(f"{free:.1f} GiB free: real clips and checkpoints may not fit",
                    "empty the trash, or python -m pip cache purge")
    return fine(f"{free:.0f} GiB free")


def memory():
    free = import_module("psutil").virtual_memory().available / GIB
    if free < 2:
        return note(f"{free:.1f} GiB free: the training lessons want 2", "close other programs")
    return fine(f"{free:.0f} GiB free")


def cache():
    """Can fetched clips and weights be kept?"""
    folder = Path(import_module("platformdirs").user_cache_dir("vidlearn"))
    if not _writable(folder):
        return note(f"{folder} cannot be written: vidlearn data get will fail",
                    "export XDG_CACHE_HOME=... to a folder of yours")
    return fine("what is fetched can be kept")


def jupyter():
    """Does Jupyter's Python 3 kernel run this Python, and can it keep its files?"""
    specs = import_module("jupyter_client.kernelspec").KernelSpecManager()
    program = specs.get_kernel_spec("python3").argv[0]
    if Path(program).is_absolute() and not Path(program).samefile(sys.executable):
        return wrong(f"the kernel Python 3 runs {program}, not this Python",
                     "python -m ipykernel install --sys-prefix")
    folder = Path(import_module("jupyter_core.paths").jupyter_runtime_dir())
    if not _writable(folder):
        return wrong(f"{folder} cannot be written: no kernel will start",
                     "export JUPYTER_RUNTIME_DIR=... to a folder of yours")
    return fine(f"JupyterLab {_version('jupyterlab')}")


CHECKS = (python, packages, pair, opencv, blas, gpu, disk, memory, cache, jupyter)


def _is_met(requirement):
    names = WHEELS if requirement.name == "opencv-python" else (requirement.name,)
    versions = filter(None, map(_version, names))
    return any(requirement.specifier.contains(v, prereleases=True) for v in versions)


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _writable(folder):
    """Could files be made in `folder`, or in the nearest parent that is there?"""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return there.is_dir() and os.access(there, os.W_OK)


def _first_line(error):
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
