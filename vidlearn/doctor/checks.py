"""Is this machine ready? Each check says what it found and the one line that mends it.

    ✓  fine
    !  works, but something is worth knowing
    ✗  lessons will fail
    ·  so they will, but look again when what is marked above is mended: it may be the cause
"""

import os
import platform
import shutil
import sys
from importlib import import_module, metadata, util
from pathlib import Path

from vidlearn.doctor import blas as fast
from vidlearn.doctor import installed, space
from vidlearn.doctor.finding import Finding, fine, first_line, note, wrong
from vidlearn.doctor.installed import pip

OLDEST = (3, 11)
GIB = 2 ** 30
FULL = GIB // 20
SHOWN = ("numpy", "torch", "torchvision", "matplotlib", "jupyterlab")
LOADED = ("numpy", "matplotlib.pyplot", "IPython", "ipywidgets", "nbformat", "safetensors", "tqdm")
WINDOWS_RUNTIME = "https://aka.ms/vs/17/release/vc_redist.x64.exe"


def report():
    """Run every check and print what it says; return 1 if a lesson would fail, else 0."""
    unready = cause = False
    for check in CHECKS:
        found = examine(check)
        if cause and found.mark == "✗":
            found = Finding("·", found.says)
        print(f"{found.mark} {check.__name__:<9} {found.says}")
        if found.mend:
            print(f"            → {found.mend}")
        unready |= found.mark in "✗·"
        cause |= check in CAUSES and found.mark == "✗"
        if cause and check is python:                 # it cannot even run the other checks
            break
    print("\nMend what is marked, then run vidlearn doctor again." if unready else "\nReady.")
    return int(unready)


def examine(check):
    """What a check finds; one that fails itself has found something, too."""
    try:
        return check()
    except ModuleNotFoundError as error:
        return wrong(str(error), installed.again((error.name or "vidlearn").partition(".")[0]))
    except Exception as error:
        return wrong(f"{type(error).__name__}: {first_line(error)}",
                     pip(f"install --force-reinstall {installed.vidlearn()}"))


def python():
    if sys.version_info[:2] < OLDEST:
        return wrong(f"{platform.python_version()} is too old",
                     "install Python 3.11 or newer from python.org, and make the environment anew")
    if not installed.version("pip"):                  # find_spec("pip") breaks old setuptools
        return note(f"{platform.python_version()}, without pip",
                    f"{installed.python()} -m ensurepip")
    return fine(platform.python_version())


def names():
    """Would `import` take a file for a package? It looks first where the lesson is."""
    modules, here = installed.modules(), space.lessons()
    if taken := space.named_like(modules, here):
        return wrong(f"{_list(taken)} would be imported for the package of that name",
                     installed.rename(taken))
    modules |= getattr(sys, "stdlib_module_names", set())
    if taken := space.named_like(modules, {*here, Path.cwd()}):
        return note(f"{_list(taken)} may be imported for the module of that name",
                    installed.rename(taken))
    return fine("no file here is named like a package")


def packages():
    """Are the packages that vidlearn asks for here, and new enough? And those they ask for?"""
    try:
        asked = installed.asked("vidlearn")
    except metadata.PackageNotFoundError:
        return wrong("vidlearn is not installed", pip(f"install {installed.vidlearn()}"))
    if lacking := [r for r in asked if not installed.is_met(r)]:
        return wrong(f"missing or too old: {', '.join(map(str, lacking))}",
                     installed.install(installed.with_pair(lacking, asked)))
    if below := installed.lacking_below("vidlearn"):
        tell = note if all(map(installed.version, below)) else wrong
        return tell(", ".join(f"{owner} wants {line}" for line, owner in below.values()),
                    installed.install(line for line, _ in below.values()))
    return fine(", ".join(f"{name} {installed.version(name)}" for name in SHOWN))


def loads():
    """Do the packages that every lesson imports load?"""
    for module in LOADED:
        try:
            import_module(module)
        except Exception as error:
            name = getattr(error, "name", None) or module
            return wrong(f"{module} does not load: {first_line(error)}",
                         installed.again(name.partition(".")[0]))
    if listed := installed.short_of_fonts():
        return wrong("Matplotlib's list of fonts lacks its own: plots warn, or fail",
                     installed.delete(listed))
    return fine("what every lesson imports loads")


