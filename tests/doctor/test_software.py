"""What is installed is broken in many ways, and doctor names the problem and what fixes it.

tools/broken.py breaks a copy of the environment for real.
"""

import json
import sys
import venv
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from vidlearn.doctor import checks, installed, machine, software
from vidlearn.doctor.finding import fine


def test_an_old_python(broken):
    broken.patch(sys, "version_info", (3, 9, 2))
    found = software.python()
    assert found.mark == "✗" and "is too old" in found.says and "python.org" in found.fix


def test_a_missing_package(broken):
    broken.versions(typer=None)
    found = software.packages()
    assert found.mark == "✗" and "missing or too old: typer" in found.says
    assert found.fix.startswith('python -m pip install "typer>=')


def test_torch_comes_back_as_the_one_that_torchvision_fits(broken):
    broken.versions(torch=None)
    found = software.packages()
    assert found.says.startswith("missing or too old: torch>=") and "torchvision" not in found.says
    assert found.fix.count('"torch>=') == found.fix.count('"torchvision>=') == 1


def test_a_package_that_is_too_old(broken):
    broken.versions(numpy="1.24.0")
    assert "missing or too old: numpy" in software.packages().says


def test_a_missing_package_that_another_one_asks_for(broken):
    broken.versions(jupyterlab_widgets=None)
    found = software.packages()
    assert found.mark == "✗" and found.says.startswith("ipywidgets requires jupyterlab")
    assert found.fix.startswith('python -m pip install "jupyterlab')


def test_an_old_package_that_another_one_asks_for_may_do(broken):
    broken.versions(jupyterlab_widgets="1.0")
    found = software.packages()
    assert found.mark == "!" and found.says.startswith("ipywidgets requires jupyterlab")
    assert found.fix.startswith('python -m pip install "jupyterlab')


def test_a_missing_package_two_steps_down(broken):
    broken.versions(argon2_cffi=None)                 # of jupyter-server, of jupyterlab
    assert "requires argon2-cffi" in software.packages().says


def test_what_another_system_or_an_extra_asks_for_is_not_missed(broken):
    broken.patch(metadata, "requires", lambda name: {"vidlearn": [
        "none; platform_system == 'Nowhere'", "none; extra == 'bench'", "numpy"]}.get(name))
    assert software.packages().mark == "✓"


def test_vidlearn_not_installed(broken):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)
    broken.patch(metadata, "requires", nothing)
    found = checks.examine(software.packages)
    assert found.mark == "✗" and found.says == "vidlearn is not installed"
    assert found.fix == f"python -m pip install {installed.vidlearn_source()}"


def test_a_python_without_pip(broken):
    broken.versions(pip=None)
    found = software.python()
    assert found.mark == "!" and "without pip" in found.says
    assert found.fix == "python -m ensurepip"


def test_no_jupyterlab(broken):
    broken.modules(jupyterlab=ModuleNotFoundError("No module named 'jupyterlab'"))
    assert checks.examine(software.jupyter).says == "No module named 'jupyterlab'"


def test_a_numpy_that_does_not_load(broken):
    broken.versions(numpy="2.1")
    error = ImportError("IMPORTANT: PLEASE READ THIS\nand that", name="numpy._core._umath")
    error.__cause__ = ImportError("libscipy_openblas.so: cannot open shared object file")
    broken.modules(numpy=error)
    found = software.loads()
    assert found.says.startswith("numpy does not load: libscipy_openblas.so: cannot open")
    assert found.fix == "python -m pip install --force-reinstall --no-deps numpy==2.1"


def test_what_matplotlib_wants_is_brought_back_and_not_matplotlib(broken):
    broken.versions(pillow="11.0")
    broken.modules(matplotlib_pyplot=ModuleNotFoundError("No module named 'PIL'", name="PIL"))
    found = software.loads()
    assert found.says == "matplotlib.pyplot does not load: No module named 'PIL'"
    assert found.fix.endswith("--no-deps pillow==11.0")


