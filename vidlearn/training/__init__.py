"""One training loop for both engines, saved and resumed; and a recipe from folder to weights."""

from vidlearn.training.loop import TrainingError, fit

__all__ = ["TrainingError", "fit"]
