"""What is wrong with the layout of a sheet, by the renderer's own measures."""

from itertools import combinations, pairwise

import numpy as np

from vidlearn.show.structure.sheet import Block

SLACK = 0.012                        # inches that a rectangle may be off: about a pixel


def faults(sheet):
    """Sentences: what overlaps, leaves its block or the sheet, or is crossed by a line."""
    labels = [(text.get_text(), sheet.extent(text), inside) for text, inside in sheet.labels]
    return [*_outside(sheet, labels), *_overlaps(sheet, labels), *_crossed(sheet, labels)]


def words(sheet):
    """The text of every label, in the order of drawing."""
    return [text.get_text() for text, _ in sheet.labels]


def _outside(sheet, labels):
    page = Block(0, 0, sheet.width, sheet.height)
    if sheet.width > 8 or sheet.height > 5:
        yield f"{sheet.width} x {sheet.height} inches do not fit a page"
    for text, extent, inside in labels:
        if not holds(page, extent):
            yield f"{text!r} is cut off"
        if inside is not None and not holds(inside, extent):
            yield f"{text!r} leaves its block"
    for block in sheet.blocks:
        if not holds(page, block):
            yield f"{block} is cut off"
    for line in sheet.lines:
        if not all(0 <= x <= sheet.width and 0 <= y <= sheet.height for x, y in line):
            yield f"the line {line} is cut off"


def _overlaps(sheet, labels):
    for (a, extent, _), (b, other, _) in combinations(labels, 2):
        if overlap(extent, other):
            yield f"{a!r} lies on {b!r}"
    for a, b in combinations(sheet.blocks, 2):
        if overlap(a, b) and not holds(a, b) and not holds(b, a):
            yield f"{a} lies on {b}"
    for text, extent, inside in labels:
        for block in sheet.blocks:
            if overlap(block, extent) and not holds(block, extent) and block != inside:
                yield f"{text!r} lies on the edge of {block}"


def _crossed(sheet, labels):
    solid = [block for block in sheet.blocks
             if not any(holds(block, other) and other != block for other in sheet.blocks)]
    for line in sheet.lines:
        for start, end in pairwise(line):
            for text, extent, _ in labels:
                if crosses(start, end, extent):
                    yield f"a line crosses {text!r}"
            for block in solid:
                if crosses(start, end, block, block in sheet.discs):
                    yield f"the line {start} to {end} crosses {block}"


def holds(outer, inner):
    """Whether a rectangle lies in another."""
    return (inner.x >= outer.x - SLACK and inner.y >= outer.y - SLACK
            and inner.x + inner.width <= outer.x + outer.width + SLACK
            and inner.y + inner.height <= outer.y + outer.height + SLACK)


def overlap(a, b):
    """Whether two rectangles share more than an edge."""
    return (min(a.x + a.width, b.x + b.width) - max(a.x, b.x) > SLACK
            and min(a.y + a.height, b.y + b.height) - max(a.y, b.y) > SLACK)


def crosses(start, end, block, is_round=False):
    """Whether a line from start to end goes through the inside of a rectangle, or of its disc."""
    steps = np.linspace(start, end, 2 + int(np.hypot(*np.subtract(end, start)) / SLACK))
    half = np.maximum(np.subtract((block.width, block.height), 0.05) / 2, 0.01)
    away = np.abs(steps - block.middle) / half
    return bool(((away ** 2).sum(1) < 1 if is_round else (away < 1).all(1)).any())