SPOIL = "import matplotlib; matplotlib.get_data_path = lambda: '/deleted'; "
LIST = "import matplotlib.font_manager"
ASK = ("from vidlearn.doctor import installed; print(installed.incomplete_font_list()); "
       "import matplotlib.pyplot as plt; plt.semilogy([1, 10]); plt.gcf().canvas.draw()")


def test_a_damaged_list_of_fonts(broken, tmp_path):
    broken.patch(installed, "incomplete_font_list", lambda: tmp_path / "fontlist.json")
    found = software.loads()
    assert found.mark == "✗" and "list of fonts" in found.says
    assert found.fix == f'rm "{tmp_path / "fontlist.json"}"'


def test_a_wrong_pair_of_torch_and_torchvision(broken):
    def nms(*_):
        raise RuntimeError("operator torchvision::nms does not exist\n  in a long story")
    broken.modules(torchvision_ops=SimpleNamespace(nms=nms))
    found = software.pair()
    assert found.mark == "✗" and found.fix.endswith("--force-reinstall torch torchvision")
    assert found.says.endswith("operator torchvision::nms does not exist")


def test_torch_without_torchvision_is_a_wrong_pair(broken):
    broken.versions(torch="2.13.0+cpu", torchvision=None)
    broken.modules(torchvision_ops=ModuleNotFoundError("No module named 'torchvision'"))
    found = software.pair()
    assert found.says.startswith("torch 2.13.0+cpu and no torchvision do not work together")
    assert found.fix.endswith("--force-reinstall torch torchvision")


def test_no_torch(broken):
    broken.modules(torch=ImportError("No module named 'torch'"))
    assert software.pair().mark == "✗"
    assert "No module named 'torch'" in checks.examine(machine.gpu).says


@pytest.mark.parametrize("system, fix", [
    ("posix", "python -m pip install --upgrade --force-reinstall torch torchvision"),
    ("nt", "install https://aka.ms/vs/17/release/vc_redist.x64.exe, then open a new terminal")])
def test_a_torch_that_does_not_load(system, fix, broken):
    broken.versions(torch="2.13.0", torchvision="0.28.0")
    broken.patch(software, "os", SimpleNamespace(name=system))
    broken.modules(torch=OSError("libtorch_cpu: cannot open shared object file\nat length"))
    found = software.pair()
    assert found.says == "torch does not load: libtorch_cpu: cannot open shared object file"
    assert found.mark == "✗" and found.fix == fix


@pytest.mark.parametrize("name", ["numpy.py", "torch.py", "cv2.py", "vidlearn.py"])
def test_a_file_beside_the_lessons_named_like_a_package(name, lessons, broken):
    (lessons / "notebooks" / name).touch()
    found = software.names()
    assert found.mark == "✗"
    assert found.says == f"{name} would be imported instead of the package of that name"
    assert found.fix == f'mv -n "notebooks/{name}" "notebooks/my_{name}"'


def test_a_folder_beside_the_lessons_named_like_a_package(lessons):
    (lessons / "notebooks/torch").mkdir()
    assert software.names().mark == "✓"                 # without __init__.py it comes last
    (lessons / "notebooks/torch/__init__.py").touch()
    found = software.names()
    assert found.mark == "✗" and found.fix == 'mv -n "notebooks/torch" "notebooks/my_torch"'


@pytest.mark.parametrize("path", ["torch.py", "random.py", "notebooks/random.py"])
def test_names_that_are_in_the_way_only_at_times(path, lessons):
    (lessons / path).touch()
    found = software.names()
    assert found.mark == "!" and found.says.startswith(f"{Path(path).name} may be imported")


def test_names_that_are_in_nobodys_way(lessons):
    for path in ("vidlearn/__init__.py", "notebooks/my_numpy.py", "notebooks/helpers.py"):
        (lessons / path).parent.mkdir(exist_ok=True)
        (lessons / path).touch()
    assert software.names() == fine("no file here has the name of a package")


def test_a_system_library_that_opencv_needs_is_missing(broken):
    broken.versions(opencv_python="5.0", opencv_python_headless=None)
    broken.modules(cv2=ImportError("libGL.so.1: cannot open shared object file"))
    found = software.opencv()
    assert found.mark == "✗" and "libGL.so.1" in found.says
    assert found.fix == ("python -m pip uninstall -y opencv-python && "
                          "python -m pip install opencv-python-headless")


