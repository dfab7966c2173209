"""Is this machine ready for the lessons, and what mends it?"""

from vidlearn.doctor.checks import report

__all__ = ["report"]
