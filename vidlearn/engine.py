"""Which library does the work: ours in NumPy, or PyTorch, on which device and in which precision.

Both have the same names, so that an engine is little more than the choice between two packages.
"""

from importlib import import_module

import numpy as np

from vidlearn.checks import given, kinds

LIBRARIES = {"scratch": "vidlearn.scratch", "torch": "torch"}
DTYPES = ("float32", "float64")


class Engine:
    """A library (`nn`, `functional`, `optim`), the device and the precision that it works in.

    Raises   ValueError if there is no such engine, device or dtype, or no such device here
    """

    def __init__(self, name="torch", device="cpu", dtype="float32"):
        _choose("engine", name, LIBRARIES)
        _choose("dtype", dtype, DTYPES)
        self.library = import_module(LIBRARIES[name])
        _check_device(name, device, self.library)
        self.name, self.device, self.dtype = name, device, dtype
        self.nn = import_module(f"{LIBRARIES[name]}.nn")
        self.optim = import_module(f"{LIBRARIES[name]}.optim")
        self.functional = self.nn.functional

    def __repr__(self):
        return f"Engine({self.name!r}, {self.device!r}, {self.dtype!r})"

    def tensor(self, array):
        """An array as a Tensor here: real numbers in the engine's precision, labels as they are."""
        array = np.asarray(array)
        kind = self.dtype if array.dtype.kind == "f" else array.dtype
        tensor = self.library.from_numpy(np.asarray(array, kind, order="C"))
        return tensor.to(self.device) if self.name == "torch" else tensor

    def numpy(self, tensor):
        """The numbers of a Tensor of either engine, wherever they lie and whatever made them."""
        tensor = tensor.detach()
        return (tensor.cpu() if hasattr(tensor, "cpu") else tensor).numpy()

    def to(self, model):
        """Move a model to the device and the precision; returns the model."""
        return model.to(self.device, getattr(self.library, self.dtype))

    def state(self, model):
        """A copy of all parameters and buffers of a model: name -> array."""
        return {name: self.numpy(value).copy() for name, value in model.state_dict().items()}

    def load(self, model, state):
        """Copy arrays, as `state` gave them, into a model of either engine.

        Raises   RuntimeError that lists the names and shapes that do not fit
        """
        model.load_state_dict({name: self.tensor(value) for name, value in state.items()})

    def no_grad(self):
        """A block in which no gradients are prepared."""
        return self.library.no_grad()

    def seed(self, *numbers):
        """Seed the library's own draws (starting weights, dropout) from one or more integers."""
        seed = np.random.SeedSequence(numbers).generate_state(1)[0]
        self.library.manual_seed(int(seed))


def get(name="torch", device="cpu", dtype="float32"):
    """The engine of that name; an Engine is given back as it is."""
    return name if isinstance(name, Engine) else Engine(name, device, dtype)


def _choose(what, name, names):
    if name not in names:
        raise ValueError(f"there is no {what} {name!r}: choose one of {', '.join(names)}")


def _check_device(name, device, library):
    if device == "cpu":
        return
    if name == "scratch":
        raise ValueError(f"the engine by hand runs on the cpu, not on {device!r}: "
                         "leave the device out, or take the engine torch")
    if not device.startswith("cuda"):
        raise ValueError(f"there is no device {device!r}: choose cpu or cuda")
    if not library.cuda.is_available():
        raise ValueError(f"PyTorch {library.__version__} finds no CUDA device here: "
                         "take the device cpu, or ask `vidlearn doctor` what is missing")


given.check(globals(), {
    "get.name": kinds.ENGINE, "numbers": kinds.ONE_SEED, "model": kinds.MODEL,
    "tensor": kinds.having("a Tensor of either engine", "detach"),
    "array": kinds.array("an array of numbers", *range(9), empty=True),
    "Engine.load.state": kinds.having("a dict of arrays", "items"),
})
