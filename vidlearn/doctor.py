"""Is this machine ready? Each check says what it found and the one line that mends it.

    ✓  fine
    !  works, but something is worth knowing
    ✗  lessons will fail
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module, metadata, util
from pathlib import Path

from vidlearn import blas as fast
from vidlearn import installed
from vidlearn.installed import pip

OLDEST = (3, 11)
GIB = 2 ** 30
SHOWN = ("numpy", "torch", "torchvision", "matplotlib", "jupyterlab")
CPU_WHEELS = " --index-url https://download.pytorch.org/whl/cpu"
MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


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
    except ModuleNotFoundError as error:
        name = (error.name or "vidlearn").partition(".")[0].replace("_", "-")
        return wrong(str(error), pip(f"install {name}"))
    except Exception as error:
        return wrong(f"{type(error).__name__}: {_first_line(error)}",
                     pip(f"install --force-reinstall {installed.vidlearn()}"))


def python():
    if sys.version_info[:2] < OLDEST:
        return wrong(f"{platform.python_version()} is too old",
                     "install Python 3.11 or newer from python.org, and make the environment anew")
    if not installed.version("pip"):                  # find_spec("pip") breaks old setuptools
        return note(f"{platform.python_version()}, without pip",
                    f"{installed.python()} -m ensurepip")
    return fine(platform.python_version())


def packages():
    """Are the packages that vidlearn asks for here, and new enough? And those they ask for?"""
    try:
        asked = installed.asked("vidlearn")
    except metadata.PackageNotFoundError:
        return wrong("vidlearn is not installed", pip(f"install {installed.vidlearn()}"))
    if lacking := [str(r) for r in asked if not installed.is_met(r)]:
        return wrong(f"missing or too old: {', '.join(lacking)}", installed.install(lacking))
    if below := installed.lacking_below("vidlearn"):
        return note(", ".join(f"{owner} wants {r}" for r, owner in below.items()),
                    installed.install(below))
    return fine(", ".join(f"{name} {installed.version(name)}" for name in SHOWN))


def pair():
    """Were torch and torchvision built for each other? If not, torchvision lacks operators."""
    found = {name: installed.version(name) for name in ("torch", "torchvision")}
    versions = " and ".join(f"{name} {version}" if version else f"no {name}"
                            for name, version in found.items())
    try:
        torch, ops = import_module("torch"), import_module("torchvision.ops")
        ops.nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.tensor([1.0]), 0.5)
    except Exception as error:
        cpu = CPU_WHEELS * ("+cpu" in str(found["torch"]))
        return wrong(f"{versions} do not work together: {_first_line(error)}",
                     pip(f"install --upgrade --force-reinstall torch torchvision{cpu}"))
    return fine(f"{versions} work together")


def opencv():
    """Does OpenCV load, is it installed once, and can it read video files?"""
    wheels = list(filter(installed.version, installed.WHEELS))
    if len(wheels) > 1:
        return wrong(f"{' and '.join(wheels)} overwrite each other's files",
                     installed.opencv_anew(wheels))
    try:
        cv2 = import_module("cv2")
        reads = cv2.CAP_FFMPEG in cv2.videoio_registry.getBackends()
    except Exception as error:
        return wrong(f"does not load: {_first_line(error)}",
                     installed.opencv_anew(wheels, bare=".so" in str(error)))
    if not reads:
        return wrong(f"{cv2.__version__} was built without FFmpeg: it reads no video files",
                     installed.opencv_anew(wheels))
    return fine(f"{cv2.__version__}")


def blas():
    """How fast does NumPy multiply, and is there a faster kernel on offer?"""
    measured = fast.speeds()
    says = f"NumPy multiplies at {measured['']:.0f} GFLOP/s on one core"
    if words := fast.in_use():
        says += f" ({words})"
    kernel = fast.faster(measured)
    if "OPENBLAS_CORETYPE" in os.environ or not kernel or f"{kernel} kernel" in words:
        return fine(says)
    return note(f"{says}, and at {measured[kernel]:.0f} on its {kernel} kernel, which vidlearn lab "
                "takes by itself", installed.export("OPENBLAS_CORETYPE", kernel))


def gpu():
    """Is there a CUDA device, does PyTorch see it, and does it compute?"""
    torch = import_module("torch")
    if torch.cuda.is_available():
        device = torch.cuda.get_device_properties(0)
        size = device.total_memory / GIB
        says = f"{device.name}, {size:.0f} GiB, CUDA {torch.version.cuda}"
        try:                                          # a card may be full, or too old for PyTorch
            torch.ones(1, device="cuda").add(1).item()
        except Exception as error:
            return wrong(f"{says} computes nothing: {_first_line(error)}; the CPU can",
                         installed.export("CUDA_VISIBLE_DEVICES", "-1"))
        return fine(says)
    if shutil.which("nvidia-smi"):
        return note(f"there is an NVIDIA GPU, but PyTorch {torch.__version__} does not see it",
                    "take the CUDA build that pytorch.org names for your driver, or update it")
    return fine("none: everything runs on the CPU")


def disk():
    free = shutil.disk_usage(_nearest(Path.home())).free / GIB
    if free < 1:
        return note(f"{free:.1f} GiB free: real clips and checkpoints may not fit",
                    f"empty the trash, or {pip('cache purge')}")
    return fine(f"{free:.0f} GiB free")


def memory():
    """How much is free, and how much of it may this container take?"""
    free = import_module("psutil").virtual_memory().available
    free = min([free, *map(int, filter(str.isdigit, map(_read, MEMORY_LIMITS)))]) / GIB
    if free < 2:
        return note(f"{free:.1f} GiB free: the training lessons want 2", "close other programs")
    return fine(f"{free:.0f} GiB free")


def cache():
    """Can fetched clips and weights be kept?"""
    folder = Path(import_module("platformdirs").user_cache_dir("vidlearn"))
    if not _writable(folder):
        return note(f"{folder} cannot be written: vidlearn data get will fail",
                    installed.export("XDG_CACHE_HOME", _elsewhere("cache")))
    return fine("what is fetched can be kept")


def jupyter():
    """Does Jupyter's Python 3 kernel run this Python, and can it keep its files?"""
    paths, kernelspec = map(import_module, ("jupyter_core.paths", "jupyter_client.kernelspec"))
    if not util.find_spec("ipykernel"):
        return wrong("no ipykernel: no notebook will run", pip("install ipykernel"))
    where = "--sys-prefix" if paths.prefer_environment_over_user() else "--user"
    mend = f"{installed.python()} -m ipykernel install {where}"
    try:
        program = kernelspec.KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as error:
        return wrong(f"the kernel Python 3 cannot be read: {_first_line(error)}", mend)
    if not _is_this(program):
        return wrong(f"the kernel Python 3 runs {program}, not this Python", mend)
    folder = Path(paths.jupyter_runtime_dir())
    if not _writable(folder):
        return wrong(f"{folder} cannot be written: no kernel will start",
                     installed.export("JUPYTER_RUNTIME_DIR", _elsewhere("jupyter")))
    return fine(f"JupyterLab {installed.version('jupyterlab')}")


CHECKS = (python, packages, pair, opencv, blas, gpu, disk, memory, cache, jupyter)


def _is_this(program):
    """Does a kernel's program run with our packages? Links tell nothing: ask it."""
    if not Path(program).is_absolute() or program == sys.executable:
        return True
    try:
        return subprocess.run([program, "-c", "import sys; print(sys.prefix)"], timeout=60,
                              capture_output=True, text=True).stdout.strip() == sys.prefix
    except (OSError, subprocess.TimeoutExpired):
        return False


def _nearest(folder):
    return next(path for path in (folder, *folder.parents) if path.exists())


def _writable(folder):
    """Could files be made in `folder`, or in the nearest parent that is there?"""
    there = _nearest(folder)
    return there.is_dir() and os.access(there, os.W_OK)


def _elsewhere(name):
    return Path(tempfile.gettempdir(), name)


def _read(path):
    return Path(path).read_text().strip() if Path(path).is_file() else ""


def _first_line(error):
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
