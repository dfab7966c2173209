"""Hypothesis draws the shapes; no test asserts a time, on a busy machine neither."""

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
