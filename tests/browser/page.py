"""One notebook in the browser: run it, look for what is broken, move its sliders, photograph it."""

import time
from typing import NamedTuple

import solving
from lab import TOKEN

CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
STATE = f"""() => {CELLS}.filter(c => c.model.type === 'code').map(c => {{
    const cell = c.model.toJSON();
    return {{tags: cell.metadata.tags || [], outputs: cell.outputs, count: cell.execution_count}};
}})"""
KERNEL = "window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status"
PICTURES = """() => [...document.querySelectorAll('.jp-Notebook img')].map(i => ({
    natural: i.naturalWidth, shown: i.getBoundingClientRect().width,
    room: i.closest('.jp-OutputArea-output, .jp-MarkdownOutput').getBoundingClientRect().width}))"""
PLAY = """async video => {
    video.muted = true;
    try { await video.play() } catch (error) { return error.message }
    await new Promise(done => setTimeout(done, 400));
    const ok = video.videoWidth > 0 && video.currentTime > 0;
    video.pause(); video.currentTime = 0;
    return ok ? '' : 'stands still';
}"""
WATCH = """image => {
    window.changed = null;
    document.addEventListener('keydown', () => { window.pressed = performance.now() },
                              {capture: true, once: true});
    image.addEventListener('load', () => { window.changed = performance.now() - window.pressed },
                           {once: true});
}"""
SCROLLED = """() => [...document.querySelectorAll('.jp-NotebookPanel *')].find(
    e => e.querySelector('.jp-Cell') && e.scrollHeight > e.clientHeight + 1
         && ['auto', 'scroll'].includes(getComputedStyle(e).overflowY))
    || document.querySelector('.jp-Notebook')"""


class Moved(NamedTuple):
    """A slider, and the milliseconds from each key press to the new picture."""

    name: str
    times: list


class Page:
    def __init__(self, tab, address, name):
        self._page, self.name = tab(), name
        self._address = f"{address}/doc/tree/{name}?token={TOKEN}&reset"
        self.console = []
        self._page.on("pageerror", lambda error: self.console.append(str(error)[:200]))

    def open(self):
        self._page.goto(self._address)
        self._page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self._page.wait_for_selector("text=/Python 3.*\\| Idle/", timeout=60_000, state="attached")
        self._page.wait_for_timeout(1000)

    def close(self):
        self._page.close()

    def run(self, limit=180, patience=5):
        """Run all cells and wait until each has its number and the kernel rests.

        Gives up after `limit` seconds, or `patience` of them in which the kernel rests but cells
        have no number: an error stopped the run.

        Returns  the seconds it took
        """
        self._command("notebook:clear-all-cell-outputs")       # the stored numbers go, too
        self._command("notebook:run-all-cells")
        start = rested = time.perf_counter()
        while (now := time.perf_counter()) < start + limit:
            if self._page.evaluate(KERNEL) != "idle":
                rested = now
            elif not self._never_run() or now > rested + patience:
                break
            self._page.wait_for_timeout(100)
        self._page.wait_for_timeout(1500)            # widgets and videos arrive after their cell
        return now - start

    def _command(self, name):
        """Start a command of JupyterLab's, without waiting for its end."""
        self._page.evaluate("name => { window.jupyterapp.commands.execute(name) }", name)

    def _never_run(self):
        cells = self._page.evaluate(STATE)
        return [number for number, cell in enumerate(cells, 1) if not cell["count"]]

    def errors(self):
        """Cells that never ran, failed without saying so by their tag, or wrote to stderr."""
        wrong = [f"the page raised: {e}" for e in self.console]
        wrong += [f"code cell {number} was never run" for number in self._never_run()]
        for number, cell in enumerate(self._page.evaluate(STATE), 1):
            for output in cell["outputs"]:
                failed = output["output_type"] == "error"
                if failed and "raises-exception" not in cell["tags"]:
                    wrong.append(f"code cell {number}: {output['ename']}: {output['evalue'][:200]}")
                if output.get("name") == "stderr":
                    words = "".join(output["text"])[:200]
                    wrong.append(f"code cell {number} writes to stderr: {words}")
        return wrong

    def broken_pictures(self):
        """Pictures that did not load, are stretched, or reach over their room."""
        wrong = []
        for i, p in enumerate(self._page.evaluate(PICTURES), 1):
            if not p["natural"]:
                wrong.append(f"picture {i} did not load")
            elif p["shown"] > p["natural"] + 1:
                wrong.append(f"picture {i} is stretched: {p['natural']} to {p['shown']:.0f} pixels")
            elif p["shown"] > p["room"] + 1:
                wrong.append(f"picture {i} is {p['shown']:.0f} pixels wide in {p['room']:.0f}")
        return wrong

    def videos_that_do_not_play(self):
        videos = self._page.query_selector_all(".jp-Notebook video")
        states = [v.evaluate(PLAY) for v in videos]
        return [f"video {i}: {state}" for i, state in enumerate(states, 1) if state]

    def move_sliders(self, presses=12):
        """Press arrow keys on every slider, there and back; what each press took to show."""
        return [self._move(handle, presses)
                for handle in self._page.query_selector_all(".jp-Notebook .noUi-handle")]

    def _move(self, handle, presses):
        label = handle.evaluate("h => h.closest('.widget-inline-hbox')"
                                ".querySelector('.widget-label').textContent")
        image = handle.evaluate_handle("h => h.closest('.widget-vbox').querySelector('img')")
        handle.scroll_into_view_if_needed()
        handle.focus()
        times = []
        for i in range(presses):
            image.evaluate(WATCH)
            self._page.keyboard.press("ArrowRight" if i < presses * 2 / 3 else "ArrowLeft")
            took = self._changed()
            if took is not None:
                times.append(took)
        return Moved(label, times)

    def _changed(self, seconds=2):
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            took = self._page.evaluate("window.changed")
            if took is not None:
                return took
        return None

    def solve(self, out):
        """Do every exercise wrong and then right; what is wrong with that, and how many there are.

        Each wrong answer is photographed with what the check says, and the page when all are done.
        """
        def photograph(name):
            if name == "solved":
                return self.photograph(f"{out}-solved")
            return self._page.screenshot(path=f"{out}-{name}.png")
        wrong = solving.solve(self._page, self._command, photograph)
        return wrong, len(self._page.evaluate(solving.BLANKS))

    def photograph(self, name):
        """Save the notebook as it looks, a screenful a file: NAME-01.png and on."""
        panel = self._page.evaluate_handle(SCROLLED)
        height, whole = panel.evaluate("p => [p.clientHeight, p.scrollHeight]")
        top, number = 0, 1
        while top < whole:
            panel.evaluate("(p, top) => { p.scrollTop = top }", top)
            self._page.wait_for_timeout(150)
            self._page.screenshot(path=f"{name}-{number:02}.png")
            top, number = top + height - 40, number + 1
