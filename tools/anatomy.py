"""The rules for a lesson that keeps its answer until the reader has guessed.

`faults(notebook)` lists what breaks them: each Predict asks for a guess and prints no result, the
guess is set beside the result, an exercise follows its section, a picture comes early, and no line
of code does two things.
"""

import ast
import re
from collections import Counter

PREDICT = re.compile(r"^## Predict|\*\*Predict\.\*\*", re.M)
ASKS = "lesson.predict("
NEAR = 2                             # code cells, in which a guess is set beside the result
EARLY = 4                            # code cells, in one of which or above there is a picture
EXERCISES = 2                        # that may follow one section
ENDS = "## Break it", "## Spot the error", "## A clip of your own", "## What you can say now"
PICTURE = re.compile(r"!\[|```mermaid|<svg|<img")
SAYS_ITSELF = re.compile(r"^.*✓.*: (?:True|False)\b.*$", re.M)


def faults(notebook):
    """What breaks the rules in a notebook, as sentences."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    yield from _asked(notebook.cells)
    for number, cell in enumerate(code):
        place, tree = f"code cell {number + 1}: ", _tree(cell.source)
        found = [*_lines(tree), *_verdicts(cell), *_told(tree)]
        if ASKS in cell.source or "predict" in cell.metadata.get("tags", []):
            found += [*_question(cell, tree), *_beside(tree, code[number + 1:])]
        yield from (place + fault for fault in found)
    asked = Counter(question for cell in code for question in _questions(_tree(cell.source)))
    yield from (f"{question!r} is asked twice: it would keep one guess for both"
                for question, count in asked.items() if count > 1)
    yield from _order([line for cell in notebook.cells if cell.cell_type == "markdown"
                       for line in cell.source.splitlines() if line.startswith("## ")])
    end = notebook.cells.index(code[:EARLY][-1]) if code else 0
    if not any(map(_shows, notebook.cells[:end + 1])):
        yield f"no picture until code cell {EARLY}"


def _asked(cells):
    """Each Predict in the text is followed by a cell that asks."""
    for place, cell in enumerate(cells):
        after = next((c for c in cells[place + 1:] if c.cell_type == "code"), None)
        if cell.cell_type == "markdown" and PREDICT.search(cell.source) and (
                after is None or ASKS not in after.source):
            yield f"cell {place}: a Predict, and the next code cell has no {ASKS}...)"


def _question(cell, tree):
    """A cell that asks prints nothing; beside its questions it may show a picture."""
    calls = _calls(tree)
    if not calls:
        yield f"a cell that asks has a line such as guess = {ASKS}...)"
    if any(keyword.arg == "guess" for _, call in calls for keyword in call.keywords):
        yield "its guess is filled in: leave it to the reader"
    questions = tuple(_questions(tree))
    shown = [output.get("data", {}).get("text/plain", "") for output in cell.outputs
             if not _is_picture(output)]
    if len(shown) != len(calls) or not all(text.startswith(questions) for text in shown):
        yield "it prints more than its question"


def _beside(tree, after):
    """Every guess is set beside the result in one of the next cells."""
    near = "\n".join(cell.source for cell in after[:NEAR])
    for name, _ in _calls(tree):
        if f"{name}.beside(" not in near:
            yield f"no {name}.beside(...) in the next {NEAR} code cells"


def _told(tree):
    """The result is computed: a reader sees the code below a question."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "beside" and all(
                isinstance(value, ast.Constant) for value in node.args):
            yield f"{ast.unparse(node)} tells the result to whoever reads on: compute it"


def _calls(tree):
    """The name and the call of each statement `name = lesson.predict(...)`."""
    return [(line.targets[0].id, line.value) for line in tree.body
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
            and isinstance(line.value, ast.Call) and ast.unparse(line.value.func) == ASKS[:-1]]


def _questions(tree):
    return [call.args[0].value for _, call in _calls(tree)
            if call.args and isinstance(call.args[0], ast.Constant)]


def _lines(tree):
    """One statement a line: no `if x: y`, no ;, and no `a, b = 1, 2` that is not a swap."""
    starts = Counter(node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt))
    yield from (f"line {line} holds {count} statements" for line, count in starts.items()
                if count > 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and all(
                isinstance(side, ast.Tuple) for side in (node.targets[0], node.value)):
            left, right = (sorted(map(ast.unparse, side.elts))
                           for side in (node.targets[0], node.value))
            if left != right:
                yield f"line {node.lineno} makes {len(left)} assignments in one"


def _verdicts(cell):
    """A ✓ comes from code that checked, and no guess is stored."""
    text = "\n".join(output.get("text", "") for output in cell.outputs)
    yield from (f"a ✓ was typed before a truth value: {line.strip()!r}"
                for line in SAYS_ITSELF.findall(text))
    if "you said " in text:
        yield "it was recorded with a guess"


def _order(headings):
    """An exercise follows its section at once."""
    row, before = 0, ""
    for heading in headings:
        if not heading.startswith("## Exercise"):
            row, before = 0, heading
            continue
        row += 1
        if row == EXERCISES + 1:
            yield f"{heading!r} is the third exercise in a row: put each after its section"
        if row == 1 and before.startswith(ENDS):
            yield f"{heading!r} stands after {before!r}: put it after its section"


def _shows(cell):
    if cell.cell_type == "markdown":
        return bool(PICTURE.search(cell.source))
    return any(map(_is_picture, cell.outputs))


def _is_picture(output):
    data = output.get("data", {})
    return "<video" in data.get("text/html", "") or any(k.startswith("image/") for k in data)


def _tree(source):
    """The parsed code; of a cell that is no Python, the other rules say it."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse("")
