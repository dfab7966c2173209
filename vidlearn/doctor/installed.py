"""What is installed here, and the lines to type that change it. Needs only `packaging`."""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from importlib import import_module, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAIR = ("torch", "torchvision")                                   # built for each other
WHEELS = ("opencv-python", "opencv-python-headless",              # each of them is OpenCV
          "opencv-contrib-python", "opencv-contrib-python-headless")


def version(name):
    """The version of a package; None if it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def requirements(name):
    """What an installed package requires on this machine.

    Raises   PackageNotFoundError
    """
    lines = metadata.requires(name) or ()
    found = map(import_module("packaging.requirements").Requirement, lines)
    return [r for r in found if r.marker is None or r.marker.evaluate({"extra": ""})]


def is_met(requirement):
    """Whether a requirement is installed in a version that will do. Any wheel of OpenCV will."""
    names = WHEELS if requirement.name == "opencv-python" else (requirement.name,)
    return any(requirement.specifier.contains(v, prereleases=True)
               for v in filter(None, map(version, names)))


def with_partner(lacking, wanted):
    """What is missing, and the other of torch and torchvision: pip must see both to match them."""
    one_lacks = any(r.name in PAIR for r in lacking)
    return [r for r in wanted if r in lacking or one_lacks and r.name in PAIR]


def missing_indirectly(name):
    """What is missing of all that the required packages require in turn.

    Returns  {name: (requirement, the first package that requires it)}
    """
    names, lacking = [r.name for r in requirements(name) if version(r.name)], {}
    for name in names:                                # grows meanwhile
        for requirement in requirements(name):
            if not is_met(requirement):
                lacking.setdefault(requirement.name, (str(requirement), name))
            elif requirement.name not in names:
                names.append(requirement.name)
    return lacking


def incomplete_font_list():
    """Matplotlib's file that lists all fonts, if some of its own are not in it; else None.

    That happens where its files were deleted while it ran. Plots then warn or fail.
    """
    matplotlib, fonts = map(import_module, ("matplotlib", "matplotlib.font_manager"))
    own = set(Path(matplotlib.get_data_path(), "fonts/ttf").glob("*.ttf"))
    if own <= {Path(font.fname) for font in fonts.fontManager.ttflist}:
        return None
    return Path(matplotlib.get_cachedir(), f"fontlist-v{fonts.FontManager.__version__}.json")


def module_names():
    """The names of all installed modules, and of ours, which may lie in a checkout."""
    return {"vidlearn", *metadata.packages_distributions()}


def reinstall(module):
    """The line that installs the package of a module again, in the same version."""
    name = metadata.packages_distributions().get(module, [module.replace("_", "-")])[0]
    here = version(name)
    return pip(f"install --force-reinstall --no-deps {name}=={here}" if here else f"install {name}")


def python_command():
    """How to start this Python in a terminal: `python` only where that starts this one."""
    program, word = Path(sys.executable), shutil.which("python")
    if word and Path(word).parent == program.parent:
        return "python"
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    return f'"{program}"' if " " in str(program) else str(program)


def runs_here(program):
    """Whether a Python program sees the same packages as this one: ask it, links do not tell."""
    if not Path(program).is_absolute() or program == sys.executable:
        return True
    try:
        return subprocess.run([program, "-c", "import sys; print(sys.prefix)"], timeout=60,
                              capture_output=True, text=True).stdout.strip() == sys.prefix
    except (OSError, subprocess.TimeoutExpired):
        return False


def pip(words):
    """The line that runs this Python's pip."""
    return f"{python_command()} -m pip {words}"


def install(requirements):
    """The line that installs requirements; quoted, or > would write a file."""
    return pip("install " + " ".join(f'"{line}"' for line in requirements))


def vidlearn_source():
    """What to give pip for vidlearn: its name, or the checkout that this file is in."""
    return f'--editable "{ROOT}"' if (ROOT / "pyproject.toml").is_file() else "vidlearn"


def reinstall_opencv(wheels, bare=False):
    """The line that leaves a single OpenCV: headless where windows cannot open."""
    bare = bare or sys.platform == "linux" and not find_library("GL")
    uninstall = pip(f"uninstall -y {' '.join(wheels)}") + " && " if wheels else ""
    return uninstall + pip("install opencv-python" + "-headless" * bare)


def rename(paths):
    """The line that renames files to my_...: no package has such a name."""
    word, join = ("ren", lambda path: path.name) if os.name == "nt" else ("mv -n", str)
    return " && ".join(f'{word} "{path}" "{join(path.with_name(f"my_{path.name}"))}"'
                       for path in paths)


def delete(path):
    """The line that deletes a file."""
    return f'{"del" if os.name == "nt" else "rm"} "{path}"'


def export(name, value):
    """The line that sets an environment variable; on Windows for terminals opened later."""
    return f"setx {name} {value}" if os.name == "nt" else f"export {name}={value}"
