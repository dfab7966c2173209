"""The rules for notebooks that nbval does not check: `faults(path)` lists what breaks them."""

import ast
import json
import re

import nbformat

from tools import anatomy

CELLS, LINES, KILOBYTES, IGNORED = 55, 15, 300, 0.10
REWRITTEN = {"00", "10", "24", "40", "41", "42", "43"}     # they keep anatomy.py's rules, too
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ABSOLUTE = re.compile(r"""(?:^|[\s'"(\[=<])(?:/(?:[\w.~-]+/)+[\w.~-]|~/\w|[A-Z]:\\)""", re.M)
REFUTED = re.compile(r"✓.*: False\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FORBIDDEN = {                                         # in the code of a cell
    "a shell or magic line": re.compile(r"^\s*[!%]", re.M),
    "a trailing ;": re.compile(r";\s*\Z"),
    "a star import": re.compile(r"^\s*from\s+\S+\s+import\s+\*", re.M),
    "sys.path": re.compile(r"\bsys\.path\b"),
    "clear_output": re.compile(r"\bclear_output\b"),
    "another program": re.compile(r"\bsubprocess\b|\bos\.system\b|\bpip\b"),
    "the network": re.compile(r"https?://|\burllib\b|\brequests\b|\bsocket\b|\btorch\.hub\b"),
    "an nbval comment": re.compile(r"#\s*(NBVAL|PYTEST_VALIDATE)_"),
}
CLOCK = re.compile(r"\bperf_counter\b|\btime\.time\b|\bmonotonic\b|\btimeit\b|\brace\(")
OPENING = ("**Question.**", "**Needs**", "**Takes**", "**Runs in**")
SECTIONS = ("## Predict", "## Exercise", "## What you can say now")


