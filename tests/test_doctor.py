"""An environment is broken in many ways, and doctor names the problem and what mends it."""

import sys
from collections import namedtuple
from importlib import metadata
from types import SimpleNamespace

import numpy as np
import pytest

from vidlearn import doctor

INSTALLED = doctor._version


@pytest.fixture
def broken(monkeypatch):
    """Tools that break an environment."""
    def modules(**replaced):
        real = doctor.import_module
        monkeypatch.setattr(doctor, "import_module", lambda name: _or_raise(
            replaced.get(name.replace(".", "_")) or real(name)))

    def versions(**replaced):
        replaced = {name.replace("_", "-"): version for name, version in replaced.items()}
        monkeypatch.setattr(doctor, "_version", lambda name: replaced.get(name, INSTALLED(name)))
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


def test_a_missing_package(broken):
    broken.versions(typer=None)
    found = doctor.packages()
    assert found.mark == "✗" and "missing or too old: typer" in found.says
    assert found.mend.startswith("python -m pip install 'typer>=")


def test_a_package_that_is_too_old(broken):
    broken.versions(numpy="1.24.0")
    assert "missing or too old: numpy" in doctor.packages().says


def test_vidlearn_not_installed(broken):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)
    broken.patch(doctor.metadata, "requires", nothing)
    found = doctor.examine(doctor.packages)
    assert found.mark == "✗" and "PackageNotFoundError" in found.says
    assert "pip install" in found.mend


def test_a_wrong_pair_of_torch_and_torchvision(broken):
    def nms(*_):
        raise RuntimeError("operator torchvision::nms does not exist\n  in a long story")
    broken.modules(torchvision_ops=SimpleNamespace(nms=nms))
    found = doctor.pair()
    assert found.mark == "✗" and found.mend.endswith("--force-reinstall torch torchvision")
    assert found.says.endswith("operator torchvision::nms does not exist")


def test_no_torch(broken):
    broken.modules(torch=ImportError("No module named 'torch'"))
    assert doctor.pair().mark == "✗"
    assert "No module named 'torch'" in doctor.examine(doctor.gpu).says


def test_a_system_library_that_opencv_needs_is_missing(broken):
    broken.modules(cv2=ImportError("libGL.so.1: cannot open shared object file"))
    found = doctor.opencv()
    assert found.mark == "✗" and "libGL.so.1" in found.says
    assert found.mend.startswith("sudo apt install libgl1")


def test_opencv_that_does_not_load_for_another_reason(broken):
    broken.modules(cv2=ImportError("numpy.core.multiarray failed to import"))
    assert "--force-reinstall opencv-python" in doctor.opencv().mend


def test_two_opencv_wheels_at_once(broken):
    broken.versions(opencv_python="5.0", opencv_python_headless="5.0")
    found = doctor.opencv()
    assert found.mark == "✗"
    assert "opencv-python and opencv-python-headless overwrite each other" in found.says
    assert "uninstall -y opencv-python opencv-python-headless" in found.mend


def test_headless_opencv_is_opencv(broken):
    broken.versions(opencv_python=None, opencv_python_headless="5.0.0.93")
    assert doctor.packages().mark == "✓" and doctor.opencv().mark == "✓"


@pytest.mark.parametrize("haswell, skylake, mark", [
    (100, 200, "!"), (100, 115, "✓"), (100, 0, "✓"), (0, 0, "✓"), (150, 140, "!")])
def test_a_slow_blas_kernel(haswell, skylake, mark, broken, monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    measured = {"": 100.0, "Haswell": haswell, "SkylakeX": skylake}
    broken.patch(doctor.fast, "speeds", lambda: measured)
    broken.patch(doctor.fast, "in_use", lambda: "openblas 0.3, Haswell kernel, 2 threads")
    found = doctor.blas()
    assert found.mark == mark
    assert "100 GFLOP/s on one core (openblas 0.3, Haswell kernel, 2 threads)" in found.says
    best = "SkylakeX" if skylake > haswell else "Haswell"
    assert (f"export OPENBLAS_CORETYPE={best}" in found.mend) == (mark == "!")


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


def test_a_gpu(broken):
    device = SimpleNamespace(name="Some GPU", total_memory=8 * doctor.GIB)
    broken.modules(torch=SimpleNamespace(
        version=SimpleNamespace(cuda="13.0"),
        cuda=SimpleNamespace(is_available=lambda: True, get_device_properties=lambda i: device)))
    assert doctor.gpu().says == "Some GPU, 8 GiB, CUDA 13.0"


def test_a_full_disk(broken):
    usage = namedtuple("usage", "total used free")
    broken.patch(doctor.shutil, "disk_usage", lambda path: usage(1, 1, 5e8))
    found = doctor.disk()
    assert found.mark == "!" and "0.5 GiB free" in found.says and found.mend


def test_little_memory(broken):
    broken.modules(psutil=SimpleNamespace(virtual_memory=lambda: SimpleNamespace(available=1e9)))
    assert doctor.memory().mark == "!"


def test_a_cache_that_cannot_be_written(broken, tmp_path):
    (tmp_path / "file").touch()
    broken.modules(platformdirs=SimpleNamespace(
        user_cache_dir=lambda name: tmp_path / "file" / name))
    found = doctor.cache()
    assert found.mark == "!" and "cannot be written" in found.says and "XDG" in found.mend


def kernels(program):
    spec = SimpleNamespace(argv=[str(program), "-m", "ipykernel_launcher"])
    return SimpleNamespace(KernelSpecManager=lambda: SimpleNamespace(
        get_kernel_spec=lambda name: spec))


def test_a_kernel_of_another_python(broken, tmp_path):
    other = tmp_path / "python"
    other.touch()
    broken.modules(jupyter_client_kernelspec=kernels(other))
    found = doctor.jupyter()
    assert found.mark == "✗" and "not this Python" in found.says and "ipykernel" in found.mend


def test_a_runtime_folder_that_cannot_be_written(broken, tmp_path):
    (tmp_path / "file").touch()
    broken.modules(jupyter_core_paths=SimpleNamespace(
        jupyter_runtime_dir=lambda: tmp_path / "file" / "runtime"))
    found = doctor.jupyter()
    assert found.mark == "✗" and "JUPYTER_RUNTIME_DIR" in found.mend


def test_one_wrong_finding_makes_the_verdict(broken, capsys):
    broken.patch(doctor, "CHECKS", (doctor.disk, lambda: doctor.wrong("no sound", "buy some")))
    assert doctor.report() == 1
    said = capsys.readouterr().out
    assert "✗" in said and "→ buy some" in said and "Mend what is marked ✗" in said
