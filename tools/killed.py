"""Kill a training again and again at random moments, and resume it: does it end with the same bits?

    python -m tools.killed [KILLS] [--engine scratch|torch]

Each process is a fork that has imported everything. It trains a tiny network with dropout and is
killed by SIGKILL after a random time; the next process resumes from its checkpoint. When a run is
finished, its weights are compared bit by bit with those of an uninterrupted run, and the next run
starts. Meanwhile the checkpoint is read over and over: it must be complete whenever it exists.

Then the recipe of `vidlearn train` is killed in every write that it makes: when half of the bytes
are on the disk, when all are, and just before and just after the file gets its name.

Prints for each engine how many processes were killed, how many of them in the middle of a write,
how many runs finished, how often the checkpoint was read, at how many places a write was cut, and
the faults. Any fault makes the command fail.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # a fork has only one thread

import numpy as np  # noqa: E402
from tqdm import tqdm  # noqa: E402

from vidlearn import video  # noqa: E402
from vidlearn.datasets.cache import Cache  # noqa: E402
from vidlearn.datasets.folder import Folder  # noqa: E402
from vidlearn.datasets.motion import motion  # noqa: E402
from vidlearn.engine import Engine  # noqa: E402
from vidlearn.files import atomic, safetensors  # noqa: E402
from vidlearn.training import checkpoint, recipe  # noqa: E402
from vidlearn.training.loop import fit  # noqa: E402

# Every fork shares tqdm's own lock: a process that dies while it holds it would stop all others.
tqdm.set_lock(threading.RLock())
tqdm.monitor_interval = 0

SETTINGS = dict(epochs=6, batch=8, lr=0.01, seed=3, weight_decay=0.01, optimizer="adamw",
                progress=False)


class Trainer:
    """A small training that can be started, or resumed, in a process of its own."""

    def __init__(self, name, folder):
        self.engine = Engine(name)
        self.clips = motion(24, 1, labels=[0, 2] * 12, noise=0, frames=4, size=8)
        self.others = motion(8, 2, labels=[0, 2] * 4, noise=0, frames=4, size=8)
        self.state, self.out = folder / f"{name}.checkpoint", folder / f"{name}.safetensors"
        self.part = self.state.with_name(self.state.name + ".part")

    def train(self):
        """Train the whole run, or the rest of it; write the final weights to `out`."""
        nn = self.engine.nn
        self.engine.seed(5)
        model = nn.Sequential(nn.Conv3d(3, 4, 3, padding=1, bias=False), nn.BatchNorm3d(4),
                              nn.ReLU(), nn.AdaptiveAvgPool3d(2), nn.Flatten(), nn.Dropout(0.2),
                              nn.Linear(32, 8))
        fit(model, self.clips, self.others, engine=self.engine, checkpoint=self.state,
            resume=self.state.exists(), **SETTINGS)
        safetensors.write(self.out, self.engine.state(model), {})

    def uninterrupted(self):
        """Train without being killed; returns the weights and the seconds that it took."""
        began = time.perf_counter()
        _, status = os.waitpid(fork(self.train), 0)
        assert status == 0, "the training fails without being killed"
        seconds = time.perf_counter() - began
        weights, _ = safetensors.read(self.out)
        self.clear()
        return weights, seconds

    def clear(self):
        for path in (self.state, self.out, self.part):
            path.unlink(missing_ok=True)


def fork(task):
    """Run a task in a new process; returns the process id."""
    if child := os.fork():
        return child
    code = 1
    try:
        task()
        code = 0
    finally:
        os._exit(code)


def kill_at_random(trainer, kills, rng):
    """Kill so many processes; returns the counts, and the faults."""
    trainer.train()                                   # late imports happen before the forks
    trainer.clear()
    wanted, seconds = trainer.uninterrupted()
    count, faults = Counter(), []
    while count["killed"] < kills or count["finished"] == 0:
        # Long enough to finish an epoch now and then, short enough not to finish a run.
        limit = rng.uniform(0, 0.6) * seconds if count["killed"] < kills else np.inf
        status = _watch(trainer, limit, count, faults)
        if os.WIFSIGNALED(status):
            count["killed"] += 1
            count["mid write"] += trainer.part.exists()
        elif status:
            faults.append(f"a process ended with {status}")
            break
        else:
            count["finished"] += 1
            found, _ = safetensors.read(trainer.out)
            faults += [f"{name} differs" for name, array in wanted.items()
                       if found[name].tobytes() != array.tobytes()]
            trainer.clear()
    return count, faults


def _watch(trainer, limit, count, faults):
    """Let a process train for `limit` seconds, then kill it; read its checkpoint meanwhile."""
    child, began, seen = fork(trainer.train), time.perf_counter(), None
    while True:
        over = time.perf_counter() - began > limit
        if over:
            os.kill(child, signal.SIGKILL)
        done, status = os.waitpid(child, 0 if over else os.WNOHANG)
        now = trainer.state.stat().st_mtime_ns if trainer.state.exists() else None
        if now != seen or done:
            seen = now
            _read(trainer, count, faults)
        if done:
            return status
        time.sleep(0.001)


def _read(trainer, count, faults):
    if not trainer.state.exists():
        return
    try:
        checkpoint.load(trainer.state, trainer.engine)
        count["reads"] += 1
    except safetensors.WeightsError as error:
        faults.append(str(error))


HALF, FULL, BEFORE, AFTER = "half", "full", "before", "after"


class Recipe:
    """The recipe of `vidlearn train`, in a folder of its own."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder / f"{name}-out"
        self.out = self.folder / "w.safetensors"
        clips, drawn = folder / f"{name}-clips", motion(8, 1, frames=6, size=16, labels=[0, 2] * 4)
        for i, frames in enumerate(drawn.clips):
            (clips / str(i % 2)).mkdir(parents=True, exist_ok=True)
            video.write(clips / str(i % 2) / f"{i}.mkv", frames, 8)
        data = Folder(clips, frames=4, size=16, cache=Cache(folder / "cache"))
        self.parts = recipe.split(data, 0.25)

    def train(self, killer=None):
        """Start the run, or resume it if there is a checkpoint."""
        if killer:
            killer.arm()
        state = recipe.state_of(self.out)
        if state.exists() or not self.out.exists():
            recipe.learn(*self.parts, self.out, model="mean_frames", engine=self.name, epochs=2,
                         resume=state.exists(), progress=False)


