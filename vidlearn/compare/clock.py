"""Measuring: medians of interleaved runs, peak memory, and the machine's best matrix product."""

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

from vidlearn.video.quiet import mute


def medians(works, seconds=2.0):
    """The median seconds of each of `works`."""
    return {name: median(times) for name, times in in_turns(works, seconds).items()}


def in_turns(works, seconds, rounds=(3, 25), clock=time.perf_counter):
    """The seconds of each run of each of `works`: in turns, so that a busy moment hits all alike.

    `works` maps names to functions of no argument; each is run once before, unmeasured. Runs go on
    for `seconds`, but at least `rounds[0]` and at most `rounds[1]` times.
    """
    for work in works.values():
        work()
    taken, end = {name: [] for name in works}, time.perf_counter() + seconds
    for number in range(rounds[1]):
        if number >= rounds[0] and time.perf_counter() > end:
            break
        for name, work in works.items():
            start = clock()
            work()
            taken[name].append(clock() - start)
    return taken


def numpy_peak(work):
    """The most bytes that `work` held at once beyond those before it, as NumPy reports them."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def torch_peak(work):
    """The same for PyTorch on the CPU: what its profiler sees pass through its allocator."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder, "trace.json")
        with mute(), profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
            work()
        profiler.export_chrome_trace(str(trace))
        events = json.loads(trace.read_text())["traceEvents"]
    steps = sorted((e["ts"], e["args"]["Bytes"]) for e in events if e["name"] == "[memory]")
    held = np.cumsum([0, *(size for _, size in steps)])     # below 0 where an old gradient is freed
    return int((held - np.minimum.accumulate(held)).max())


def cuda_peak(work):
    """The same for PyTorch on the GPU."""
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    work()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


def huge_pages():
    """Does PyTorch get large tensors in huge pages here? None where the system does not say."""
    book = Path("/proc/self/smaps_rollup")
    if not book.exists():
        return None
    pages = re.compile(r"AnonHugePages:\s*(\d+)")
    before = int(pages.search(book.read_text())[1])
    block = torch.ones(2**24)                         # 64 MB; held while the system counts
    return int(pages.search(book.read_text())[1]) - before > block.nbytes / 2 / 1024      # kB


@lru_cache
def product_peak(device, threads):
    """Multiplications and additions a second of the best float32 matrix product here.

    The fastest run of all; on the CPU of NumPy or PyTorch, whichever is faster with the `threads`
    that the caller has allowed.
    """
    size = 4096 if device == "cuda" else 512      # on a CPU short enough to run undisturbed
    a = np.ones((size, size), np.float32)
    out, on_torch = np.empty_like(a), torch.ones(size, size, device=device)

    def by_torch():
        torch.mm(on_torch, on_torch)
        if device == "cuda":
            torch.cuda.synchronize()

    works = {"PyTorch": by_torch}
    if device == "cpu":
        works["NumPy"] = lambda: np.matmul(a, a, out=out)
    return 2 * size**3 / min(min(times) for times in in_turns(works, 0.5).values())
