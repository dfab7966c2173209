"""Deep learning for video, written twice: by hand in NumPy and with PyTorch."""

__version__ = "0.1.0"
