"""How fast is each library? Loops, NumPy, PyTorch on the CPU and on a GPU, measured in turns."""

from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch.utils.flop_counter import FlopCounterMode

from vidlearn import scratch
from vidlearn.checks import checked, kinds
from vidlearn.compare import measure, naive_loops
from vidlearn.compare.backends import (
    CUDA,
    PLAIN,
    SCRATCH,
    TORCH,
    as_tensor,
    flatten,
    function_and_weights,
)

FUNCTIONS = kinds.fitting("a dict: label -> function",
                          lambda value: isinstance(value, dict)
                          and all(map(callable, value.values())))


@dataclass(frozen=True)
class Row:
    """What one library took: seconds, bytes, and its share of the machine's peak; None: unknown."""

    label: str
    forward: float
    both: float | None = None        # forward and backward
    memory: int | None = None        # of forward and backward, beyond the inputs
    share: float | None = None       # of the speed of the best matrix product, forward


@dataclass(frozen=True)
class Race:
    """The rows of a race and what was raced; prints as a table, and `show.race` draws it."""

    name: str
    shapes: tuple
    rows: tuple
    note: str

    @property
    def ratios(self):
        """The time of each row as a multiple of PyTorch's on the CPU, forward, by its label."""
        base = _torch_row(self.rows).forward
        return {row.label: row.forward / base for row in self.rows}

    def __str__(self):
        return "\n".join(table(self))

    __repr__ = __str__


@checked
def race(name: kinds.WORD, *arrays: kinds.ANYTHING, threads=1, seconds: kinds.POSITIVE = 2.0,
         also: FUNCTIONS = None, **options):
    """Time one call with loops, NumPy, PyTorch, and PyTorch on a GPU where there is one.

    All run in float32 with `threads` threads each, in turns, and medians are taken. The loops run
    on a corner of the input, and their time is scaled by the number of outputs. Memory is what
    NumPy reports to tracemalloc, and what PyTorch's profiler sees of its allocator. `also` maps
    labels to functions of your own, called with the same arrays and options, forward only.

    Shapes   as torch's function takes them
    Units    seconds: to spend on the forward pass, and again on forward and backward
    Returns  a Race: print it, or draw it with `show.race`
    """
    with thread_limit(threads):
        backends = [PLAIN] * _plain_fits(name, arrays, options) + [SCRATCH, TORCH]
        backends += [CUDA] * torch.cuda.is_available()
        forward = {b.label: prepare(b, name, arrays, options, backward=False) for b in backends}
        both = {b.label: prepare(b, name, arrays, options, backward=True) for b in backends}
        others = {label: _plain(f, arrays, options) for label, f in (also or {}).items()}
        first, second = measure.medians(others | forward, seconds), measure.medians(both, seconds)
        count = count_flops(forward[TORCH.label])

        def share(label, device="cpu"):
            return count / first[label] / measure.peak_flops(device, threads) if count else None

        rows = [Row(label, first[label], share=share(label)) for label in others]
        rows += [Row(b.label, first[b.label], second[b.label], peak_memory(b, both[b.label]),
                     share(b.label, b.device)) for b in backends]
        slow, words = naive_loops.estimate(name, arrays, options,
                                           _outputs(TORCH, name, arrays, options))
    rows = [Row("loops", slow)] * (slow is not None) + rows
    return Race(name, tuple(a.shape for a in arrays if isinstance(a, np.ndarray)), tuple(rows),
                _note(threads, words))


def table(race):
    """The lines of the table of a race."""
    base = _torch_row(race.rows)
    lines = [f"{race.name} of {', '.join(map(str, race.shapes))}, float32",
             f"{'':14}{'forward':>10}{'ratio':>12}{'and back':>11}{'ratio':>9}"
             f"{'memory':>10}{'of peak':>9}"]
    for row in race.rows:
        back = row.both and _times(row.both, base.both)
        share = "" if row.share is None else f"{row.share:.0%}"
        line = (f"{row.label:14}{_time(row.forward):>10}{_times(row.forward, base.forward):>12}"
                f"{_time(row.both):>11}{back or '':>9}{_size(row.memory):>10}{share:>9}")
        lines.append(line.rstrip())
    return [*lines, race.note]


def _outputs(backend, name, arrays, options):
    """How many numbers the call gives."""
    inputs = [as_tensor(backend, a, np.float32, gradient=False) for a in arrays]
    function, _ = function_and_weights(backend, name, options, np.float32)
    return sum(y.numel() for y in flatten(function(*inputs)))


def _plain_fits(name, arrays, options):
    """Whether the plain form can run the call: no groups, no padding by name, no single clip."""
    return (hasattr(PLAIN.nn.functional, name) and "groups" not in options
            and not isinstance(options.get("padding"), str) and arrays[0].ndim == arrays[1].ndim)


def prepare(backend, name, arrays, options, backward):
    """Make the inputs and the layer of a call; returns a function of no argument that runs it."""
    inputs = [as_tensor(backend, a, np.float32, gradient=backward) for a in arrays]
    function, weights = function_and_weights(backend, name, options, np.float32)
    if not backward:
        for weight in weights.values():
            weight.requires_grad_(False)
    outputs = [y for y in flatten(function(*inputs)) if y.requires_grad]
    dys = [y.detach() * 0 + 1 for y in outputs]       # with the same memory layout as y

    def run():
        for leaf in (*inputs, *weights.values()):
            if hasattr(leaf, "grad"):
                leaf.grad = None
        ends = [y for y in flatten(function(*inputs)) if y.requires_grad]
        for i, (y, dy) in enumerate(zip(ends, dys, strict=True)):
            y.backward(dy, retain_graph=i + 1 < len(ends))
        if backend is CUDA:
            torch.cuda.synchronize()

    return run


def _plain(function, arrays, options):
    """A call of a function of arrays, such as a lesson writes, as a function of no argument."""
    inputs = [a.astype(np.float32) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a
              for a in arrays]
    return lambda: function(*inputs, **options)


def peak_memory(backend, run):
    """The largest number of bytes that `run` held at once beyond its inputs."""
    by_library = {TORCH.label: measure.torch_memory, CUDA.label: measure.cuda_memory}
    return by_library.get(backend.label, measure.numpy_memory)(run)


def count_flops(run):
    """Multiplications and additions in products, as PyTorch counts them; 0 if unknown."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


@contextmanager
def thread_limit(number):
    """In this block each library uses so many threads; NumPy's own products use one each."""
    before = [(library, library.get_num_threads()) for library in (torch, scratch)]
    try:
        for library, _ in before:
            library.set_num_threads(number)
        with threadpool_limits(1, user_api="blas"):
            yield
    finally:
        for library, count in before:
            library.set_num_threads(count)


def _note(threads, words):
    pages = {True: "PyTorch with huge pages", False: "PyTorch without huge pages", None: ""}
    count = f"{threads} thread{'s' * (threads > 1)}"
    return "; ".join(filter(None, [f"medians on {count}", pages[measure.huge_pages()], words]))


def _torch_row(rows):
    return next(row for row in rows if row.label == TORCH.label)


def _times(seconds, base):
    ratio = seconds / base
    return f"{ratio:,.0f} x" if ratio >= 100 else f"{ratio:.3g} x"


def _time(seconds):
    if seconds is None:
        return ""
    if seconds >= 100:
        return f"{seconds:,.0f} s"
    unit, size = next((u, s) for u, s in (("s", 1), ("ms", 1e-3), ("µs", 0)) if seconds >= s)
    return f"{seconds / (size or 1e-6):.3g} {unit}"


def _size(count):
    return "" if count is None else f"{count / 2**20:,.1f} MB"
