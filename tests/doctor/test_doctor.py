"""An environment is broken in many ways, and doctor names the problem and what mends it.

tools/broken.py breaks a copy of the environment for real.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections import namedtuple
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from vidlearn.doctor import checks as doctor
from vidlearn.doctor import installed, space

INSTALLED = installed.version
ROOT = installed.ROOT


@pytest.fixture
def broken(monkeypatch):
    """Tools that break an environment."""
    def modules(**replaced):
        real = doctor.import_module
        monkeypatch.setattr(doctor, "import_module", lambda name: _or_raise(
            replaced.get(name.replace(".", "_")) or real(name)))

    def versions(**replaced):
        monkeypatch.setattr(installed, "version",
                            lambda name: replaced.get(name.replace("-", "_"), INSTALLED(name)))
    monkeypatch.setattr(installed, "python", lambda: "python")
    return SimpleNamespace(modules=modules, versions=versions, patch=monkeypatch.setattr)


def _or_raise(found):
    if isinstance(found, Exception):
        raise found
    return found


def test_this_environment_is_ready(capsys):
    assert doctor.report() == 0
    said = capsys.readouterr().out
    assert "✗" not in said and said.endswith("Ready.\n")
    assert f"numpy {np.__version__}" in said and "GFLOP/s" in said


def test_an_old_python(broken):
    broken.patch(sys, "version_info", (3, 9, 2))
    found = doctor.python()
    assert found.mark == "✗" and "is too old" in found.says and "python.org" in found.mend


def test_an_old_python_is_all_that_is_told(broken, capsys):
    broken.patch(sys, "version_info", (3, 9, 2))
    assert doctor.report() == 1
    assert capsys.readouterr().out.count("\n") == 4   # it, what mends it, and what to do then


def test_a_missing_package(broken):
    broken.versions(typer=None)
    found = doctor.packages()
    assert found.mark == "✗" and "missing or too old: typer" in found.says
    assert found.mend.startswith('python -m pip install "typer>=')


def test_torch_comes_back_as_the_one_that_torchvision_fits(broken):
    broken.versions(torch=None)
    found = doctor.packages()
    assert found.says.startswith("missing or too old: torch>=") and "torchvision" not in found.says
    assert found.mend.count('"torch>=') == found.mend.count('"torchvision>=') == 1


def test_a_package_that_is_too_old(broken):
    broken.versions(numpy="1.24.0")
    assert "missing or too old: numpy" in doctor.packages().says


def test_a_missing_package_that_another_one_asks_for(broken):
    broken.versions(jupyterlab_widgets=None)
    found = doctor.packages()
    assert found.mark == "✗" and found.says.startswith("ipywidgets wants jupyterlab")
    assert found.mend.startswith('python -m pip install "jupyterlab')


def test_an_old_package_that_another_one_asks_for_may_do(broken):
    broken.versions(jupyterlab_widgets="1.0")
    found = doctor.packages()
    assert found.mark == "!" and found.says.startswith("ipywidgets wants jupyterlab")
    assert found.mend.startswith('python -m pip install "jupyterlab')


def test_a_missing_package_two_steps_down(broken):
    broken.versions(argon2_cffi=None)                 # of jupyter-server, of jupyterlab
    assert "wants argon2-cffi" in doctor.packages().says


def test_what_another_system_or_an_extra_asks_for_is_not_missed(broken):
    broken.patch(metadata, "requires", lambda name: {"vidlearn": [
        "none; platform_system == 'Nowhere'", "none; extra == 'bench'", "numpy"]}.get(name))
    assert doctor.packages().mark == "✓"


def test_vidlearn_not_installed(broken):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)
    broken.patch(metadata, "requires", nothing)
    found = doctor.examine(doctor.packages)
    assert found.mark == "✗" and found.says == "vidlearn is not installed"
    assert found.mend == f"python -m pip install {installed.vidlearn()}"


def test_a_python_without_pip(broken):
    broken.versions(pip=None)
    found = doctor.python()
    assert found.mark == "!" and "without pip" in found.says
    assert found.mend == "python -m ensurepip"


@pytest.mark.parametrize("here, mend", [
    ("9.8", "install --force-reinstall --no-deps platformdirs==9.8"),
    (None, "install platformdirs")])
def test_a_module_that_a_check_needs_is_missing(here, mend, broken):
    broken.versions(platformdirs=here)
    broken.modules(platformdirs=ModuleNotFoundError("No module named 'platformdirs'",
                                                    name="platformdirs"))
    found = doctor.examine(doctor.cache)
    assert found.says == "No module named 'platformdirs'"
    assert found.mend == f"python -m pip {mend}"


def test_a_module_goes_by_another_name_than_its_package(broken):
    broken.versions(pyzmq="9.8")
    assert installed.again("zmq").endswith("--no-deps pyzmq==9.8")


def test_no_jupyterlab(broken):
    broken.modules(jupyterlab=ModuleNotFoundError("No module named 'jupyterlab'"))
    assert doctor.examine(doctor.jupyter).says == "No module named 'jupyterlab'"


def test_a_numpy_that_does_not_load(broken):
    broken.versions(numpy="2.1")
    error = ImportError("IMPORTANT: PLEASE READ THIS\nand that", name="numpy._core._umath")
    error.__cause__ = ImportError("libscipy_openblas.so: cannot open shared object file")
    broken.modules(numpy=error)
    found = doctor.loads()
    assert found.says.startswith("numpy does not load: libscipy_openblas.so: cannot open")
    assert found.mend == "python -m pip install --force-reinstall --no-deps numpy==2.1"


def test_what_matplotlib_wants_is_brought_back_and_not_matplotlib(broken):
    broken.versions(pillow="11.0")
    broken.modules(matplotlib_pyplot=ModuleNotFoundError("No module named 'PIL'", name="PIL"))
    found = doctor.loads()
    assert found.says == "matplotlib.pyplot does not load: No module named 'PIL'"
    assert found.mend.endswith("--no-deps pillow==11.0")


SPOIL = "import matplotlib; matplotlib.get_data_path = lambda: '/deleted'; "
LIST = "import matplotlib.font_manager"
ASK = ("from vidlearn.doctor import installed; print(installed.short_of_fonts()); "
       "import matplotlib.pyplot as plt; plt.semilogy([1, 10]); plt.gcf().canvas.draw()")


def test_a_list_of_fonts_that_lacks_matplotlibs_own_is_damaged_until_it_is_deleted(tmp_path):
    def run(source):
        return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True,
                              env=os.environ | {"MPLCONFIGDIR": str(tmp_path), "MPLBACKEND": "agg"})
    run(SPOIL + LIST)
    [listed] = tmp_path.glob("fontlist-*.json")
    spoilt = run(ASK)
    assert spoilt.stdout == f"{listed}\n" and "findfont" in spoilt.stderr
    subprocess.run(installed.delete(listed), shell=True, check=True)
    mended = run(ASK)
    assert (mended.stdout, mended.stderr) == ("None\n", "")


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
@pytest.mark.parametrize("target, runs", [("test", "pytest"), ("record", "tools.record"),
                                          ("test-browser", "tools.browser.drive")])
def test_what_make_runs_takes_another_list_of_fonts_than_that_of_the_home(target, runs):
    said = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True).stdout
    lines = [line for line in said.splitlines() if f" -m {runs} " in f"{line} "]
    assert lines and all(f"MPLCONFIGDIR='{ROOT / 'build/matplotlib'}' " in line for line in lines)


def test_a_damaged_list_of_fonts(broken, tmp_path):
    broken.patch(installed, "short_of_fonts", lambda: tmp_path / "fontlist.json")
    found = doctor.loads()
    assert found.mark == "✗" and "list of fonts" in found.says
    assert found.mend == f'rm "{tmp_path / "fontlist.json"}"'


@pytest.mark.parametrize("system, word", [("posix", "rm"), ("nt", "del")])
def test_a_file_is_deleted_by_the_systems_own_word(system, word, monkeypatch):
    monkeypatch.setattr(installed, "os", SimpleNamespace(name=system))
    assert installed.delete("a b") == f'{word} "a b"'


@pytest.mark.parametrize("word, program, typed", [
    ("/venv/bin/python", "/venv/bin/python3", "python"),
    ("/usr/bin/python", "/venv/bin/python", "/venv/bin/python"),
    (None, "/my venv/bin/python", '"/my venv/bin/python"'),
    (None, os.path.join(os.getcwd(), ".venv", "bin", "python"),
     os.path.join(".venv", "bin", "python"))])
def test_a_line_to_type_calls_this_python(word, program, typed, monkeypatch):
    monkeypatch.setattr(installed.shutil, "which", lambda name: word)
    monkeypatch.setattr(sys, "executable", program)
    assert installed.pip("list") == f"{typed} -m pip list"


@pytest.mark.parametrize("system, line", [("posix", "export A=b"), ("nt", "setx A b")])
def test_a_setting_is_typed_as_the_system_wants_it(system, line, monkeypatch):
    monkeypatch.setattr(installed, "os", SimpleNamespace(name=system))
    assert installed.export("A", "b") == line


def test_a_wrong_pair_of_torch_and_torchvision(broken):
    def nms(*_):
        raise RuntimeError("operator torchvision::nms does not exist\n  in a long story")
    broken.modules(torchvision_ops=SimpleNamespace(nms=nms))
    found = doctor.pair()
    assert found.mark == "✗" and found.mend.endswith("--force-reinstall torch torchvision")
    assert found.says.endswith("operator torchvision::nms does not exist")


def test_torch_without_torchvision_is_a_wrong_pair(broken):
    broken.versions(torch="2.13.0+cpu", torchvision=None)
    broken.modules(torchvision_ops=ModuleNotFoundError("No module named 'torchvision'"))
    found = doctor.pair()
    assert found.says.startswith("torch 2.13.0+cpu and no torchvision do not work together")
    assert found.mend.endswith("--force-reinstall torch torchvision")


def test_no_torch(broken):
    broken.modules(torch=ImportError("No module named 'torch'"))
    assert doctor.pair().mark == "✗"
    assert "No module named 'torch'" in doctor.examine(doctor.gpu).says


@pytest.mark.parametrize("system, mend", [
    ("posix", "python -m pip install --upgrade --force-reinstall torch torchvision"),
    ("nt", "install https://aka.ms/vs/17/release/vc_redist.x64.exe, then open a new terminal")])
def test_a_torch_that_does_not_load(system, mend, broken):
    broken.versions(torch="2.13.0", torchvision="0.28.0")
    broken.patch(doctor, "os", SimpleNamespace(name=system))
    broken.modules(torch=OSError("libtorch_cpu: cannot open shared object file\nat length"))
    found = doctor.pair()
    assert found.says == "torch does not load: libtorch_cpu: cannot open shared object file"
    assert found.mark == "✗" and found.mend == mend


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """A folder with notebooks/, as a user's copy of the course, in which doctor is called."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/00_start.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["numpy.py", "torch.py", "cv2.py", "vidlearn.py"])
def test_a_file_beside_the_lessons_named_like_a_package(name, lessons, broken):
    (lessons / "notebooks" / name).touch()
    found = doctor.names()
    assert found.mark == "✗"
    assert found.says == f"{name} would be imported for the package of that name"
    assert found.mend == f'mv -n "notebooks/{name}" "notebooks/my_{name}"'