def test_opencv_that_does_not_load_for_another_reason(broken):
    broken.versions(opencv_python="5.0", opencv_python_headless=None)
    broken.patch(installed, "find_library", lambda name: "libGL.so.1")
    broken.modules(cv2=ImportError("numpy.core.multiarray failed to import"))
    assert software.opencv().fix == ("python -m pip uninstall -y opencv-python && "
                                    "python -m pip install opencv-python")


def test_no_opencv(broken):
    broken.versions(opencv_python=None, opencv_python_headless=None)
    broken.patch(installed, "find_library", lambda name: "libGL.so.1")
    broken.modules(cv2=ModuleNotFoundError("No module named 'cv2'", name="cv2"))
    found = software.opencv()
    assert found.mark == "✗" and "No module named 'cv2'" in found.says
    assert found.fix == "python -m pip install opencv-python"


def test_what_an_uninstalled_wheel_has_left_of_opencv(broken):
    broken.modules(cv2=SimpleNamespace())
    assert software.opencv().says.startswith("does not load: ")


def test_opencv_that_reads_no_video_files(broken):
    broken.modules(cv2=SimpleNamespace(
        __version__="4.12", CAP_FFMPEG=1900,
        videoio_registry=SimpleNamespace(getBackends=lambda: [2500])))
    found = software.opencv()
    assert found.mark == "✗" and "without FFmpeg" in found.says and "opencv" in found.fix


@pytest.mark.parametrize("library, wheel", [("libGL.so.1", "opencv-python"),
                                            (None, "opencv-python-headless")])
def test_two_opencv_wheels_at_once(library, wheel, broken):
    broken.versions(opencv_python="5.0", opencv_python_headless="5.0")
    broken.patch(sys, "platform", "linux")
    broken.patch(installed, "find_library", lambda name: library)
    found = software.opencv()
    assert found.mark == "✗"
    assert "opencv-python and opencv-python-headless overwrite each other" in found.says
    assert "uninstall -y opencv-python opencv-python-headless && " in found.fix
    assert found.fix.endswith(f"python -m pip install {wheel}")


def test_headless_opencv_is_opencv(broken):
    broken.versions(opencv_python=None, opencv_python_headless="5.0.0.93")
    assert software.packages().mark == "✓" and software.opencv().mark == "✓"


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
    assert software.jupyter().mark == "✓"


def test_a_kernel_whose_python_is_gone(kernel, broken, tmp_path):
    kernel(running(tmp_path / "python"))
    found = software.jupyter()
    assert found.mark == "✗" and "not this Python" in found.says
    assert found.fix.startswith("python -m ipykernel install --")


def test_a_kernel_of_another_environment_of_the_same_python(kernel, tmp_path):
    venv.create(tmp_path / "other", symlinks=True)
    program = tmp_path / "other" / Path(sys.executable).parent.name / "python"
    kernel(running(program))
    assert software.jupyter().says == f"the kernel Python 3 runs {program}, not this Python"


def test_a_kernel_that_is_no_json(kernel, broken):
    kernel("{")
    found = software.jupyter()
    assert found.mark == "✗" and "cannot be read" in found.says
    assert found.fix.startswith("python -m ipykernel install --")


@pytest.mark.parametrize("own, where", [(True, "--sys-prefix"), (False, "--user")])
def test_the_new_kernel_goes_where_jupyter_looks_first(own, where, kernel, broken, monkeypatch):
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", str(own))
    kernel(running("/no/python"))
    assert software.jupyter().fix == f"python -m ipykernel install {where}"


def test_no_ipykernel(broken):
    broken.patch(software.util, "find_spec", lambda name: None)
    found = software.jupyter()
    assert found.mark == "✗" and found.fix == "python -m pip install ipykernel"


def test_a_runtime_folder_that_cannot_be_written(broken, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "file" / "runtime"))
    found = software.jupyter()
    assert found.mark == "✗" and "JUPYTER_RUNTIME_DIR" in found.fix
