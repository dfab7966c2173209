"""The ways in which a call to `vidlearn.scratch` can be refused."""


class ShapeError(ValueError):
    """An array does not have the shape that a function needs."""


class GraphError(RuntimeError):
    """A gradient is asked for that nobody has kept the way back to."""


class UnsupportedOption(NotImplementedError):
    """A torch option that the engine by hand leaves out; the message names it."""


class GradcheckError(RuntimeError):
    """A backward pass does not fit its forward pass."""
