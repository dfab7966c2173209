"""Functions of Tensors, under torch's names: arithmetic, shapes, reductions, random numbers."""
