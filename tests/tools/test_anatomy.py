"""Does a lesson keep its answer until the reader has guessed? One fault is planted at a time."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import anatomy

PICTURE = new_output("display_data", {"image/png": "aGVsbG8=", "text/plain": "<a picture>"})
ASKED = "How many?  ○ 1  ○ 2"


def asked(text=ASKED, **more):
    return new_output("display_data", {"text/plain": text, **more})


def printed(text):
    return new_output("stream", text=text)


def code(source, *outputs, tags=()):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def lawful():
    return new_notebook(cells=[
        new_markdown_cell("# 90 · A small lesson"),
        code("from vidlearn.course import lesson"),
        new_markdown_cell("## Predict 先猜\nHow many?"),
        code('guess = lesson.predict("How many?", 1, 2)', asked()),
        code("results = double(3)\nguess.beside(results)", printed("it is 2\n")),
        code("draw()", PICTURE),
        new_markdown_cell("## By hand"),
        code("a, b = b, a\nx, y = conv(a)\nfor i in x:\n    print(i)",
             printed("✓ agrees, fast True: 50 steps\n")),
        new_markdown_cell("## Exercise 90.1\nWrite it."),
        new_markdown_cell("## Exercise 90.2\nAnd this.\n\n## The way back"),
        new_markdown_cell("**Predict.** And now?"),
        code('first = lesson.predict("And now?", unit="%")\nsecond = lesson.predict("Then?")',
             asked("And now?  ____  %"), asked("Then?  ____")),
        code("first.beside(x)", printed("it is 1\n")),
        code("second.beside(y, at_least=0.8)", printed("it is ≈0.9 (at least 0.80 ✓)\n")),
        new_markdown_cell("## Exercise 90.3\nAgain.\n\n## What you can say now"),
    ])


def test_a_lawful_notebook_passes():
    assert list(anatomy.faults(lawful())) == []


def in_cell(number, **changes):
    return lambda notebook: notebook.cells[number].update(changes)


def without(*numbers):
    def plant(notebook):
        notebook.cells = [c for k, c in enumerate(notebook.cells) if k not in numbers]
    return plant


def add(text):
    return lambda notebook: notebook.cells.append(new_markdown_cell(text))


def asks(source, *outputs):
    return in_cell(3, source=source, outputs=list(outputs) or [asked()])


ALONE = "it prints more than its question"
PLANTED = [
    (without(3), "cell 2: a Predict, and the next code cell has no lesson.predict(...)"),
    (without(11), "cell 10: a Predict, and the next code cell has no lesson.predict(...)"),
    (add("**Predict.** Again?"), "cell 15: a Predict, and the next code cell"),
    (asks('lesson.predict("How many?", 1, 2)'), "a cell that asks has a line such as"),
    (asks('guess = lesson.predict("How many?", 1, 2)\nprint(2)', asked(), printed("2")), ALONE),
    (in_cell(7, metadata={"tags": ["predict"]}),
     "code cell 5: a cell that asks has a line such as"),
    (asks('guess = lesson.predict("How many?", 1, 2, guess=2)'), "its guess is filled in"),
    (asks('guess = lesson.predict("How many?", 1, 2)', asked(), printed("2")), ALONE),
    (asks('guess = lesson.predict("How many?", 1, 2)', printed(ASKED)), ALONE),
    (asks('guess = lesson.predict("How many?", 1, 2)', asked("it is 2")), ALONE),
    (asks('guess = lesson.predict("How many?", 1, 2)', PICTURE), ALONE),
    (in_cell(3, outputs=[]), ALONE),
    (in_cell(4, source="other.beside(3)"), "no guess.beside(...) in the next 2 code cells"),
    (in_cell(12, source="first.beside(1)"), "first.beside(1) tells the result to whoever reads on"),
    (without(13), "no second.beside(...) in the next 2 code cells"),
    (in_cell(11, source='first = lesson.predict("How many?")\nsecond = lesson.predict("Then?")'),
     "'How many?' is asked twice"),
    (in_cell(4, outputs=[printed("you said 1; it is 2\n")]), "it was recorded with a guess"),
    (in_cell(7, source="x = 1; y = 2"), "code cell 5: line 1 holds 2 statements"),
    (in_cell(7, source="a = 1\nif a: print(a)"), "line 2 holds 2 statements"),
    (in_cell(7, source="def f(x): return x"), "line 1 holds 2 statements"),
    (in_cell(7, source="a, b = 1, f(2)"), "line 1 makes 2 assignments in one"),
    (in_cell(7, outputs=[printed("✓ better than chance: True\n")]), "a ✓ was typed before a truth"),
    (add("## Exercise 90.4\n## Exercise 90.5"), "'## Exercise 90.4' stands after '## What you"),
    (lambda n: n.cells[9].update(source="## Exercise 90.2\n## Exercise 90.2b"),
     "'## Exercise 90.2b' is the third exercise in a row"),
    (in_cell(6, source="## Break it"), "'## Exercise 90.1' stands after '## Break it'"),
    (in_cell(5, outputs=[printed("no picture")]), "no picture until code cell 4"),
]


@pytest.mark.parametrize("plant, words", PLANTED, ids=[words for _, words in PLANTED])
def test_a_planted_fault_is_seen(plant, words):
    notebook = lawful()
    plant(notebook)
    assert words in "\n".join(anatomy.faults(notebook))


@pytest.mark.parametrize("plant", [
    in_cell(0, source="![a drawing](attachment:a.png)"), in_cell(1, outputs=[PICTURE]),
    in_cell(4, outputs=[new_output("display_data", {"text/html": "<video src='data:'>"})]),
    asks('draw()\nguess = lesson.predict("How many?", 1, 2)', PICTURE, asked())])
def test_a_picture_may_be_a_drawing_in_the_text_or_a_film(plant):
    notebook = lawful()
    in_cell(5, outputs=[])(notebook)
    plant(notebook)
    assert list(anatomy.faults(notebook)) == []


def test_a_notebook_without_code_and_a_cell_of_no_python_are_left_to_the_other_rules():
    assert list(anatomy.faults(new_notebook(cells=[new_markdown_cell("# 90")]))) == [
        "no picture until code cell 4"]
    notebook = lawful()
    in_cell(7, source="!ls")(notebook)
    assert list(anatomy.faults(notebook)) == []
