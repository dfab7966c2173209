"""Clips with labels.

    motion   drawn from a seed: time is the only clue
    street   drawn from a seed: people and cars, and the truth about every pixel
    people   cut out of the street: one person at a time, and what they do
    recall   drawn from a seed: remember the first symbol
    outlines drawn from a seed: which of six figures a small picture shows
    folder   your own, in class folders
    real     real clips and weights, fetched and checked
    split    by source, so that nothing leaks
    load     batches for either engine
    cache    decoded clips on disk
"""
