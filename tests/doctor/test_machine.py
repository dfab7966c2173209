"""A machine that lacks speed, a GPU, space or memory: doctor says so, and what helps."""

from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from vidlearn.doctor import checks, machine, space
from vidlearn.doctor.finding import fine


def torch_with_a_gpu(ones):
    device = SimpleNamespace(name="Some GPU", total_memory=8 * machine.GIB)
    return SimpleNamespace(
        version=SimpleNamespace(cuda="13.0"), ones=ones,
        cuda=SimpleNamespace(is_available=lambda: True, get_device_properties=lambda i: device))


def memory_of(free):
    return SimpleNamespace(virtual_memory=lambda: SimpleNamespace(available=free))


@pytest.mark.parametrize("here, fix", [
    ("9.8", "install --force-reinstall --no-deps platformdirs==9.8"),
    (None, "install platformdirs")])
def test_a_module_that_a_check_needs_is_missing(here, fix, broken):
    broken.versions(platformdirs=here)
    broken.modules(platformdirs=ModuleNotFoundError("No module named 'platformdirs'",
                                                    name="platformdirs"))
    found = checks.examine(machine.cache)
    assert found.says == "No module named 'platformdirs'"
    assert found.fix == f"python -m pip {fix}"


def test_lessons_that_cannot_be_saved(lessons, broken):
    broken.patch(space, "writable", lambda folder: folder == Path.home())
    found = machine.folder()
    assert found.mark == "!"
    assert found.says == f"{lessons / 'notebooks'} cannot be written: no lesson can be saved there"
    assert found.fix == f'python -m vidlearn lab "{Path.home() / "my-course"}"'


def test_lessons_that_can_be_saved(lessons):
    assert machine.folder().mark == "✓"


@pytest.mark.parametrize("haswell, skylake, mark", [
    (100, 200, "!"), (100, 115, "✓"), (100, 0, "✓"), (0, 0, "✓"), (150, 140, "!")])
def test_a_slow_blas_kernel(haswell, skylake, mark, broken, monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    measured = {"": 100.0, "Haswell": haswell, "SkylakeX": skylake}
    broken.patch(machine.blas_speed, "speeds", lambda: measured)
    broken.patch(machine.blas_speed, "in_use", lambda: "openblas 0.3, Zen kernel, 2 threads")
    found = machine.blas()
    assert found.mark == mark
    assert "100 GFLOP/s on one core (openblas 0.3, Zen kernel, 2 threads)" in found.says
    best = "SkylakeX" if skylake > haswell else "Haswell"
    assert found.fix == (f"export OPENBLAS_CORETYPE={best}" if mark == "!" else "")


def test_the_kernel_in_use_is_no_faster_than_itself(broken, monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    broken.patch(machine.blas_speed, "speeds", lambda: {"": 100.0, "Haswell": 100, "SkylakeX": 200})
    broken.patch(machine.blas_speed, "in_use", lambda: "openblas 0.3, SkylakeX kernel, 2 threads")
    assert machine.blas().mark == "✓"


def test_a_kernel_that_the_user_chose_is_left_alone(broken, monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    broken.patch(machine.blas_speed, "speeds", lambda: {"": 100.0, "Haswell": 100, "SkylakeX": 200})
    assert machine.blas().mark == "✓"


def test_a_gpu_that_pytorch_does_not_see(broken):
    broken.modules(torch=SimpleNamespace(
        __version__="2.9+cpu", cuda=SimpleNamespace(is_available=lambda: False)))
    broken.patch(machine.shutil, "which", lambda name: "nvidia-smi")
    found = machine.gpu()
    assert found.mark == "!" and "does not see it" in found.says and "pytorch.org" in found.fix


def test_a_gpu(broken):
    broken.modules(torch=torch_with_a_gpu(lambda size, device: torch.ones(size)))
    assert machine.gpu() == fine("Some GPU, 8 GiB, CUDA 13.0")


def test_a_gpu_that_computes_nothing(broken):
    def ones(size, device):
        raise RuntimeError("CUDA error: no kernel image is available for execution on the device")
    broken.modules(torch=torch_with_a_gpu(ones))
    found = machine.gpu()
    assert found.mark == "✗" and "cannot compute: CUDA error: no kernel image" in found.says
    assert found.fix == "export CUDA_VISIBLE_DEVICES=-1"


@pytest.mark.parametrize("free, mark, says", [
    (5e8, "!", "0.5 GiB free in /tight: real clips"),
    (4096, "✗", "0.0 GiB free in /tight: no kernel"), (5e9, "✓", "5 GiB free")])
def test_a_full_disk(free, mark, says, broken):
    usage = namedtuple("usage", "total used free")
    broken.patch(space, "_temporary_folder", lambda: "/tight")
    broken.patch(space, "_nearest", lambda folder: folder)
    broken.patch(space.shutil, "disk_usage",
                 lambda path: usage(1, 1, free if path == Path("/tight") else 1e12))
    found = machine.disk()
    assert found.mark == mark and found.says.startswith(says) and bool(found.fix) == (mark != "✓")


def test_no_disk_has_room_for_one_file(broken):
    def full():
        raise FileNotFoundError("No usable temporary directory found")
    broken.patch(space.tempfile, "gettempdir", full)
    assert checks.examine(machine.disk).says.endswith("GiB free")


def test_little_memory(broken):
    broken.patch(space, "import_module", lambda name: memory_of(1e9))
    assert machine.memory().mark == "!"


@pytest.mark.parametrize("said, mark", [("1073741824\n", "!"), ("max\n", "✓")])
def test_a_container_with_little_memory(said, mark, broken, tmp_path):
    (tmp_path / "memory.max").write_text(said)
    broken.patch(space, "MEMORY_LIMITS", (tmp_path / "none", tmp_path / "memory.max"))
    broken.patch(space, "import_module", lambda name: memory_of(8e9))
    found = machine.memory()
    assert found.mark == mark and ("1.0 GiB free" in found.says) == (mark == "!")


def test_a_cache_that_cannot_be_written(broken, tmp_path):
    (tmp_path / "file").touch()
    broken.modules(platformdirs=SimpleNamespace(
        user_cache_dir=lambda name: tmp_path / "file" / name))
    found = machine.cache()
    assert found.mark == "!" and "cannot be written" in found.says and "XDG" in found.fix
