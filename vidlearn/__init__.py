"""Deep learning for video, written twice: by hand in NumPy and with PyTorch.

Read it from the ground up. Imports go down these floors, never up.

    0  naive          every formula as plain loops: the specification
       checks         what public functions may be given, said in their signatures
       files          a file is written whole or not at all; arrays as safetensors
    1  scratch        torch's names in NumPy: core (Tensor and graph), numbers, layers (the pairs of
                      plain functions that the lessons teach), nn, optim
       video          files to clips and back: probe, read, frames, write, sample, transform, shots
    2  engine         which of the two libraries does the work, and on which device
       models         networks, a file each, written once for either library
       datasets       clips with labels: drawn, from folders, fetched; splits; batches
       vision         what moves: background models, morphology, optical flow
    3  training       one loop for both engines, saved and resumed; recipe: from a folder of clips
                      to a classifier in one file
       evaluation     accuracy, confusion, F1, top-k, intervals, curves
       inference      a trained classifier in one file, and what it says of a clip or a long video;
                      a detector, and what is where in each frame
       explain        which pixels decided, and is the picture true?
       compare        both sides of one call: twins (do they agree?), race (how fast is each?)
    4  show           pictures, players, plots; widgets, one module a lesson
       course         lessons, exercises and their checks, JupyterLab, replaying a notebook
       surveillance   who crosses a line, stays in a zone, how fast, and where most
       doctor         is this machine ready, and what mends it?
    5  exercises      answers, cases, hints and known mistakes, one module a lesson
    6  cli            the vidlearn command, one module a subcommand

Axes: N clips, C channels, T frames, H height, W width; O out-channels; K kernel; F features;
U hidden units. A batch of clips is (N, C, T, H, W) in 0..1; a decoded clip is (T, H, W, C) uint8
RGB.
"""

__version__ = "0.1.0"