def test_our_own_name_is_known_where_no_package_list_names_it(monkeypatch):
    monkeypatch.setattr(metadata, "packages_distributions", lambda: {"numpy": ["numpy"]})
    assert installed.modules() == {"vidlearn", "numpy"}


def test_a_folder_beside_the_lessons_named_like_a_package(lessons):
    (lessons / "notebooks/torch").mkdir()
    assert doctor.names().mark == "✓"                 # without __init__.py it comes last
    (lessons / "notebooks/torch/__init__.py").touch()
    found = doctor.names()
    assert found.mark == "✗" and found.mend == 'mv -n "notebooks/torch" "notebooks/my_torch"'


@pytest.mark.parametrize("path", ["torch.py", "random.py", "notebooks/random.py"])
def test_names_that_are_in_the_way_only_at_times(path, lessons):
    (lessons / path).touch()
    found = doctor.names()
    assert found.mark == "!" and found.says.startswith(f"{Path(path).name} may be imported")


def test_names_that_are_in_nobodys_way(lessons):
    for path in ("vidlearn/__init__.py", "notebooks/my_numpy.py", "notebooks/helpers.py"):
        (lessons / path).parent.mkdir(exist_ok=True)
        (lessons / path).touch()
    assert doctor.names() == doctor.fine("no file here is named like a package")


