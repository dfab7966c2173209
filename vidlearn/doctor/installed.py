"""What is installed here, and the lines to type that change it. Needs no package but packaging."""

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


def asked(name):
    """What an installed package asks for on this machine.

    Raises   PackageNotFoundError
    """
    lines = metadata.requires(name) or ()
    found = map(import_module("packaging.requirements").Requirement, lines)
    return [r for r in found if r.marker is None or r.marker.evaluate({"extra": ""})]


def is_met(requirement):
    """Is it here, in a version that is asked for? Any wheel of OpenCV will do for OpenCV."""
    names = WHEELS if requirement.name == "opencv-python" else (requirement.name,)
    return any(requirement.specifier.contains(v, prereleases=True)
               for v in filter(None, map(version, names)))


def with_pair(lacking, asked):
    """What is lacking, and torch's or torchvision's partner: pip must see both to match them."""
    one_lacks = any(r.name in PAIR for r in lacking)
    return [r for r in asked if r in lacking or one_lacks and r.name in PAIR]


def lacking_below(name):
    """What is not here of all that the package's own needs ask for in turn.

    Returns  {name: (requirement, the name of a package that asks for it)}, the first for each
    """
    names, lacking = [r.name for r in asked(name) if version(r.name)], {}
    for name in names:                                # it grows on the way
        for requirement in asked(name):
            if not is_met(requirement):
                lacking.setdefault(requirement.name, (str(requirement), name))
            elif requirement.name not in names:
                names.append(requirement.name)
    return lacking


def short_of_fonts():
    """The file in which Matplotlib lists all fonts here, if it lacks some of its own; or None.

    So one leaves it behind whose files were deleted while it ran. Plots then warn, or fail.
    """
    matplotlib, fonts = map(import_module, ("matplotlib", "matplotlib.font_manager"))
    own = set(Path(matplotlib.get_data_path(), "fonts/ttf").glob("*.ttf"))
    if own <= {Path(font.fname) for font in fonts.fontManager.ttflist}:
        return None
    return Path(matplotlib.get_cachedir(), f"fontlist-v{fonts.FontManager.__version__}.json")


def modules():
    """The names of all modules that packages have brought here; ours may lie in a checkout."""
    return {"vidlearn", *metadata.packages_distributions()}


def again(module):
    """The line that brings a module back: its package anew, in the version that is here."""
    name = metadata.packages_distributions().get(module, [module.replace("_", "-")])[0]
    here = version(name)
    return pip(f"install --force-reinstall --no-deps {name}=={here}" if here else f"install {name}")


def python():
    """How to call this Python in a terminal: `python` only where that word means this one."""
    program, word = Path(sys.executable), shutil.which("python")
    if word and Path(word).parent == program.parent:
        return "python"
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    return f'"{program}"' if " " in str(program) else str(program)


def is_this(program):
    """Does a program named in a kernel run with our packages? Links tell nothing: ask it."""
    if not Path(program).is_absolute() or program == sys.executable:
        return True
    try:
        return subprocess.run([program, "-c", "import sys; print(sys.prefix)"], timeout=60,
                              capture_output=True, text=True).stdout.strip() == sys.prefix
    except (OSError, subprocess.TimeoutExpired):
        return False


def pip(words):
    """The line that runs this Python's pip."""
    return f"{python()} -m pip {words}"


def install(requirements):
    """The line that installs them; in quotes, for > would write a file."""
    return pip("install " + " ".join(f'"{line}"' for line in requirements))


def vidlearn():
    """What pip calls vidlearn: its name, or the checkout that this file is in."""
    return f'--editable "{ROOT}"' if (ROOT / "pyproject.toml").is_file() else "vidlearn"


def opencv_anew(wheels, bare=False):
    """The line that leaves one OpenCV, without windows where the system lacks their libraries."""
    bare = bare or sys.platform == "linux" and not find_library("GL")
    gone = pip(f"uninstall -y {' '.join(wheels)}") + " && " if wheels else ""
    return gone + pip("install opencv-python" + "-headless" * bare)


def rename(paths):
    """The line that gives files names that no package has."""
    word, join = ("ren", lambda path: path.name) if os.name == "nt" else ("mv -n", str)
    return " && ".join(f'{word} "{path}" "{join(path.with_name(f"my_{path.name}"))}"'
                       for path in paths)


def delete(path):
    """The line that deletes a file."""
    return f'{"del" if os.name == "nt" else "rm"} "{path}"'


def export(name, value):
    """The line that sets an environment variable; on Windows, for terminals opened after it."""
    return f"setx {name} {value}" if os.name == "nt" else f"export {name}={value}"
