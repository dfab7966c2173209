"""The controls of a lesson's widgets: the keys that move them, and what is wrong then."""

import re
from statistics import median
from typing import NamedTuple

from tools.browser.outputs import picture_faults

SLOW = 150                           # milliseconds to the new picture, by the median of a control
PATIENCE = 2000                      # milliseconds to wait for a new picture
ENOUGH = 6                           # presses, for a median that one slow one does not move
SMALL = "ArrowRight", "ArrowLeft"    # steps that need no photograph each
FAILED = re.compile(r"^\w*(?:Error|Exception|Warning): .*", re.MULTILINE)
CHOICES = "dropdown", "select", "radio", "toggle-buttons"
FIXED = {                            # controls whose keys do not depend on where they stand
    "slider": ["ArrowRight"] * 8 + ["ArrowLeft"] * 4 + ["End", "Home"],
    "checkbox": ["Space"] * 2,
    "toggle-button": ["Space"] * 2,
    "button": ["Space"] * 2,
    "number": ["ArrowUp"] * 2 + ["ArrowDown"] * 2,
    "text": ["End", "1", "Enter", "Backspace", "Enter"],
    "textarea": ["End", "1", "Backspace"],
}


class Moved(NamedTuple):
    """A control, the milliseconds from each key to the new picture, and what looked wrong."""

    name: str
    times: list
    faults: list


def keys(control):
    """The keys that move a control through its values, or None where none is known.

    "typed 0.5" is typed over what stands there, "choice 2" chooses the third of a menu.
    """
    kind, stands = control["kind"], control["value"]
    if kind in CHOICES:
        others = [place for place in range(control["count"]) if place != stands]
        return [f"choice {place}" for place in [*others, max(stands, 0)]]
    if kind == "readout":
        return [f"typed {another(control)}", f"typed {stands}"]
    return FIXED.get(kind)


def another(control):
    """A value between a slider's ends, or its lowest, with as many digits as it shows."""
    low, high, value = control["low"], control["high"], control["value"]
    digits = len(value.partition(".")[2])
    middle = (low + high) / 2 if digits else int(low + high) // 2
    others = [f"{number:.{digits}f}" for number in (middle, low, high)]
    return next(other for other in others if other != value)


def move(page, index, control, photograph):
    """Move one control by its keys; `page` is Playwright's.

    At each end and each choice, `photograph(name, handle)` takes a picture.
    """
    name = f"code cell {control['cell']}, {control['kind']} {control['name']!r}"
    pressed = keys(control)
    if pressed is None:
        return Moved(name, [], [f"{name}: the driver knows no key for it"])
    handle = page.locator(f'[data-eye="{index}"]')
    handle.scroll_into_view_if_needed()
    handle.focus()
    times, faults, moved, seen = [], {}, 0, set()
    for key in pressed * -(-ENOUGH // max(len(pressed), 1)):
        deaf = moved > 1 and not times                # do not wait as long each time
        answer = press(page, index, key, limit=300 if deaf else PATIENCE)
        moved += answer["moved"]
        if answer["took"] is not None and answer["moved"]:
            times.append(answer["took"])
        if answer["moved"] and key not in SMALL and answer["value"] not in seen:
            seen.add(answer["value"])
            photograph(shot(control, answer["value"]), handle)
        for fault in looks(answer):
            faults.setdefault(fault, f"{name} at {answer['value']}: {fault}")
    return Moved(name, times, verdict(name, times, moved) + list(faults.values()))


def shot(control, value):
    """The file name for a picture of a widget whose control has this `value`."""
    words = f"{control['cell']:02}-{control['name']}-{value}"
    return re.sub(r"[^\w.+-]+", "_", words)[:60]


def press(page, index, key, limit):
    """Press one key on the marked control and report what changes within `limit` ms."""
    page.evaluate("index => eyes.watch(index)", index)
    how, _, what = key.partition(" ")
    if how == "typed":
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(what)
        page.keyboard.press("Enter")
    elif how == "choice":
        for step in page.evaluate("([index, place]) => eyes.choose(index, place)",
                                  [index, int(what)]):
            page.keyboard.press(step)
    else:
        page.keyboard.press(key)
    return page.evaluate("limit => eyes.answer(limit)", limit)


def verdict(name, times, moved):
    """What is wrong with a control, judged by its response times, in words."""
    if not moved:
        return [f"{name}: no key moves it"]
    if not times:
        return [f"{name}: it moves, and neither picture nor words change"]
    if median(times) > SLOW:
        return [f"{name}: {median(times):.0f} ms to a new picture, by the median"]
    return []


def looks(answer):
    """What is wrong with a widget after a key press, in words."""
    return [*(f"it says {words}" for words in FAILED.findall(answer["said"])),
            *(f"{words!r} is cut off" for words in answer["cut"]),
            *(fault for picture in answer["pictures"] for fault in picture_faults(picture))]
