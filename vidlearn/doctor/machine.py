"""Checks of the machine: its speed, its GPU, its disk and its memory."""

import os
import shutil
from importlib import import_module
from pathlib import Path

from vidlearn.doctor import blas as blas_speed
from vidlearn.doctor import installed, space
from vidlearn.doctor.finding import fine, first_line, note, wrong
from vidlearn.doctor.installed import pip

GIB = 2 ** 30
FULL = GIB // 20                     # with less room no kernel starts


def blas():
    """How fast does NumPy multiply, and could another of its kernels do it faster?"""
    measured = blas_speed.speeds()
    if not measured[""]:
        return note("NumPy's speed could not be measured")
    says = f"NumPy multiplies at {measured['']:.0f} GFLOP/s on one core"
    if words := blas_speed.in_use():
        says += f" ({words})"
    kernel = blas_speed.faster(measured)
    if "OPENBLAS_CORETYPE" in os.environ or not kernel or f"{kernel} kernel" in words:
        return fine(says)
    return note(f"{says}, and at {measured[kernel]:.0f} with its {kernel} kernel, which "
                "vidlearn lab chooses by itself", installed.export("OPENBLAS_CORETYPE", kernel))


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
            return wrong(f"{says} cannot compute: {first_line(error)}; the CPU can",
                         installed.export("CUDA_VISIBLE_DEVICES", "-1"))
        return fine(says)
    if shutil.which("nvidia-smi"):
        return note(f"there is an NVIDIA GPU, but PyTorch {torch.__version__} does not see it",
                    "install a newer driver, or the CUDA build of PyTorch for yours: pytorch.org")
    return fine("none: everything runs on the CPU")


def disk():
    """Is there space where lessons, clips and checkpoints are written?"""
    folder, free = space.fullest_disk()
    says = f"{free / GIB:.1f} GiB free in {folder}"
    fix = f"empty the trash, or {pip('cache purge')}"
    if free < FULL:
        return wrong(f"{says}: no kernel will start, and nothing can be saved", fix)
    if free < GIB:
        return note(f"{says}: real clips and checkpoints may not fit", fix)
    return fine(f"{free / GIB:.0f} GiB free")


def folder():
    """Can lessons be saved in their folders?"""
    if kept := [place for place in space.lesson_folders() if not space.writable(place)]:
        home = Path.home() if space.writable(Path.home()) else space.temporary("")
        return note(f"{kept[0]} cannot be written: no lesson can be saved there",
                    f"{installed.python_command()} -m vidlearn lab \"{home / 'my-course'}\"")
    return fine("lessons can be saved")


def memory():
    """How much memory is free for this process, in a container too?"""
    free = space.free_memory() / GIB
    if free < 2:
        return note(f"{free:.1f} GiB free: the lessons that train need 2", "close other programs")
    return fine(f"{free:.0f} GiB free")


def cache():
    """Can fetched clips and weights be stored?"""
    folder = Path(import_module("platformdirs").user_cache_dir("vidlearn"))
    if not space.writable(folder):
        return note(f"{folder} cannot be written: vidlearn data get will fail",
                    installed.export("XDG_CACHE_HOME", space.temporary("cache")))
    return fine("fetched files can be stored")
