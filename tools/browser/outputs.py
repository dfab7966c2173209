"""What the cells of a notebook show in the browser: errors, blanks, pictures, videos."""

import re

BLANK = 0.1                          # the share of rows with something in them: a caption alone
STILL = 16                           # levels of 255 that the pixels of equal frames may differ
NOISE = {                            # what JupyterLab itself says on the console, and why
}


def noise(message, address):
    """Whether an error on the console is a known one of JupyterLab's own."""
    return any(re.search(words, message) and re.search(place, address)
               for words, place in NOISE)


def errors(cells):
    """Cells that never ran, failed without the tag that allows it, or wrote to stderr."""
    wrong = []
    for number, cell in enumerate(cells, 1):
        place = f"code cell {number}"
        if not cell["count"]:
            wrong.append(f"{place} was never run")
        wrong += [f"{place}: {f['ename']}: {f['evalue'][:200]}" for f in failures(cell)]
        wrong += [f"{place} writes to stderr: {''.join(output['text'])[:200]}"
                  for output in cell["outputs"] if output.get("name") == "stderr"]
    return wrong


def failures(cell):
    """The errors of a cell without the tag that allows them: they stop the run."""
    return [output for output in cell["outputs"] if output["output_type"] == "error"
            and "raises-exception" not in cell["tags"]]


def blanks(stored, shown):
    """Code cells that show less than what is stored in them: nothing, or too few pictures."""
    wrong = []
    for cell, now in zip(stored, (s for s in shown if s["code"]), strict=True):
        data = [output.get("data", {}) for output in cell["outputs"]]
        pictures = sum(any(kind.startswith("image/") for kind in d) for d in data)
        films = sum("<video" in "".join(d.get("text/html", "")) for d in data)
        if cell["outputs"] and not now["words"] + now["drawn"] + now["films"]:
            wrong.append(f"{now['cell']} is blank: it showed something when it was stored")
        elif now["drawn"] < pictures or now["films"] < films:
            wrong.append(f"{now['cell']} shows {now['drawn']} pictures and {now['films']} films "
                         f"of {pictures} and {films}")
    return wrong


def looks(shown):
    """Cells with broken pictures, words cut off, raw Markdown, or an output that scrolls."""
    wrong = []
    for cell in shown:
        wrong += [f"{cell['cell']}: {words!r} is cut off" for words in cell["cut"]]
        wrong += [f"{cell['cell']}: {words!r} is not what was meant" for words in cell["raw"]]
        wrong += [f"{cell['cell']}: {f}" for p in cell["pictures"] for f in picture_faults(p)]
        if cell["scrolled"]:
            wrong.append(f"{cell['cell']}: its output is so long that it scrolls")
    return wrong


def picture_faults(picture):
    """What is wrong with one picture: not loaded, of one colour, stretched, or too large."""
    natural, shown, room = picture["natural"], picture["shown"], picture["room"]
    if not natural:
        return ["a picture did not load"]
    wrong = []
    if picture["drawn"] < BLANK:
        wrong.append("a picture is blank" if picture["drawn"] else "a picture is of one colour")
    if shown > natural + 1 or abs(picture["skew"] - 1) > 0.02:
        wrong.append(f"a picture is stretched: {natural} pixels to {shown:.0f}")
    if shown > room + 1:
        wrong.append(f"a picture is {shown:.0f} pixels wide in {room:.0f}")
    return wrong


def films(page, limit=4000):
    """Click on every video: does its time advance, and do its frames differ?"""
    wrong = []
    for number, film in enumerate(page.query_selector_all(".jp-Notebook video"), 1):
        film.scroll_into_view_if_needed()
        page.wait_for_timeout(500)                    # in sight, some begin by themselves
        if film.evaluate("film => film.paused"):
            film.click()
        state = film.evaluate("(film, limit) => eyes.film(film, limit)", limit)
        wrong += [f"code cell {state['cell']}, film {number}: {f}" for f in film_faults(state)]
    return wrong


def film_faults(state):
    """What is wrong with a video, judged by what it showed while it should play."""
    if not state["frames"]:
        return ["it has no frames to show"]
    if state["time"] <= 0:
        return ["it stands still when it is clicked"]
    if state["change"] <= STILL:
        return ["its time advances and its frames are all the same"]
    return []
