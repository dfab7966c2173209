"""Do the exercises of an open notebook as a reader does: first wrong, then right."""

import re

CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
BLANKS = f"""() => {{
    const cells = {CELLS}.map(c => c.model.toJSON());
    const source = c => [].concat(c.source).join('');
    const code = [...cells.keys()].filter(i => cells[i].cell_type === 'code');
    return code.filter(i => (cells[i].metadata.tags || []).includes('exercise')).map(i => {{
        const check = code.find(j => j > i);
        return {{blank: i, check: check, checks: source(cells[check])}};
    }});
}}"""
SELECT = "i => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i }"
SAID = f"""i => {CELLS}[i].model.toJSON().outputs.map(
    o => [].concat(o.text || o.traceback || o.evalue || '').join('')).join('')"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CHECK = re.compile(r"exercises\.(\w+\.\w+)\.check\((\w+)\)")


def solve(page, command, photograph):
    """Type a known mistake into every exercise, then the answer; return wrong replies of checks.

    `page` is Playwright's, `command` starts one of JupyterLab's, `photograph(name)` takes one.
    """
    wrong = []
    for place in page.evaluate(BLANKS):
        checks = CHECK.findall(place["checks"])
        for attempt, told in (("next(iter(exercises.{}.mistakes.values()))", "a known mistake: "),
                              ("exercises.{}.answer", "✓ ")):
            lines = [f"{name} = {attempt.format(where)}" for where, name in checks]
            said = _answered(page, command, place, "\n".join(lines))
            if told not in said:
                wrong.append(f"{lines[0]}: the check says {said[:200]!r}")
            if told != "✓ ":
                photograph(f"wrong-{checks[0][1]}")
    photograph("solved")
    return wrong


def _answered(page, command, place, source):
    """Type into the blank, run it and its check, and return what the check says."""
    page.evaluate(SELECT, place["blank"])
    command("notebook:enter-edit-mode")
    page.wait_for_timeout(100)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    command("notebook:run-cell-and-select-next")
    page.wait_for_timeout(100)
    page.evaluate(SELECT, place["check"])
    command("notebook:run-cell")
    for _ in range(150):
        page.wait_for_timeout(100)
        said = COLOUR.sub("", page.evaluate(SAID, place["check"]))
        if said and not said.startswith("○"):
            page.wait_for_timeout(100)
            return COLOUR.sub("", page.evaluate(SAID, place["check"]))
    return said
