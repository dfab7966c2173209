"""Clips with labels.

Drawn from a seed:

    motion       clips of a moving sprite, in which time is the only clue
    street       people and cars, with the truth about every pixel
    street_crops crops of the street with boxes, for a detector
    people       single people cut out of the street, and what they do
    recall       sequences: remember the first symbol
    outlines     small pictures: which of six figures is it?
    shapes       four figures on a noisy background, with a corner mark on request

Real ones:

    folder       your own clips, in class folders
    layout       what lies where in a folder: classes, parts of a split, and what is left out
    split_list   the split lists of UCF101, HMDB51 and Kinetics
    twins        the same clip in two classes, or in two parts of a split
    real         clips and weights that are fetched and checked

And what they share:

    split        by source, so that nothing leaks from training to test
    load         batches for either engine
    picklable    can a dataset be sent to a worker process?
    pad          batches of clips of unequal length
    augmented    random changes to clips, and to the labels that change with them
    cache        decoded clips on disk
    label_check  names the clip whose label is not a class
    oracle       reads an action of motion from its pixels, with nothing learned
    in_memory    what datasets in memory have in common
"""