class Killer:
    """Kills its own process at a chosen moment of the write with this number."""

    def __init__(self, write, moment):
        self.write, self.moment, self.writes = write, moment, 0

    def arm(self):
        """Replace `os` for the module that writes files, in this process only."""
        atomic.os = self

    def __getattr__(self, name):
        return getattr(os, name)

    def fsync(self, file):
        """Stand in for os.fsync, before all bytes are on the disk."""
        self.writes += 1
        if self._now(HALF):
            os.ftruncate(file, os.fstat(file).st_size // 2)
        if self._now(HALF) or self._now(FULL):
            os.kill(os.getpid(), signal.SIGKILL)

    def replace(self, old, new):
        """Stand in for os.replace, which gives the file its name."""
        if self._now(AFTER):
            os.replace(old, new)
        if self._now(BEFORE) or self._now(AFTER):
            os.kill(os.getpid(), signal.SIGKILL)
        os.replace(old, new)

    def _now(self, moment):
        return self.writes == self.write and self.moment == moment


def kill_in_writes(trainer):
    """Kill the recipe in each of its writes; returns the number of places, and the faults."""
    trainer.train()
    wanted, faults, places = trainer.out.read_bytes(), [], 0
    for write in range(1, 5):                    # the first checkpoint, two epochs, the weights
        for moment in (HALF, FULL, BEFORE, AFTER):
            trainer.out.unlink(missing_ok=True)
            killer = Killer(write, moment)
            _, first = os.waitpid(fork(lambda killer=killer: trainer.train(killer)), 0)
            _, second = os.waitpid(fork(trainer.train), 0)
            left = sorted(path.name for path in trainer.folder.iterdir())
            places += os.WIFSIGNALED(first)
            if second or left != [trainer.out.name] or trainer.out.read_bytes() != wanted:
                faults.append(f"write {write}, {moment}: ended with {second}, left {left}")
    return places, faults


def main():
    """Kill, count and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", type=int, nargs="?", default=30)
    parser.add_argument("--engine", choices=("scratch", "torch"), action="append")
    asked, failed = parser.parse_args(), False
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.engine or ("scratch", "torch"):
            count, faults = kill_at_random(Trainer(name, Path(folder)), asked.kills,
                                    np.random.default_rng(1))
            count["cut at"], more = kill_in_writes(Recipe(name, Path(folder)))
            faults += more
            counts = ", ".join(f"{what} {n}" for what, n in sorted(count.items()))
            print(f"{name}: {counts}, faults {len(faults)}", *faults[:5], sep="\n  ")
            failed |= bool(faults)
    sys.exit(failed)


if __name__ == "__main__":
    main()