def test_windows_renames_by_its_own_word(monkeypatch, tmp_path):
    monkeypatch.setattr(installed, "os", SimpleNamespace(name="nt"))
    assert installed.rename([tmp_path / "cv2.py"]) == f'ren "{tmp_path / "cv2.py"}" "my_cv2.py"'


def test_lessons_that_cannot_be_saved(lessons, broken):
    broken.patch(space, "writable", lambda folder: folder == Path.home())
    found = doctor.folder()
    assert found.mark == "!"
    assert found.says == f"{lessons / 'notebooks'} cannot be written: no lesson can be saved there"
    assert found.mend == f'python -m vidlearn lab "{Path.home() / "my-course"}"'


def test_lessons_that_can_be_saved(lessons):
    assert doctor.folder().mark == "✓"


def test_a_system_library_that_opencv_needs_is_missing(broken):
    broken.versions(opencv_python="5.0", opencv_python_headless=None)
    broken.modules(cv2=ImportError("libGL.so.1: cannot open shared object file"))
    found = doctor.opencv()
    assert found.mark == "✗" and "libGL.so.1" in found.says
    assert found.mend == ("python -m pip uninstall -y opencv-python && "
                          "python -m pip install opencv-python-headless")


def test_opencv_that_does_not_load_for_another_reason(broken):
    broken.versions(opencv_python="5.0", opencv_python_headless=None)
    broken.patch(installed, "find_library", lambda name: "libGL.so.1")
    broken.modules(cv2=ImportError("numpy.core.multiarray failed to import"))
    assert doctor.opencv().mend == ("python -m pip uninstall -y opencv-python && "
                                    "python -m pip install opencv-python")


