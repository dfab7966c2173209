"""Which library does the work: ours in NumPy, or PyTorch; on which device, in which precision.

Both libraries use the same names, so an engine is little more than a choice between two packages.
"""

from importlib import import_module

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

LIBRARIES = {"scratch": "vidlearn.scratch", "torch": "torch"}
DTYPES = ("float32", "float64")
ARRAY = kinds.array("an array of numbers", *range(9), empty=True)
TENSOR = kinds.having("a Tensor of either engine", "detach")
STATE = kinds.having("a dict of arrays", "items")


@checked
class Engine:
    """A library (`nn`, `functional`, `optim`), and the device and precision in which it works.

    Raises   ArgumentError if there is no such engine, device or dtype, or not on this machine
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

    def tensor(self, array: ARRAY):
        """Make a Tensor of an array; floating numbers take the precision of the engine."""
        kind = self.dtype if array.dtype.kind == "f" else array.dtype
        tensor = self.library.from_numpy(np.asarray(array, kind, order="C"))
        return tensor.to(self.device) if self.name == "torch" else tensor

    def numpy(self, tensor: TENSOR):
        """The numbers of a Tensor of either engine as an array, from any device."""
        return as_array(tensor)

    def to(self, model: kinds.MODEL):
        """Move a model to the device and the precision of the engine; returns the model."""
        return model.to(self.device, getattr(self.library, self.dtype))

    def state(self, model: kinds.MODEL):
        """A copy of all parameters and buffers of a model: name -> array."""
        return {name: self.numpy(value).copy() for name, value in model.state_dict().items()}

    def load(self, model: kinds.MODEL, state: STATE):
        """Copy arrays, as `state` returns them, into a model of either engine.

        Raises   RuntimeError that lists the names and shapes that do not fit
        """
        model.load_state_dict({name: self.tensor(value) for name, value in state.items()})

    def no_grad(self):
        """A block in which operations are not recorded for gradients."""
        return self.library.no_grad()

    def seed(self, *numbers: kinds.ONE_SEED):
        """Seed the library's own generator (initial weights, dropout) with one or more integers."""
        seed = np.random.SeedSequence(numbers).generate_state(1)[0]
        self.library.manual_seed(int(seed))


@checked
def get(name: kinds.ENGINE = "torch", device="cpu", dtype="float32"):
    """The engine of a name; an Engine is returned as it is."""
    return name if isinstance(name, Engine) else Engine(name, device, dtype)


@checked
def as_array(tensor: TENSOR):
    """The numbers of a Tensor of either engine as an array, from any device."""
    return tensor.detach().cpu().numpy()


@checked
def as_tensor(array: ARRAY, like: TENSOR):
    """A Tensor of the numbers of an array, in the library, dtype and device of another Tensor."""
    name = "torch" if type(like).__module__.startswith("torch") else "scratch"
    return import_module(LIBRARIES[name]).from_numpy(np.ascontiguousarray(array)).to(like)


@checked
def library_of(nn: kinds.NN):
    """The library that an `nn` belongs to: torch or vidlearn.scratch."""
    return import_module(nn.__name__.rpartition(".")[0])


@checked
def ops_of(nn: kinds.NN):
    """The operations on boxes that go with an `nn`: torchvision.ops or vidlearn.scratch.ops."""
    library = library_of(nn).__name__
    return import_module("torchvision.ops" if library == "torch" else f"{library}.ops")


def _choose(what, name, names):
    if name not in names:
        raise ArgumentError(f"there is no {what} {name!r}: choose one of {', '.join(names)}")


def _check_device(name, device, library):
    if device == "cpu":
        return
    if name == "scratch":
        raise ArgumentError(f"the engine scratch runs on the cpu, not on {device!r}: "
                            "leave the device out, or take the engine torch")
    if not device.startswith("cuda"):
        raise ArgumentError(f"there is no device {device!r}: choose cpu or cuda")
    if not library.cuda.is_available():
        raise ArgumentError(f"PyTorch {library.__version__} finds no CUDA device here: "
                            "take the device cpu, or run `vidlearn doctor` to see what is missing")
