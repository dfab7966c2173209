"""How robust a classifier is: its probabilities as a clip gets noisier, slower or faster."""

from vidlearn.checks import checked, kinds
from vidlearn.show import draw, pictures

ROW, WIDTH = 26, 260                 # pixels: a class, and the bar of a probability of 1


@checked
def robustness(film: kinds.FUNCTION, ask: kinds.FUNCTION, classes: kinds.WORDS):
    """Make the `draw` of a widget: classify a clip again at every change of its noise and speed.

    `film(action, noise, speed)` draws the clip, frames (T, H, W, 3) uint8; `ask(frames)` returns
    the probability of each of the `classes`.

    Units    noise in grey levels; speed 1 is that of the training clips
    """
    def answer(action=0, noise=4, speed=1.0):
        frames = film(action, noise, speed)
        probabilities = ask(frames)
        best = int(probabilities.argmax())
        sheet = pictures.grid(list(frames), columns=4, scale=max(1, 80 // frames.shape[2]))
        shown, truth = (f"it shows {classes[action]}", action) if speed else ("nothing moves", None)
        words = f"{shown}, the answer is {classes[best]} ({probabilities[best]:.0%})"
        return draw.beside(sheet, _bars(probabilities, classes, truth)), words
    return answer


def _bars(probabilities, classes, truth):
    """A bar for each class; that of the true class, if there is one, in green."""
    left = max(draw.text_width(name) for name in classes) + 10
    sheet = draw.canvas(ROW * len(classes), left + WIDTH)
    for k, (name, probability) in enumerate(zip(classes, probabilities, strict=True)):
        middle = (k + 0.5) * ROW
        draw.text(sheet, name, left - 8, middle, align="right")
        top = round(middle - ROW / 2 + 3)
        colour = draw.GREEN if k == truth else draw.BLUE
        length = max(1, round(WIDTH * float(probability)))
        sheet[top:top + ROW - 6, left:left + length] = colour
    return sheet