def test_no_opencv(broken):
    broken.versions(opencv_python=None, opencv_python_headless=None)
    broken.patch(installed, "find_library", lambda name: "libGL.so.1")
    broken.modules(cv2=ModuleNotFoundError("No module named 'cv2'", name="cv2"))
    found = doctor.opencv()
    assert found.mark == "✗" and "No module named 'cv2'" in found.says
    assert found.mend == "python -m pip install opencv-python"


def test_what_an_uninstalled_wheel_has_left_of_opencv(broken):
    broken.modules(cv2=SimpleNamespace())
    assert doctor.opencv().says.startswith("does not load: ")


def test_opencv_that_reads_no_video_files(broken):
    broken.modules(cv2=SimpleNamespace(
        __version__="4.12", CAP_FFMPEG=1900,
        videoio_registry=SimpleNamespace(getBackends=lambda: [2500])))
    found = doctor.opencv()
    assert found.mark == "✗" and "without FFmpeg" in found.says and "opencv" in found.mend


@pytest.mark.parametrize("library, wheel", [("libGL.so.1", "opencv-python"),
                                            (None, "opencv-python-headless")])
def test_two_opencv_wheels_at_once(library, wheel, broken):
    broken.versions(opencv_python="5.0", opencv_python_headless="5.0")
    broken.patch(sys, "platform", "linux")
    broken.patch(installed, "find_library", lambda name: library)
    found = doctor.opencv()
    assert found.mark == "✗"
    assert "opencv-python and opencv-python-headless overwrite each other" in found.says
    assert "uninstall -y opencv-python opencv-python-headless && " in found.mend
    assert found.mend.endswith(f"python -m pip install {wheel}")


