"""One notebook in the browser: open it, run it, photograph it."""

import time
from pathlib import Path

from tools.browser import controls, guessing, outputs, solving
from tools.browser.lab import TOKEN

EYES = Path(__file__).with_name("eyes.js")
CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
CODE = f"{CELLS}.filter(cell => cell.model.type === 'code')"
STATE = f"""() => {CODE}.map(c => {{
    const cell = c.model.toJSON();
    return {{tags: cell.metadata.tags || [], outputs: cell.outputs, count: cell.execution_count}};
}})"""
KERNEL = "window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status"
SCROLLED = """() => [...document.querySelectorAll('.jp-NotebookPanel *')].find(
    e => e.querySelector('.jp-Cell') && e.scrollHeight > e.clientHeight + 1
         && ['auto', 'scroll'].includes(getComputedStyle(e).overflowY))
    || document.querySelector('.jp-Notebook')"""


class Page:
    def __init__(self, tab, address, name):
        self._page, self.name, self.console = tab(), name, []
        self._address = f"{address}/doc/tree/{name}?token={TOKEN}&reset"
        self._page.add_init_script(path=EYES)
        self._page.on("pageerror", lambda error: self._heard(f"{error}"))
        self._page.on("console", lambda said: said.type == "error"
                      and self._heard(said.text, said.location.get("url", "")))

    def _heard(self, words, address=""):
        if not outputs.noise(words, address):
            self.console.append(f"the console says {words[:200]} {address[:100]}".strip())

    def open(self):
        self._page.goto(self._address)
        self._page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self._page.wait_for_selector("text=/Python 3.*\\| Idle/", timeout=60_000, state="attached")
        self._page.wait_for_timeout(1000)
        self._stored = self._page.evaluate(STATE)

    def close(self):
        self._page.close()

    def run(self, limit=240, patience=5):
        """Run all cells and wait until each has its number and the kernel is idle.

        Gives up after `limit` seconds, or after an error stopped the run and the kernel was idle
        for `patience` seconds.

        Returns  the seconds it took
        """
        self._command("notebook:clear-all-cell-outputs")       # the stored numbers go, too
        self._command("notebook:run-all-cells")
        start = rested = time.perf_counter()
        while (now := time.perf_counter()) < start + limit:
            if self._page.evaluate(KERNEL) != "idle":
                rested = now
            elif self._finished() or now > rested + patience and self._stopped():
                break
            self._page.wait_for_timeout(200)
        self._page.wait_for_timeout(1500)            # widgets and videos arrive after their cell
        return now - start

    def _finished(self):
        return self._page.evaluate(f"{CODE}.every(cell => cell.model.executionCount)")

    def _stopped(self):
        return any(outputs.failures(cell) for cell in self._page.evaluate(STATE))

    def _command(self, name):
        """Start a command of JupyterLab without waiting for its end."""
        self._page.evaluate("name => { window.jupyterapp.commands.execute(name) }", name)

    def faults(self):
        """Everything wrong with what the cells show after they ran, in words."""
        shown = self._page.evaluate("eyes.shows()")
        return [*outputs.errors(self._page.evaluate(STATE)), *outputs.blanks(self._stored, shown),
                *outputs.looks(shown), *outputs.films(self._page)]

    def move(self, out):
        """Move every control by its keys and photograph its widget at every end and choice."""
        def photograph(name, handle):
            widget = handle.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-child')]")
            widget.last.screenshot(path=f"{out}-widget-{name}.png")
        found = self._page.evaluate("eyes.controls()")
        return [controls.move(self._page, index, control, photograph)
                for index, control in enumerate(found)]

    def guess(self):
        """Guess wherever the notebook asks, and run it again.

        Returns  what went wrong, and how many guesses there are
        """
        return guessing.guess(self._page, self.run)

    def solve(self, out):
        """Do every exercise wrong and then right; return what went wrong and how many there are.

        Each wrong answer is photographed with what the check says, and the page when all are done.
        """
        def photograph(name):
            if name == "solved":
                return self.photograph(f"{out}-solved")
            return self._page.screenshot(path=f"{out}-{name}.png")
        wrong = solving.solve(self._page, self._command, photograph)
        return wrong, len(self._page.evaluate(solving.BLANKS))

    def photograph(self, name):
        """Save screenshots of the whole notebook, one for each screenful: NAME-01.png and on."""
        panel = self._page.evaluate_handle(SCROLLED)
        height, whole = panel.evaluate("p => [p.clientHeight, p.scrollHeight]")
        top, number = 0, 1
        while top < whole:
            panel.evaluate("(p, top) => { p.scrollTop = top }", top)
            self._page.wait_for_timeout(150)
            self._page.screenshot(path=f"{name}-{number:02}.png")
            top, number = top + height - 40, number + 1
