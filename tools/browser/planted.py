"""A notebook with faults planted on purpose, and what the driver must say about each.

It must not report the sound cells before `FAULTS`.
"""

import re
from pathlib import Path

import nbformat

START = """
import time

import cv2
import ipywidgets as W
import numpy as np
from IPython.display import HTML, Javascript, display

from vidlearn import show
from vidlearn.course import lesson

def lines(size, shade=0, wait=0.0):
    picture = np.full((80, 200, 3), 255, np.uint8)
    picture[8:70, 8:8 + 8 * size] = shade
    time.sleep(wait)
    return picture, f"{size} wide"

def answered(make, *names, deaf=False, **options):
    control, label = make(description=make.__name__, **options), W.Label("not yet")
    def moved(_):
        label.value = label.value + "."
    if not deaf:
        control.on_click(moved) if make is W.Button else control.observe(moved, "value")
    return W.VBox([control, label])
"""
SOUND = [
    "show.live(lines, size=(1, 9), shade=[0, 60, 120])",
    "show.live(lambda ticked, size: lines(size + 9 * ticked), ticked=False, size=(1.0, 9.0, 1.0))"
    .replace("size + 9", "int(size) + 9"),
    "show.player(np.random.default_rng(0).integers(0, 256, (8, 48, 64, 3)).astype(np.uint8))",
    "answered(W.RadioButtons, options=['a', 'b'])",
    "answered(W.ToggleButtons, options=['a', 'b'])",
    "answered(W.ToggleButton)",
    "answered(W.Button)",
    "answered(W.IntText)",
    "answered(W.Text)",
    "answered(W.Textarea)",
    "answered(W.Select, options=['a', 'b'])",
    "many = lesson.predict('How many?', 1, 2, 4)\nshare = lesson.predict('What share?', unit='%')",
    "many.beside(2)\nshare.beside(13.2, at_least=10)",
]
WORDS = [                            # of Markdown cells
    ("A sum of $a_1$ and `## code`, and 2 * 3 ** 4.\n\n1. one\n2. two", None),
    ("A sentence. ## A heading in it", "markdown cell 2: '## A heading in it' is not"),
    ("246. is a number", "markdown cell 3: '246. is a number' is not"),
    ("$$\\fraction{1}{2}$$", "markdown cell 4: 'formula .*' is not"),
]
FAULTS = [                           # a cell, and what the driver must say of it
    ("show.live(lambda size, kind: lines(size), size=(1, 9), kind=['a', 'b'])",
     "dropdown 'kind': it moves, and neither picture nor words change"),
    ("show.live(lambda size, tick: lines(size), size=(1, 9), tick=True)",
     "checkbox 'tick': it moves, and neither"),
    ("answered(W.RadioButtons, options=['a', 'b'], deaf=True)", "radio .*neither"),
    ("answered(W.ToggleButtons, options=['a', 'b'], deaf=True)", "toggle-buttons .*neither"),
    ("answered(W.ToggleButton, deaf=True)", "toggle-button .*neither"),
    ("answered(W.Button, deaf=True)", "button .*neither"),
    ("answered(W.IntText, deaf=True)", "number .*neither"),
    ("answered(W.Text, deaf=True)", "text .*neither"),
    ("answered(W.IntSlider, disabled=True)", "slider .*no key moves it"),
    ("answered(W.ColorPicker)", "the driver knows no key for it"),
    ("show.live(lambda size: lines(size, wait=0.3), size=(1, 9))",
     r"(slider|readout) 'size': \d+ ms to a new picture"),
    ("show.live(lambda size: lines(size)[:1] + (f'{1 / (9 - size):.2f}',), size=(1, 9))",
     "slider 'size' at 9.*: it says ZeroDivisionError: "),
    ("show.live(lambda size: (lines(size)[0] * (size != 9), f'{size} of 9'), size=(1, 9))",
     "slider 'size' at 9.*: a picture is of one colour"),
    ("show.live(lambda size: (lines(size)[0], 'so long a line ' * size), size=(1, 20))",
     "'size' at .*: 'so long a line .* is cut off"),
    ("answered(W.IntText, value=3, style={'description_width': '20px'})", "'IntText' is cut off"),
    ("show.player(np.full((8, 48, 64, 3), 99, np.uint8), stills=0)",
     "its frames are all the same"),
    ("HTML('<video width=99 height=99 controls src=\"data:video/webm;base64,AAAA\">')",
     "it has no frames to show"),
    ("show.image(np.full((80, 200, 3), 9, np.uint8))", "a picture is of one colour"),
    ("HTML('<img width=99 src=\"data:image/png;base64,AAAA\">')", "a picture did not load"),
    ("lonely = lesson.predict('How long?')", "guess 'lonely': it stands beside no result"),
    ("hidden = lesson.predict('How wide?')\nhidden.form.control.tabbable = False",
     "guess 'hidden': Tab does not reach it"),
    ("data = cv2.imencode('.png', lines(9)[0])[1].tobytes()\n"
     "W.Image(value=data, width='400px')", "a picture is stretched: 200 pixels to 400"),
    ("display(Javascript('console.error(\"planted on the console\")'))",
     "says planted on the console"),
    ("display(Javascript('setTimeout(() => { throw new Error(\"planted in the page\") })'))",
     "says planted in the page"),
    ("None  # it was stored with an output", "is blank: it showed something"),
    ("import sys\nprint('planted', file=sys.stderr)", "writes to stderr: planted"),
    ("1 / 0", "ZeroDivisionError: division by zero"),
    ("'after an error'", "was never run"),
]


def notebook(folder):
    """Write the notebook to a folder; return its path."""
    sources = [START, *SOUND, *(source for source, _ in FAULTS)]
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    for cell in cells:
        if cell.source.startswith("None"):
            cell.outputs = [nbformat.v4.new_output("stream", text="it said this\n")]
    cells += [nbformat.v4.new_markdown_cell(source) for source, _ in WORDS]
    path = Path(folder, "planted.ipynb")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    return path


def expected():
    """What must be said about each source, with its place in the notebook."""
    for number, (source, words) in enumerate(FAULTS, len(SOUND) + 2):
        yield source, re.compile(rf"(code cell {number}\b|the console).*{words}", re.DOTALL)
    for source, words in WORDS[1:]:
        yield source, re.compile(words)


def unlike(wrong):
    """The planted faults that the driver missed, and the sound cells that it reported."""
    told, missed = set(), []
    for source, pattern in expected():
        found = {fault for fault in wrong if pattern.search(fault)}
        missed += [] if found else [f"not noticed: {pattern.pattern} in\n{source}"]
        told |= found
    return missed + [f"accused for nothing: {fault}" for fault in wrong if fault not in told]
