"""Does the guard see what it is there for? A lawful notebook, and one fault planted at a time."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import guard

OPENING = ("# 90 · A small lesson 小课\n**Question.** Does it?\n"
           "**Needs** 10 · **Takes** 5 min · **Runs in** 1 s")
PICTURE = new_output("display_data", {"image/png": "aGVsbG8=", "text/plain": "<a picture>"})


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def raised(words="no"):
    return new_output("error", ename="ShapeError", evalue=words, traceback=[f"ShapeError: {words}"])


def code(source, *outputs, tags=()):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def lawful():
    cells = [
        new_markdown_cell(OPENING),
        code('from vidlearn.course import lesson\nlesson.start("90")',
             printed("Lesson 90 is ready.\n")),
        new_markdown_cell("## Predict"),
        code('clip = lesson.data("a.webm")  # or the path of a clip of your own', tags=["silent"]),
        code("show(clip)", PICTURE),
        code("print(clip.mean())", printed("0.25\n")),
        code("race()", printed("3 ms\n"), tags=["nbval-ignore-output"]),
        code("conv(1)", raised(), tags=["raises-exception"]),
        new_markdown_cell("## Exercise 90.1"),
        code("def slide(x):\n    raise NotImplementedError", tags=["exercise"]),
        code("SLIDE.check(slide)", printed("○ slide: not written yet\n")),
        new_markdown_cell("## What you can say now"),
        *[code(f"{i}", new_output("execute_result", {"text/plain": f"{i}"})) for i in range(3)],
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    count(notebook)
    return notebook


def count(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, 1):
        cell.execution_count = number


def judged(notebook, folder):
    path = folder / "90_small.ipynb"
    path.write_text(json.dumps(notebook))             # as it is: nbformat.write would mend it
    return guard.faults(path)


def test_a_lawful_notebook_passes(tmp_path):
    assert judged(lawful(), tmp_path) == []


def in_cell(number, **changes):
    """Change the cell with this place in the list."""
    return lambda notebook: notebook.cells[number].update(changes)


def says(text, name="stdout"):
    return in_cell(5, outputs=[printed(text, name)])


def source(text):
    return in_cell(5, source=text)


def add(*texts):
    def plant(notebook):
        notebook.cells += map(new_markdown_cell, texts)
    return plant


def without(number):
    def plant(notebook):
        del notebook.cells[number]
        count(notebook)
    return plant


PLANTED = [
    (in_cell(5, execution_count=9), "its count is 9: nbval would compare nothing"),
    (in_cell(5, execution_count=None), "its count is None"),
    (lambda n: n.metadata.update(widgets={}), "metadata.widgets"),
    (lambda n: n.metadata.update(language_info={"name": "python", "version": "3.11"}), "version"),
    (lambda n: n.cells[3].update(id=n.cells[1].id), "a cell without an id of its own"),
    (lambda n: n.cells[3].pop("id"), "a cell without an id of its own"),
    (lambda n: n.cells[5].outputs[0].pop("name"), "not a valid notebook"),
    (add(*["word"] * 50), "cells, at most 55"),
    (add("word " * 70_000), "KB, at most 300"),
    (in_cell(0, source=OPENING.replace("90", "91")), "begins with '# 90 · Title"),
    (in_cell(0, source=OPENING.replace("小课", "")), "begins with '# 90 · Title"),
    (in_cell(0, source=OPENING.replace("**Takes**", "")), "no **Takes**"),
    (in_cell(1, source="x = lesson"), 'no lesson.start("90")'),
    (without(2), "no section '## Predict'"),
    (in_cell(3, source="clip = 1"), "of your own"),
    (source("\n".join(["print(1)"] * 16)), "16 lines, at most 15"),
    (source("!ls"), "a shell or magic line"),
    (source("%pip install x"), "a shell or magic line"),
    (source("plt.plot(x);"), "a trailing ;"),
    (source("from numpy import *"), "a star import"),
    (source("import sys\nsys.path.append('..')"), "sys.path"),
    (source("clear_output()"), "clear_output"),
    (source("import subprocess"), "another program"),
    (source("read('https://example.org/a.mp4')"), "the network"),
    (source("# NBVAL_SKIP\nprint(1)"), "an nbval comment"),
    (source("print(perf_counter() - start)"), "its times are compared"),
    (in_cell(6, metadata={"tags": []}), "its times are compared"),
    (in_cell(5, metadata={"tags": ["nbval-skip"]}), "nbval-skip"),
    (in_cell(5, metadata={"tags": ["nbval-ignore-output"]}), "2 of 11 outputs are ignored"),
    (in_cell(5, metadata={"tags": ["nbval-ignore-output"]}), "a figure, and no text"),
    (says("saved to /srv/course/a.png"), "a path of this machine"),
    (says("saved to C:\\course\\a.png"), "a path of this machine"),
    (says("saved to ~/course/a.png"), "a path of this machine"),
    (says("UserWarning: old\n", "stderr"), "a warning: UserWarning: old"),
    (says("✓ better than chance: False"), "a ✓ before a False"),
    (says("fine\naccuracy ≈0.9"), "what stands behind ≈ is not compared"),
    (in_cell(5, outputs=[raised()]), "it failed: ShapeError: no"),
    (in_cell(7, outputs=[printed("fine")]), "tagged raises-exception, but nothing was raised"),
    (in_cell(5, outputs=[new_output("display_data", {"image/svg+xml": "<svg/>"})]), "an SVG"),
    (in_cell(5, outputs=[new_output("display_data", {
        "application/vnd.jupyter.widget-view+json": {}})]), "a widget without its kernel"),
    (in_cell(5, outputs=[]), "no output: show something, or tag it silent"),
    (in_cell(3, metadata={}), "no output: show something, or tag it silent"),
    (in_cell(9, source="def slide(x):\n    return x"), "an exercise that is not blank"),
    (in_cell(10, source="slide(3)"), "an exercise without a check"),
    (in_cell(10, outputs=[printed("✓ slide: right in all 3 cases")]), "a check of a blank says ○"),
]


@pytest.mark.parametrize("plant, words", PLANTED, ids=[words for _, words in PLANTED])
def test_a_planted_fault_is_seen(plant, words, tmp_path):
    notebook = lawful()
    plant(notebook)
    assert words in "\n".join(judged(notebook, tmp_path))


@pytest.mark.parametrize("text", ["✓ agree\nFalse", "False ✓", "✓ fast False: 9",
                                  "accuracy ≈0.9 (at least 0.80 ✓)",
                                  "✗ accuracy ≈0.7 (at least 0.80)"])
def test_a_verdict_that_was_reached_is_none_of_its_business(text, tmp_path):
    notebook = lawful()
    says(text)(notebook)
    assert judged(notebook, tmp_path) == []


def test_a_rewritten_lesson_keeps_the_rules_of_the_anatomy_too(tmp_path, monkeypatch):
    words = "a Predict, and the next code cell has no lesson.predict(...)"
    assert words not in "\n".join(judged(lawful(), tmp_path))
    monkeypatch.setattr(guard, "REWRITTEN", {"90"})
    assert words in "\n".join(judged(lawful(), tmp_path))


@pytest.mark.parametrize("text", ["31 clips/s and 3/4 of it", "left/right", "a / b", "image/png"])
def test_a_fraction_is_no_path(text, tmp_path):
    notebook = lawful()
    says(text)(notebook)
    assert judged(notebook, tmp_path) == []


def test_definitions_are_silent_by_nature(tmp_path):
    notebook = lawful()
    source("import numpy as np\ndef double(x):\n    return 2 * x")(notebook)
    notebook.cells[5].outputs, notebook.cells[4].outputs = [], [printed("ok")]
    assert judged(notebook, tmp_path) == []