def test_headless_opencv_is_opencv(broken):
    broken.versions(opencv_python=None, opencv_python_headless="5.0.0.93")
    assert doctor.packages().mark == "✓" and doctor.opencv().mark == "✓"


@pytest.mark.parametrize("haswell, skylake, mark", [
    (100, 200, "!"), (100, 115, "✓"), (100, 0, "✓"), (0, 0, "✓"), (150, 140, "!")])
def test_a_slow_blas_kernel(haswell, skylake, mark, broken, monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    measured = {"": 100.0, "Haswell": haswell, "SkylakeX": skylake}
    broken.patch(doctor.fast, "speeds", lambda: measured)
    broken.patch(doctor.fast, "in_use", lambda: "openblas 0.3, Zen kernel, 2 threads")
    found = doctor.blas()
    assert found.mark == mark
    assert "100 GFLOP/s on one core (openblas 0.3, Zen kernel, 2 threads)" in found.says
    best = "SkylakeX" if skylake > haswell else "Haswell"
    assert found.mend == (f"export OPENBLAS_CORETYPE={best}" if mark == "!" else "")


def test_the_kernel_in_use_is_no_faster_than_itself(broken, monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    broken.patch(doctor.fast, "speeds", lambda: {"": 100.0, "Haswell": 100, "SkylakeX": 200})
    broken.patch(doctor.fast, "in_use", lambda: "openblas 0.3, SkylakeX kernel, 2 threads")
    assert doctor.blas().mark == "✓"


def test_a_kernel_that_the_user_chose_is_left_alone(broken, monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    broken.patch(doctor.fast, "speeds", lambda: {"": 100.0, "Haswell": 100, "SkylakeX": 200})
    assert doctor.blas().mark == "✓"


def test_a_gpu_that_pytorch_does_not_see(broken):
    broken.modules(torch=SimpleNamespace(
        __version__="2.9+cpu", cuda=SimpleNamespace(is_available=lambda: False)))
    broken.patch(doctor.shutil, "which", lambda name: "nvidia-smi")
    found = doctor.gpu()
    assert found.mark == "!" and "does not see it" in found.says and "pytorch.org" in found.mend


def torch_with_a_gpu(ones):
    device = SimpleNamespace(name="Some GPU", total_memory=8 * doctor.GIB)
    return SimpleNamespace(
        version=SimpleNamespace(cuda="13.0"), ones=ones,
        cuda=SimpleNamespace(is_available=lambda: True, get_device_properties=lambda i: device))


def test_a_gpu(broken):
    broken.modules(torch=torch_with_a_gpu(lambda size, device: torch.ones(size)))
    assert doctor.gpu() == doctor.fine("Some GPU, 8 GiB, CUDA 13.0")


def test_a_gpu_that_computes_nothing(broken):
    def ones(size, device):
        raise RuntimeError("CUDA error: no kernel image is available for execution on the device")
    broken.modules(torch=torch_with_a_gpu(ones))
    found = doctor.gpu()
    assert found.mark == "✗" and "computes nothing: CUDA error: no kernel image" in found.says
    assert found.mend == "export CUDA_VISIBLE_DEVICES=-1"


@pytest.mark.parametrize("free, mark, says", [
    (5e8, "!", "0.5 GiB free in /tight: real clips"),
    (4096, "✗", "0.0 GiB free in /tight: no kernel"), (5e9, "✓", "5 GiB free")])
def test_a_full_disk(free, mark, says, broken):
    usage = namedtuple("usage", "total used free")
    broken.patch(space, "_temporary", lambda: "/tight")
    broken.patch(space, "_nearest", lambda folder: folder)
    broken.patch(space.shutil, "disk_usage",
                 lambda path: usage(1, 1, free if path == Path("/tight") else 1e12))
    found = doctor.disk()
    assert found.mark == mark and found.says.startswith(says) and bool(found.mend) == (mark != "✓")


def test_a_home_that_one_may_not_look_into(broken):
    def denied(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))
    for name in ("exists", "glob"):
        broken.patch(Path, name, denied)
    broken.patch(os, "access", lambda path, mode: False)
    assert not space.writable(Path.home() / "none/at/all") and space.lessons() == []


def test_no_disk_has_room_for_one_file(broken):
    def full():
        raise FileNotFoundError("No usable temporary directory found")
    broken.patch(space.tempfile, "gettempdir", full)
    assert doctor.examine(doctor.disk).says.endswith("GiB free")


def memory_of(free):
    return SimpleNamespace(virtual_memory=lambda: SimpleNamespace(available=free))


def test_little_memory(broken):
    broken.patch(space, "import_module", lambda name: memory_of(1e9))
    assert doctor.memory().mark == "!"


@pytest.mark.parametrize("said, mark", [("1073741824\n", "!"), ("max\n", "✓")])
def test_a_container_with_little_memory(said, mark, broken, tmp_path):
    (tmp_path / "memory.max").write_text(said)
    broken.patch(space, "MEMORY_LIMITS", (tmp_path / "none", tmp_path / "memory.max"))
    broken.patch(space, "import_module", lambda name: memory_of(8e9))
    found = doctor.memory()
    assert found.mark == mark and ("1.0 GiB free" in found.says) == (mark == "!")


def test_a_cache_that_cannot_be_written(broken, tmp_path):
    (tmp_path / "file").touch()
    broken.modules(platformdirs=SimpleNamespace(
        user_cache_dir=lambda name: tmp_path / "file" / name))
    found = doctor.cache()
    assert found.mark == "!" and "cannot be written" in found.says and "XDG" in found.mend


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Writes a kernel Python 3 that Jupyter finds before all others."""
    def write(text):
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
        (tmp_path / "kernels/python3").mkdir(parents=True)
        (tmp_path / "kernels/python3/kernel.json").write_text(text)
    return write


def running(program):
    return json.dumps({"argv": [str(program), "-m", "ipykernel_launcher"], "language": "python",
                       "display_name": "Python 3"})


def test_a_kernel_of_this_python_by_another_name(kernel):
    kernel(running(Path(sys.executable).with_name("python3")))
    assert doctor.jupyter().mark == "✓"


def test_a_kernel_whose_python_is_gone(kernel, broken, tmp_path):
    kernel(running(tmp_path / "python"))
    found = doctor.jupyter()
    assert found.mark == "✗" and "not this Python" in found.says
    assert found.mend.startswith("python -m ipykernel install --")


def test_a_kernel_of_another_environment_of_the_same_python(kernel, tmp_path):
    venv.create(tmp_path / "other", symlinks=True)
    program = tmp_path / "other" / Path(sys.executable).parent.name / "python"
    kernel(running(program))
    assert doctor.jupyter().says == f"the kernel Python 3 runs {program}, not this Python"


def test_a_kernel_that_is_no_json(kernel, broken):
    kernel("{")
    found = doctor.jupyter()
    assert found.mark == "✗" and "cannot be read" in found.says
    assert found.mend.startswith("python -m ipykernel install --")


@pytest.mark.parametrize("own, where", [(True, "--sys-prefix"), (False, "--user")])
def test_the_new_kernel_goes_where_jupyter_looks_first(own, where, kernel, broken, monkeypatch):
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", str(own))
    kernel(running("/no/python"))
    assert doctor.jupyter().mend == f"python -m ipykernel install {where}"


def test_no_ipykernel(broken):
    broken.patch(doctor.util, "find_spec", lambda name: None)
    found = doctor.jupyter()
    assert found.mark == "✗" and found.mend == "python -m pip install ipykernel"


def test_a_runtime_folder_that_cannot_be_written(broken, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "file" / "runtime"))
    found = doctor.jupyter()
    assert found.mark == "✗" and "JUPYTER_RUNTIME_DIR" in found.mend


def test_one_wrong_finding_makes_the_verdict(broken, capsys):
    broken.patch(doctor, "CHECKS", (doctor.disk, sound))
    assert doctor.report() == 1
    said = capsys.readouterr().out
    assert "✗ sound" in said and "→ buy some" in said and "Mend what is marked" in said


def sound():
    return doctor.wrong("none", "buy some")


def test_what_may_come_of_an_earlier_problem_has_no_line_of_its_own(broken, capsys):
    broken.patch(doctor, "CHECKS", (doctor.packages, sound, doctor.disk))
    broken.versions(typer=None)
    assert doctor.report() == 1
    said = capsys.readouterr().out
    assert "✗ packages" in said and said.count("→") == 1 and "· sound     none\n" in said


def test_problems_that_have_nothing_to_do_with_each_other_have_a_line_each(broken, capsys):
    broken.patch(doctor, "CHECKS", (sound, doctor.packages))
    broken.versions(typer=None)
    doctor.report()
    assert capsys.readouterr().out.count("→") == 2


def test_a_note_takes_no_line_from_another(broken, capsys):
    broken.patch(doctor, "CHECKS", (doctor.python, sound))
    broken.versions(pip=None)
    doctor.report()
    assert capsys.readouterr().out.count("→") == 2


def test_a_note_leaves_the_machine_ready(broken, capsys):
    broken.patch(doctor, "CHECKS", (lambda: doctor.note("noisy", "close the window"),))
    assert doctor.report() == 0
    assert capsys.readouterr().out.endswith("Ready.\n")


COMMAND = (sys.executable, "-c", "from vidlearn.__main__ import main; main()")


def start(command, words, cwd, checks="doctor.memory", **modules):
    """Run a command where modules of these sources are found before all others."""
    (cwd / "first").mkdir()
    for name, source in modules.items():
        (cwd / "first" / f"{name}.py").write_text(source)
    (cwd / "first/sitecustomize.py").write_text(
        f"from vidlearn.doctor import checks as doctor; doctor.CHECKS = ({checks},)")
    return subprocess.run([*command, *words], capture_output=True, text=True, encoding="utf-8",
                          timeout=120, cwd=cwd,
                          env=os.environ | {"PYTHONPATH": f"{cwd / 'first'}{os.pathsep}{ROOT}",
                                            "PYTHONIOENCODING": "utf-8"})


def test_the_command_that_lacks_its_own_package_says_so(tmp_path):
    done = start(COMMAND, ["lab"], tmp_path,
                 typer="raise ModuleNotFoundError(\"No module named 'typer'\", name='typer')",
                 psutil="raise ModuleNotFoundError(\"No module named 'psutil'\", name='psutil')")
    assert done.returncode == 1 and not done.stderr
    assert "✗ memory    No module named 'psutil'" in done.stdout and "psutil==" in done.stdout


def test_a_fault_that_doctor_does_not_see_shows_its_traceback(tmp_path):
    done = start(COMMAND, [], tmp_path, "doctor.names", typer="raise RuntimeError('out of type')")
    assert done.returncode == 1 and "RuntimeError: out of type" in done.stderr
    assert done.stdout.endswith("Ready.\n")


def test_python_m_vidlearn_does_not_take_a_file_that_is_here_for_a_package(tmp_path):
    for name in ("typer", "random", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(f'{__name__} of this folder')")
    done = start((sys.executable, "-m", "vidlearn"), ["--help"], tmp_path)
    assert done.returncode == 0 and "Usage: vidlearn" in done.stdout


def test_the_installed_command_is_the_one_that_can_say_what_it_lacks():
    [command] = metadata.entry_points(group="console_scripts", name="vidlearn")
    assert command.value == "vidlearn.__main__:main"


def test_a_bare_checkout_is_told_what_to_install():
    done = subprocess.run([sys.executable, "-I", "-S", "-c",
                           f"import sys; sys.path.insert(0, {str(installed.ROOT)!r}); "
                           "from vidlearn.doctor import blas, checks as doctor; "
                           "blas.gflops_with = lambda s: 0; "
                           "sys.exit(doctor.report())"],
                          capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 1 and not done.stderr
    assert "✗ packages  vidlearn is not installed" in done.stdout
    lines = done.stdout.splitlines()
    assert all("→" in mend for line, mend in zip(lines, lines[1:], strict=False) if line[:1] == "✗")
