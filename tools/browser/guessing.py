"""Guess in every Predict of an open notebook, by the keyboard alone.

Tab goes from the cell to the form, Tab and Enter choose, a number is typed. The notebook then runs
again: the form keeps the guess, and it stands beside the result.
"""

import re

ASKS = re.compile(r"^(\w+) = lesson\.predict\(", re.MULTILINE)
CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
SOURCES = f"() => {CELLS}.map(cell => cell.model.sharedModel.getSource())"
SAID = f"""i => {CELLS}[i].model.toJSON().outputs.map(
    output => [].concat(output.text || '').join('')).join('')"""
SELECT = f"""i => {{
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = i;
    notebook.mode = 'command';
    {CELLS}[i].node.scrollIntoView();
    {CELLS}[i].node.focus();
}}"""
FORMS = f"""i => [...{CELLS}[i].node.querySelectorAll('.jp-OutputArea-child')]
    .filter(area => area.querySelector('.widget-toggle-buttons, .widget-text'))"""
IS_IN = f"""([i, k]) => {{
    const at = document.activeElement;
    return ({FORMS})(i)[k].contains(at) && at.matches('button, input');
}}"""
NOTED = f"""([i, k]) => [...({FORMS})(i)[k].querySelectorAll('div.widget-label')]
    .some(line => line.textContent.startsWith('noted: '))"""
NUMBER = "12"
FAR = 40                             # presses of Tab that a reader would bear


def guess(page, run):
    """Make a guess in every form, and run the notebook again by `run()`.

    Returns  what is wrong, in words, and the number of guesses
    """
    asked = [(cell, place, name) for cell, source in enumerate(page.evaluate(SOURCES))
             for place, name in enumerate(ASKS.findall(source))]
    wrong = {name: _made(page, cell, place) for cell, place, name in asked}
    if asked:
        run()
    for cell, place, name in asked:
        wrong[name] = wrong[name] or _kept(page, cell, place, name)
    return [f"code cell {_number(page, cell)}, guess {name!r}: {wrong[name]}"
            for cell, _, name in asked if wrong[name]], len(asked)


def _made(page, cell, place):
    """Guess by the keyboard; return what went wrong, or ""."""
    page.evaluate(SELECT, cell)
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate(IS_IN, [cell, place]):
            break
    else:
        return "Tab does not reach it"
    if page.evaluate("() => document.activeElement.matches('input')"):
        page.keyboard.press("Control+A")
        page.keyboard.type(NUMBER)
    else:
        page.keyboard.press("Tab")                    # to the second choice
        page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    return "" if page.evaluate(NOTED, [cell, place]) else "it says nothing of a guess"


def _kept(page, cell, place, name):
    """What is wrong with a guess after the notebook has run again, or ""."""
    if not page.evaluate(NOTED, [cell, place]):
        return "it is forgotten when the cell runs again"
    beside = [page.evaluate(SAID, number) for number, source in enumerate(page.evaluate(SOURCES))
              if f"{name}.beside(" in source]
    return "" if any("you said " in said for said in beside) else "it stands beside no result"


def _number(page, cell):
    """The place of a cell among the code cells, from 1."""
    above = f"i => {CELLS}.slice(0, i + 1).filter(cell => cell.model.type === 'code').length"
    return page.evaluate(above, cell)
