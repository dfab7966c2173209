"""A clip that gets harder, and what a classifier says of it: what the widget of lesson 30 draws."""

from vidlearn.checks import given, kinds
from vidlearn.show import draw, pictures

ROW, WIDTH = 26, 260                 # pixels a class, pixels of a bar that is sure


def answering(film, ask, classes):
    """Make the `draw` of a widget that shows a clip to a classifier again at every change.

    `film(action, noise, speed)` draws the clip, frames (T, H, W, 3) uint8; `ask(frames)` gives a
    probability for each of the `classes`.

    Units    noise in grey levels, speed in that of the clips trained on
    """
    def answer(action=0, noise=4, speed=1.0):
        frames = film(action, noise, speed)
        chances = ask(frames)
        best = int(chances.argmax())
        sheet = pictures.grid(list(frames), columns=4, scale=max(1, 80 // frames.shape[2]))
        shown, truth = (f"it shows {classes[action]}", action) if speed else ("nothing moves", None)
        words = f"{shown}, the answer is {classes[best]} ({chances[best]:.0%})"
        return draw.beside(sheet, _bars(chances, classes, truth)), words
    return answer


def _bars(chances, classes, truth):
    """A bar for each class, the true one, if there is one, in green."""
    left = max(draw.text_width(name) for name in classes) + 10
    sheet = draw.canvas(ROW * len(classes), left + WIDTH)
    for k, (name, chance) in enumerate(zip(classes, chances, strict=True)):
        middle = (k + 0.5) * ROW
        draw.text(sheet, name, left - 8, middle, align="right")
        top = round(middle - ROW / 2 + 3)
        colour = draw.GREEN if k == truth else draw.BLUE
        sheet[top:top + ROW - 6, left:left + max(1, round(WIDTH * float(chance)))] = colour
    return sheet


given.check(globals(), {"film ask": kinds.FUNCTION, "classes": kinds.WORDS})
