"""Functions of Tensors that every network needs: arithmetic, shapes, sums, random numbers."""
