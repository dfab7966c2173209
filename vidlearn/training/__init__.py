"""One training loop for both engines, with checkpoints; and a recipe from a folder to weights."""

from vidlearn.training.loop import fit
from vidlearn.training.state import TrainingError

__all__ = ["TrainingError", "fit"]
