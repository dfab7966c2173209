"""The Tensor and its graph: how gradients walk back, and what a Tensor may be made of."""
