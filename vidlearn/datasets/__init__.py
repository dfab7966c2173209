"""Clips with labels.

    motion   drawn from a seed: time is the only clue
    street   drawn from a seed: people and cars, and the truth about every pixel
    people   cut out of the street: one person at a time, and what they do
    recall   drawn from a seed: remember the first symbol
    outlines drawn from a seed: which of six figures a small picture shows
    shapes   drawn from a seed: four figures on a noisy ground, with a stamp if you like
    folder   your own, in class folders
    real     real clips and weights, fetched and checked
    split    by source, so that nothing leaks
    load     batches for either engine; pad: of clips of unlike length
    augmented   changes by chance, and the labels that change with them
    cache    decoded clips on disk; checked: a label that is no class is told by its clip
    reader   reads an action from pixels with nothing learned; held: what clips in memory share
"""
