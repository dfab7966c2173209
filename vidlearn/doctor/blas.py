"""How fast NumPy multiplies here: its BLAS chooses a kernel by processor, not always the best.

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
CLEARLY = 1.2                        # times as fast: less may be chance
# Processor time, which other programs do not disturb; Windows counts it in steps of 16 ms.
CLOCK = time.perf_counter if os.name == "nt" else time.process_time
TIMEOUT = 30                         # seconds for one process
QUOTAS = ("/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
          "/sys/fs/cgroup/cpu/cpu.cfs_period_us")


def gflops(size=1024, rounds=6):
    """The speed of the fastest of a few float32 matrix products, in 10^9 operations a second."""
    a = import_module("numpy").ones((size, size), "float32")
    seconds = []
    for _ in range(rounds):
        start = CLOCK()
        a @ a
        seconds.append(CLOCK() - start)
    return 2 * size ** 3 / min(seconds) / 1e9


def gflops_with(settings):
    """The same in a new process with these environment variables; 0 if that fails."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from vidlearn.doctor import blas; print(blas.gflops())"],
            env=os.environ | settings, capture_output=True, text=True, timeout=TIMEOUT)
        return float(done.stdout.split()[-1]) if done.returncode == 0 else 0
    except (OSError, subprocess.TimeoutExpired):      # too little memory or time
        return 0


def cores():
    """How many cores this process may use: a container may have fewer than its machine."""
    physical = import_module("psutil").cpu_count(logical=False) or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
    return max(1, min(physical, allowed, int(_quota())))


def _quota():
    """The time of how many processors a container gets: "200000 100000" is 2, "max" unlimited."""
    text = " ".join(Path(path).read_text() for path in QUOTAS if Path(path).is_file()).split()
    quota, period = text[:2] if len(text) >= 2 else ("max", "1")
    return int(quota) / int(period) if quota.isdigit() else sys.maxsize


def in_use():
    """Which BLAS and kernel NumPy uses in this process; "" if that is not known."""
    import_module("numpy")
    pools = import_module("threadpoolctl").threadpool_info()
    ours = [pool for pool in pools if "numpy" in pool["filepath"]]      # OpenCV brings its own
    if not ours:
        return ""
    kernel, threads = ours[0].get("architecture", "unknown"), ours[0]["num_threads"]
    return (f"{ours[0]['internal_api']} {ours[0]['version']}, {kernel} kernel, "
            f"{threads} thread{'s' * (threads > 1)}")


def speeds(rounds=2):
    """GFLOP/s on one thread: with NumPy's own choice, under "", and with each of KERNELS."""
    best = dict.fromkeys(("", *KERNELS), 0)
    for _ in range(rounds):                           # in turns: a busy moment hits all alike
        for kernel in best:
            speed = gflops_with({"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": kernel})
            best[kernel] = max(best[kernel], speed)
    return best


def faster(measured):
    """The kernel that is clearly faster than NumPy's own choice; "" if there is none."""
    best = max(KERNELS, key=measured.get)
    return best if measured[best] > CLEARLY * measured[""] > 0 else ""
