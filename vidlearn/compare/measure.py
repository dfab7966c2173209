"""Measure runs in turns, their peak memory, and the machine's best matrix product."""

import json
import re
import tempfile
import time
import tracemalloc
from functools import lru_cache
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torch.profiler import ProfilerActivity, profile

from vidlearn.video.opencv_output import no_stderr


def medians(runs, seconds=2.0):
    """The median seconds of each run, by its name."""
    return {name: median(times) for name, times in in_turns(runs, seconds).items()}


def in_turns(runs, seconds, rounds=(3, 25), clock=time.perf_counter):
    """Time functions in turns, so that a busy moment of the machine slows all of them alike.

    `runs` maps names to functions of no argument; each runs once before, unmeasured. The rounds go
    on for `seconds`, but there are at least `rounds[0]` and at most `rounds[1]`.

    Returns  a dict: name -> seconds of each run
    """
    for run in runs.values():
        run()
    taken, end = {name: [] for name in runs}, time.perf_counter() + seconds
    for number in range(rounds[1]):
        if number >= rounds[0] and time.perf_counter() > end:
            break
        for name, run in runs.items():
            start = clock()
            run()
            taken[name].append(clock() - start)
    return taken


def numpy_memory(run):
    """The largest number of bytes that `run` held at once beyond those before, by tracemalloc."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        run()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def torch_memory(run):
    """The same for PyTorch on the CPU, by what its profiler sees of its allocator."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder, "trace.json")
        with no_stderr(), profile(activities=[ProfilerActivity.CPU],
                                  profile_memory=True) as profiler:
            run()
        profiler.export_chrome_trace(str(trace))
        events = json.loads(trace.read_text())["traceEvents"]
    steps = sorted((e["ts"], e["args"]["Bytes"]) for e in events if e["name"] == "[memory]")
    held = np.cumsum([0, *(size for _, size in steps)])     # below 0 if an old gradient is freed
    return int((held - np.minimum.accumulate(held)).max())


def cuda_memory(run):
    """The same for PyTorch on the GPU."""
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    run()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


def huge_pages():
    """Whether PyTorch gets large tensors in huge pages; None if the system does not tell."""
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return None
    pages = re.compile(r"AnonHugePages:\s*(\d+)")
    before = int(pages.search(rollup.read_text())[1])
    block = torch.ones(2**24)                         # 64 MB; held while the system counts
    return int(pages.search(rollup.read_text())[1]) - before > block.nbytes / 2 / 1024      # kB


@lru_cache
def peak_flops(device, threads):
    """Multiplications and additions a second of the best float32 matrix product on this machine.

    On the CPU the faster of NumPy and PyTorch, with the `threads` that the caller has allowed.
    """
    size = 4096 if device == "cuda" else 512      # on a CPU short enough to run undisturbed
    a = np.ones((size, size), np.float32)
    out, on_torch = np.empty_like(a), torch.ones(size, size, device=device)

    def by_torch():
        torch.mm(on_torch, on_torch)
        if device == "cuda":
            torch.cuda.synchronize()

    runs = {"PyTorch": by_torch}
    if device == "cpu":
        runs["NumPy"] = lambda: np.matmul(a, a, out=out)
    return 2 * size**3 / min(min(times) for times in in_turns(runs, 0.5).values())
