"""Checks of what is installed: Python, its packages, and the Jupyter kernel."""

import os
import platform
import sys
from importlib import import_module, metadata, util
from pathlib import Path

from vidlearn.doctor import installed, space
from vidlearn.doctor.finding import fine, first_line, note, wrong
from vidlearn.doctor.installed import pip

OLDEST = (3, 11)
SHOWN = ("numpy", "torch", "torchvision", "matplotlib", "jupyterlab")
LOADED = ("numpy", "av", "matplotlib.pyplot", "IPython", "ipywidgets", "nbformat", "safetensors",
          "tqdm")
WINDOWS_RUNTIME = "https://aka.ms/vs/17/release/vc_redist.x64.exe"


def python():
    """Is Python new enough, and is pip here?"""
    if sys.version_info[:2] < OLDEST:
        return wrong(f"{platform.python_version()} is too old",
                     "install Python 3.11 or newer from python.org in a new environment")
    if not installed.version("pip"):                  # find_spec("pip") breaks old setuptools
        return note(f"{platform.python_version()}, without pip",
                    f"{installed.python_command()} -m ensurepip")
    return fine(platform.python_version())


def names():
    """Does a file near the lessons hide a package? `import` looks there first."""
    modules, here = installed.module_names(), space.lesson_folders()
    if taken := space.shadowing(modules, here):
        return wrong(f"{_names(taken)} would be imported instead of the package of that name",
                     installed.rename(taken))
    modules |= getattr(sys, "stdlib_module_names", set())
    if taken := space.shadowing(modules, {*here, Path.cwd()}):
        return note(f"{_names(taken)} may be imported instead of the module of that name",
                    installed.rename(taken))
    return fine("no file here has the name of a package")


def packages():
    """Are all packages that vidlearn requires, and those they require, here and new enough?"""
    try:
        asked = installed.requirements("vidlearn")
    except metadata.PackageNotFoundError:
        return wrong("vidlearn is not installed", pip(f"install {installed.vidlearn_source()}"))
    if lacking := [r for r in asked if not installed.is_met(r)]:
        return wrong(f"missing or too old: {', '.join(map(str, lacking))}",
                     installed.install(installed.with_partner(lacking, asked)))
    if below := installed.missing_indirectly("vidlearn"):
        tell = note if all(map(installed.version, below)) else wrong
        return tell(", ".join(f"{owner} requires {line}" for line, owner in below.values()),
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
                         installed.reinstall(name.partition(".")[0]))
    if listed := installed.incomplete_font_list():
        return wrong("Matplotlib's list of fonts lacks its own fonts: plots warn or fail",
                     installed.delete(listed))
    return fine("all that every lesson imports can be loaded")


def pair():
    """Were torch and torchvision built for each other? If not, torchvision lacks operators."""
    found = {name: installed.version(name) for name in installed.PAIR}
    versions = " and ".join(f"{name} {version}" if version else f"no {name}"
                            for name, version in found.items())
    reinstall = pip("install --upgrade --force-reinstall torch torchvision")
    try:
        torch = import_module("torch")
    except Exception as error:
        runtime = os.name == "nt" and isinstance(error, OSError)      # the wheel has none
        return wrong(f"torch does not load: {first_line(error)}",
                     f"install {WINDOWS_RUNTIME}, then open a new terminal"
                     if runtime else reinstall)
    try:
        ops = import_module("torchvision.ops")
        ops.nms(torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.tensor([1.0]), 0.5)
    except Exception as error:
        return wrong(f"{versions} do not work together: {first_line(error)}", reinstall)
    return fine(f"{versions} work together")


def opencv():
    """Does OpenCV load, is it installed once, and can it read video files?"""
    wheels = list(filter(installed.version, installed.WHEELS))
    if len(wheels) > 1:
        return wrong(f"{' and '.join(wheels)} overwrite each other's files",
                     installed.reinstall_opencv(wheels))
    try:
        cv2 = import_module("cv2")
        reads = cv2.CAP_FFMPEG in cv2.videoio_registry.getBackends()
    except Exception as error:
        return wrong(f"does not load: {first_line(error)}",
                     installed.reinstall_opencv(wheels, bare=".so" in str(error)))
    if not reads:
        return wrong(f"{cv2.__version__} was built without FFmpeg: it cannot read video files",
                     installed.reinstall_opencv(wheels))
    return fine(f"{cv2.__version__}")


def jupyter():
    """Does Jupyter's Python 3 kernel run this Python, and can it keep its files?"""
    paths, kernelspec, _ = map(import_module, (
        "jupyter_core.paths", "jupyter_client.kernelspec", "jupyterlab"))
    if not util.find_spec("ipykernel"):
        return wrong("ipykernel is missing: no notebook will run", pip("install ipykernel"))
    where = "--sys-prefix" if paths.prefer_environment_over_user() else "--user"
    fix = f"{installed.python_command()} -m ipykernel install {where}"
    try:
        program = kernelspec.KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as error:
        return wrong(f"the kernel Python 3 cannot be read: {first_line(error)}", fix)
    if not installed.runs_here(program):
        return wrong(f"the kernel Python 3 runs {program}, not this Python", fix)
    folder = Path(paths.jupyter_runtime_dir())
    if not space.writable(folder):
        return wrong(f"{folder} cannot be written: no kernel will start",
                     installed.export("JUPYTER_RUNTIME_DIR", space.temporary("jupyter")))
    return fine(f"JupyterLab {installed.version('jupyterlab')}")


def _names(paths):
    return ", ".join(path.name for path in paths)
