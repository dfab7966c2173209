"""All drawn cases of all operations: name -> strategy."""

from tests.scratch import drawn_models, drawn_numbers, drawn_windows  # noqa: F401    (fill DRAWN)
from tests.scratch.drawn import DRAWN

__all__ = ["DRAWN"]
