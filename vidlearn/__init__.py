"""Deep learning for video, written twice: by hand in NumPy and with PyTorch.

Read it from the ground up. Imports go down these floors, never up.

    0  naive          every formula as plain loops: the specification
       given          what public functions may be given, asked by the names of their arguments;
                      kinds: what is wanted, in words, and what is taken for it
    1  scratch        torch's names in NumPy: Tensor, nn, nn.functional, optim; the pairs of plain
                      functions (conv_forward, conv_backward) that the lessons teach
       video          files to clips and back: probe, read, frames, write, sample, transform
    2  engine         which of the two libraries does the work, and where
       models         six networks, a file each, written once for either library
       datasets       clips with labels: drawn, from folders, fetched; splits; batches
       vision         what moves: background models, morphology, optical flow
    3  train          one training loop, saved and resumed; plan, run, history, checkpoint,
                      interrupt; recipe: from a folder of clips to a classifier in one file
       evaluate       accuracy, confusion, F1, top-k, intervals
       weights        a trained classifier in one file; arrays: the format, whole: all or nothing;
                      classify: what does this clip show?
       explain        which pixels decided, and is the picture true?
       compare        where the two sides meet: twins (do they agree?), race (how fast?)
       show           pictures, players, plots and widgets, in one look
       exercise       is an attempt right, and if not, what is wrong (attempt, difference);
                      exercises: one module a lesson
       lesson         what a notebook starts with; ordering: which cell comes first; kernel, lab:
                      the course in JupyterLab; verdict: does a notebook run as stored?
       doctor         is this machine ready? finding: what it says; installed: what is here; room:
                      for files, in memory; blas: which kernel multiplies fastest
       mistakes       how the command tells a user's; samples: calls to compare
    4  cli            the vidlearn command; fetch: its data part

Axes: N clips, C channels, T frames, H height, W width; O out-channels; K kernel. A batch of clips
is (N, C, T, H, W) in 0..1; a decoded clip is (T, H, W, C) uint8 RGB.
"""

__version__ = "0.1.0"