def pair():
    """Were torch and torchvision built for each other? If not, torchvision lacks operators."""
    found = {name: installed.version(name) for name in installed.PAIR}
    versions = " and ".join(f"{name} {version}" if version else f"no {name}"
                            for name, version in found.items())
    anew = pip("install --upgrade --force-reinstall torch torchvision")
    try:
        torch = import_module("torch")
    except Exception as error:
        runtime = os.name == "nt" and isinstance(error, OSError)      # its wheel brings none
        return wrong(f"torch does not load: {first_line(error)}",
                     f"install {WINDOWS_RUNTIME}, then open a new terminal" if runtime else anew)
    try:
        ops = import_module("torchvision.ops")
        ops.nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.tensor([1.0]), 0.5)
    except Exception as error:
        return wrong(f"{versions} do not work together: {first_line(error)}", anew)
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
        return wrong(f"does not load: {first_line(error)}",
                     installed.opencv_anew(wheels, bare=".so" in str(error)))
    if not reads:
        return wrong(f"{cv2.__version__} was built without FFmpeg: it reads no video files",
                     installed.opencv_anew(wheels))
    return fine(f"{cv2.__version__}")


def blas():
    """How fast does NumPy multiply, and is there a faster kernel on offer?"""
    measured = fast.speeds()
    if not measured[""]:
        return note("NumPy's speed could not be measured")
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
            return wrong(f"{says} computes nothing: {first_line(error)}; the CPU can",
                         installed.export("CUDA_VISIBLE_DEVICES", "-1"))
        return fine(says)
    if shutil.which("nvidia-smi"):
        return note(f"there is an NVIDIA GPU, but PyTorch {torch.__version__} does not see it",
                    "take the CUDA build that pytorch.org names for your driver, or update it")
    return fine("none: everything runs on the CPU")


def disk():
    """Is there room where lessons, clips and checkpoints are written?"""
    folder, free = space.tightest()
    says = f"{free / GIB:.1f} GiB free in {folder}"
    mend = f"empty the trash, or {pip('cache purge')}"
    if free < FULL:
        return wrong(f"{says}: no kernel will start, and nothing can be saved", mend)
    if free < GIB:
        return note(f"{says}: real clips and checkpoints may not fit", mend)
    return fine(f"{free / GIB:.0f} GiB free")


def folder():
    """Can a lesson be saved where it is?"""
    if kept := [place for place in space.lessons() if not space.writable(place)]:
        home = Path.home() if space.writable(Path.home()) else space.elsewhere("")
        return note(f"{kept[0]} cannot be written: no lesson can be saved there",
                    f"{installed.python()} -m vidlearn lab \"{home / 'my-course'}\"")
    return fine("lessons can be saved")


def memory():
    """How much is free, and how much of it may this container take?"""
    free = space.memory() / GIB
    if free < 2:
        return note(f"{free:.1f} GiB free: the training lessons want 2", "close other programs")
    return fine(f"{free:.0f} GiB free")


def cache():
    """Can fetched clips and weights be kept?"""
    folder = Path(import_module("platformdirs").user_cache_dir("vidlearn"))
    if not space.writable(folder):
        return note(f"{folder} cannot be written: vidlearn data get will fail",
                    installed.export("XDG_CACHE_HOME", space.elsewhere("cache")))
    return fine("what is fetched can be kept")


def jupyter():
    """Does Jupyter's Python 3 kernel run this Python, and can it keep its files?"""
    paths, kernelspec, _ = map(import_module, (
        "jupyter_core.paths", "jupyter_client.kernelspec", "jupyterlab"))
    if not util.find_spec("ipykernel"):
        return wrong("no ipykernel: no notebook will run", pip("install ipykernel"))
    where = "--sys-prefix" if paths.prefer_environment_over_user() else "--user"
    mend = f"{installed.python()} -m ipykernel install {where}"
    try:
        program = kernelspec.KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as error:
        return wrong(f"the kernel Python 3 cannot be read: {first_line(error)}", mend)
    if not installed.is_this(program):
        return wrong(f"the kernel Python 3 runs {program}, not this Python", mend)
    folder = Path(paths.jupyter_runtime_dir())
    if not space.writable(folder):
        return wrong(f"{folder} cannot be written: no kernel will start",
                     installed.export("JUPYTER_RUNTIME_DIR", space.elsewhere("jupyter")))
    return fine(f"JupyterLab {installed.version('jupyterlab')}")


CHECKS = (python, names, packages, loads, opencv, pair, blas, gpu, disk, folder, memory, cache,
          jupyter)
CAUSES = (python, names, packages, loads, pair)       # of what fails after them


def _list(paths):
    return ", ".join(path.name for path in paths)
