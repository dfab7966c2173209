"""How fast NumPy multiplies here: its BLAS picks a kernel for the processor, not always the best.

NumPy's wheel took AVX2 code on a machine with AVX-512: half the speed. OpenBLAS reads the name of
a kernel from OPENBLAS_CORETYPE when it loads, so each is measured in a process of its own.
"""

import os
import subprocess
import sys
import time
from importlib import import_module

KERNELS = ("Haswell", "SkylakeX")    # for AVX2 and for AVX-512; all others share their loops
ENOUGH = 1.2                         # times as fast: below, it may be the machine's mood


def gflops(size=1024, rounds=6):
    """The best of a few float32 matrix products, in thousand millions of operations a second."""
    a = import_module("numpy").ones((size, size), "float32")
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - start)
    return 2 * size ** 3 / min(seconds) / 1e9


def gflops_with(settings):
    """The same in a fresh process with these environment variables; 0 if it cannot run so."""
    done = subprocess.run(
        [sys.executable, "-c", "from vidlearn import blas; print(blas.gflops())"],
        env=os.environ | settings, capture_output=True, text=True)
    return float(done.stdout) if done.returncode == 0 else 0


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