def faults(path):
    """What breaks the rules in the notebook at `path`: a list of sentences, empty if nothing."""
    stored = path.read_text(encoding="utf-8")
    if fault := list(_valid(json.loads(stored))):
        return fault
    notebook = nbformat.reads(stored, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = [*_size(notebook, path), *_anatomy(notebook, code, path.name[:2]), *_ignored(code)]
    if path.name[:2] in REWRITTEN:
        found += anatomy.faults(notebook)
    for number, cell in enumerate(code, 1):
        after = code[number] if number < len(code) else None
        found += [f"code cell {number}: {fault}" for fault in _cell(cell, number, after)]
    return found


def _size(notebook, path):
    kilobytes = path.stat().st_size / 1024
    if kilobytes > KILOBYTES:
        yield f"{kilobytes:.0f} KB, at most {KILOBYTES}"
    if len(notebook.cells) > CELLS:
        yield f"{len(notebook.cells)} cells, at most {CELLS}"
    for key in notebook.metadata.keys() - {"kernelspec", "language_info"}:
        yield f"metadata.{key}: record it again"
    if "version" in notebook.metadata.get("language_info", {}):
        yield "metadata holds this machine's Python version: record it again"


def _valid(stored):
    """Checks the JSON as it is stored: nbformat repairs what it reads."""
    ids = [cell.get("id") for cell in stored["cells"]]
    if None in ids or len(set(ids)) < len(ids):
        yield "not a valid notebook: a cell without an id of its own"
    else:
        try:
            nbformat.validate(nbformat.from_dict(stored))
        except nbformat.ValidationError as error:
            yield f"not a valid notebook: {error.message}"


def _anatomy(notebook, code, number):
    text = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    opening = notebook.cells[0].source if notebook.cells else ""
    if not opening.startswith(f"# {number} · ") or not CHINESE.search(opening):
        yield f"the first cell begins with '# {number} · Title 中文'"
    yield from (f"the first cell has no {part}" for part in OPENING if part not in opening)
    if not code or f'lesson.start("{number}")' not in code[0].source:
        yield f'the first code cell has no lesson.start("{number}")'
    if number == "00":                                # the start teaches no operation
        return
    headings = [line for cell in text for line in cell.splitlines() if line.startswith("#")]
    for section in SECTIONS:
        if not any(line.startswith(section) for line in headings):
            yield f"no section '{section}'"
    if not any(".check(" in cell.source for cell in code):
        yield "no exercise is checked"
    if not any("of your own" in cell.source for cell in code):
        yield "no cell with a '# ... of your own' where the reader puts in a clip"


def _ignored(code):
    ignored = sum("nbval-ignore-output" in _tags(cell) for cell in code)
    if ignored > IGNORED * len(code):
        yield f"{ignored} of {len(code)} outputs are ignored, at most one in ten"


def _cell(cell, number, after):
    tags, ignored = _tags(cell), "nbval-ignore-output" in _tags(cell)
    if cell.execution_count != number:
        yield f"its count is {cell.execution_count}: nbval would compare nothing, record it again"
    if cell.source.count("\n") + 1 > LINES:
        yield f"{cell.source.count(chr(10)) + 1} lines, at most {LINES}"
    if "nbval-skip" in tags:
        yield "nbval-skip"
    if CLOCK.search(cell.source) and not ignored:
        yield "its times are compared: tag it nbval-ignore-output"
    yield from (name for name, pattern in FORBIDDEN.items() if pattern.search(cell.source))
    yield from _outputs(cell, tags)
    yield from _exercise(cell, tags, after)
    near = [cell, after] if after else [cell]
    if any(map(_is_figure, cell.outputs)) and not any(map(_says, near)):
        yield "a figure, and no text in this cell or the next that checks the data behind it"
    if not cell.outputs and not tags & {"exercise", "silent"} and not _defines_only(cell.source):
        yield "no output: show something, or tag it silent"


def _outputs(cell, tags):
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in tags:
            yield f"it failed: {output.ename}: {output.evalue}"
        if output.get("name") == "stderr":
            yield f"a warning: {output.text.strip().splitlines()[-1]}"
        if "image/svg+xml" in output.get("data", {}):
            yield "an SVG figure: its ids differ from run to run"
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {}):
            yield "a widget without its kernel: record it again"
        if ABSOLUTE.search(COLOUR.sub("", _text(output))):
            yield "a path of this machine in its output"
        if REFUTED.search(_text(output)):
            yield "a ✓ before a False"
        if any("≈" in line and not {*"✓✗"} & {*line} for line in _text(output).splitlines()):
            yield "what stands behind ≈ is not compared, so its line needs a verdict"
    if "raises-exception" in tags and not any(o.output_type == "error" for o in cell.outputs):
        yield "tagged raises-exception, but nothing was raised"


def _exercise(cell, tags, after):
    if "exercise" in tags:
        if "NotImplementedError" not in cell.source:
            yield "an exercise that is not blank: raise NotImplementedError"
        if after is None or ".check(" not in after.source:
            yield "an exercise without a check in the next code cell"
    if ".check(" in cell.source and not any(_text(o).startswith("○") for o in cell.outputs):
        yield "a check of a blank says ○"


def _tags(cell):
    return set(cell.metadata.get("tags", []))


def _says(cell):
    """Whether a cell shows a text of its own, which nbval compares."""
    if "nbval-ignore-output" in _tags(cell):
        return False
    return any(_text(output) and not _is_figure(output) for output in cell.outputs)


def _is_figure(output):
    """Whether an output is a picture without data in its text; a widget's text has its data."""
    data = output.get("data", {})
    named = not data.get("text/plain", "").startswith("<live ")
    return named and bool(data.keys() & {"image/png", "image/jpeg"})


def _text(output):
    data = output.get("data", {})
    return "\n".join([output.get("text", ""), data.get("text/plain", ""),
                      data.get("text/html", ""), *output.get("traceback", [])]).strip()


def _defines_only(source):
    """Whether a cell has only imports, functions and classes, which show nothing."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return all(isinstance(statement, kinds) for statement in body)
