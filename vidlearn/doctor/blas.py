"""How fast NumPy multiplies here: its BLAS picks a kernel for the processor, not always the best.

NumPy's wheel took AVX2 code on a machine with AVX-512: half the speed. OpenBLAS reads the name of
a kernel from OPENBLAS_CORETYPE when it loads, so each is measured in a process of its own.
"""

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

KERNELS = ("Haswell", "SkylakeX")    # for AVX2 and for AVX-512; all others share their loops
ENOUGH = 1.2                         # times as fast: below, it may be the machine's mood
# The time that this process takes, not its neighbours; Windows counts that in steps of 16 ms.
CLOCK = time.perf_counter if os.name == "nt" else time.process_time
PATIENCE = 30                        # seconds for one process: a machine this slow has no time
SHARES = ("/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
          "/sys/fs/cgroup/cpu/cpu.cfs_period_us")


def gflops(size=1024, rounds=6):
    """The best of a few float32 matrix products, in thousand millions of operations a second."""
    a = import_module("numpy").ones((size, size), "float32")
    seconds = []
    for _ in range(rounds):
        start = CLOCK()
        a @ a
        seconds.append(CLOCK() - start)
    return 2 * size ** 3 / min(seconds) / 1e9


def gflops_with(settings):
    """The same in a fresh process with these environment variables; 0 if it cannot run so."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from vidlearn.doctor import blas; print(blas.gflops())"],
            env=os.environ | settings, capture_output=True, text=True, timeout=PATIENCE)
        return float(done.stdout.split()[-1]) if done.returncode == 0 else 0
    except (OSError, subprocess.TimeoutExpired):      # no memory for it, or no end
        return 0


def cores():
    """How many cores may work for us: a container may have fewer than its machine."""
    physical = import_module("psutil").cpu_count(logical=False) or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
    return max(1, min(physical, allowed, int(_share())))


def _share():
    """How many processors' time a container is given: "200000 100000" is 2; "max" is no limit."""
    said = " ".join(Path(path).read_text() for path in SHARES if Path(path).is_file()).split()
    quota, period = said[:2] if len(said) >= 2 else ("max", "1")
    return int(quota) / int(period) if quota.isdigit() else sys.maxsize


def in_use():
    """What NumPy multiplies with in this process, in words; "" where that is not known."""
    import_module("numpy")
    pools = import_module("threadpoolctl").threadpool_info()
    ours = [pool for pool in pools if "numpy" in pool["filepath"]]      # OpenCV brings its own
    if not ours:
        return ""
    kernel, threads = ours[0].get("architecture", "unknown"), ours[0]["num_threads"]
    return (f"{ours[0]['internal_api']} {ours[0]['version']}, {kernel} kernel, "
            f"{threads} thread{'s' * (threads > 1)}")


def speeds(rounds=2):
    """GFLOP/s on one thread of NumPy's own choice, under "", and of each kernel on offer."""
    best = dict.fromkeys(("", *KERNELS), 0)
    for _ in range(rounds):                           # in turns: a busy moment hits all alike
        for kernel in best:
            speed = gflops_with({"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": kernel})
            best[kernel] = max(best[kernel], speed)
    return best


def faster(measured):
    """The kernel that is clearly faster than NumPy's own choice; "" where none is."""
    best = max(KERNELS, key=measured.get)
    return best if measured[best] > ENOUGH * measured[""] > 0 else ""
