"""How fast is each side? Loops, NumPy, PyTorch on the CPU and on a GPU, measured side by side."""

from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch.utils.flop_counter import FlopCounterMode

from vidlearn import scratch
from vidlearn.checks import given, kinds
from vidlearn.compare import clock, loops
from vidlearn.compare.sides import CUDA, HAND, PLAIN, TORCH, called, flat, prepared


@dataclass(frozen=True)
class Row:
    """What one side took: seconds, bytes, and the share of the machine's peak; None: not known."""

    label: str
    forward: float
    both: float | None = None        # forward and backward
    memory: int | None = None        # of forward and backward, beyond the inputs
    share: float | None = None       # of the best matrix product, forward


@dataclass(frozen=True)
class Race:
    """The rows of a race and what was raced; prints as a table, in a notebook with bars."""

    name: str
    shapes: tuple
    rows: tuple
    note: str

    @property
    def ratios(self):
        """How many times as long as PyTorch on the CPU each side took, forward, by its label."""
        base = _yardstick(self.rows).forward
        return {row.label: row.forward / base for row in self.rows}

    def __str__(self):
        return "\n".join(table(self))

    __repr__ = __str__

    def _ipython_display_(self):
        from vidlearn import show

        base = _yardstick(self.rows).forward
        print(self)
        show.bars([row.forward / base for row in self.rows], [row.label for row in self.rows],
                  f"{self.name}, forward: how many times as long as PyTorch on the CPU",
                  "times PyTorch's time", log=True,
                  labels=[_times(row.forward, base) for row in self.rows])


def race(name, *arrays, threads=1, seconds=2.0, also=None, **options):
    """Time one call by loops, in NumPy, in PyTorch, and in PyTorch on a GPU where there is one.

    Runs in float32 with `threads` threads on each side, in turns, and takes medians. Loops run on
    a corner of the input, and their time is scaled by the number of outputs. Memory is what NumPy
    reports to tracemalloc, and what PyTorch's profiler sees of its allocator. `also` maps labels
    to functions of your own on arrays, called with the same arrays and options; forward only.

    Shapes   as torch's function takes them
    Units    `seconds` to spend on forward, and as many on forward and backward
    Returns  a Race: print it, or leave it as the last line of a cell
    """
    with on_threads(threads):
        sides = [PLAIN] * _plain_fits(name, arrays, options) + [HAND, TORCH]
        sides += [CUDA] * torch.cuda.is_available()
        forward = {s.label: work(s, name, arrays, options, back=False) for s in sides}
        both = {s.label: work(s, name, arrays, options, back=True) for s in sides}
        others = {label: _plain(f, arrays, options) for label, f in (also or {}).items()}
        first, second = clock.medians(others | forward, seconds), clock.medians(both, seconds)
        count = flops(forward[TORCH.label])

        def share(label, device="cpu"):
            return count / first[label] / clock.product_peak(device, threads) if count else None

        rows = [Row(label, first[label], share=share(label)) for label in others]
        rows += [Row(s.label, first[s.label], second[s.label], peak(s, both[s.label]),
                     share(s.label, s.device)) for s in sides]
        slow, words = loops.timed(name, arrays, options, _outputs(TORCH, name, arrays, options))
    rows = [Row("loops", slow)] * (slow is not None) + rows
    return Race(name, tuple(a.shape for a in arrays if isinstance(a, np.ndarray)), tuple(rows),
                _note(threads, words))


def table(race):
    """The lines of a race's table."""
    base = _yardstick(race.rows)
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


def _outputs(side, name, arrays, options):
    """How many numbers the call gives."""
    inputs = [prepared(side, a, np.float32, gradient=False) for a in arrays]
    return sum(y.numel() for y in flat(called(side, name, options, np.float32)[0](*inputs)))


def _plain_fits(name, arrays, options):
    """Is there a plain form of the call? It knows no groups, no padding by name, no lone clip."""
    return (hasattr(PLAIN.nn.functional, name) and "groups" not in options
            and not isinstance(options.get("padding"), str) and arrays[0].ndim == arrays[1].ndim)


def work(side, name, arrays, options, back):
    """One call on a side as a function of no argument, inputs and layer made beforehand."""
    inputs = [prepared(side, a, np.float32, gradient=back) for a in arrays]
    function, weights = called(side, name, options, np.float32)
    if not back:
        for weight in weights.values():
            weight.requires_grad_(False)
    outputs = [y for y in flat(function(*inputs)) if y.requires_grad]
    dys = [y.detach() * 0 + 1 for y in outputs]       # laid out in memory as y is

    def run():
        for leaf in (*inputs, *weights.values()):
            if hasattr(leaf, "grad"):
                leaf.grad = None
        ends = [y for y in flat(function(*inputs)) if y.requires_grad]
        for i, (y, dy) in enumerate(zip(ends, dys, strict=True)):
            y.backward(dy, retain_graph=i + 1 < len(ends))
        if side is CUDA:
            torch.cuda.synchronize()

    return run


def _plain(function, arrays, options):
    """A function of arrays, as a lesson writes one."""
    ready = [a.astype(np.float32) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a
             for a in arrays]
    return lambda: function(*ready, **options)


def peak(side, work):
    """The most bytes that `work` held at once beyond its inputs."""
    by_library = {TORCH.label: clock.torch_peak, CUDA.label: clock.cuda_peak}
    return by_library.get(side.label, clock.numpy_peak)(work)


def flops(work):
    """Multiplications and additions of the call's products, as PyTorch counts them; 0: unknown."""
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


@contextmanager
def on_threads(number):
    """In this block each side takes so many threads: ours with NumPy's products on one each."""
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
    return "; ".join(filter(None, [f"medians on {count}", pages[clock.huge_pages()], words]))


def _yardstick(rows):
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


given.check(globals(), {"race.name": kinds.WORD, "seconds": kinds.ABOVE, "also": kinds.fitting(
    "a dict: label -> function", lambda it: all(map(callable, it.values())))})
