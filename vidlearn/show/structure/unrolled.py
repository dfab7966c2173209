"""A network over time: the loop, and the same parts once for every step, with shared weights."""

from itertools import pairwise

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure.blocks import PALETTE
from vidlearn.show.structure.sheet import GREY, RED, Sheet

BLOCK, RISE, EDGE = (0.9, 0.46), 0.92, 0.3           # inches: a block, from level to level, margin
PITCH, LOOP, START = 1.55, 2.0, 0.75                 # inches: a step, the loop, room for state 0
APART = 0.1                                          # inches between a way forward and its return
FRAME = 0.75                                         # inches: the width of a frame
FRAMES = kinds.array("frames (T, H, W, 3) or (T, H, W)", 3, 4)
ANSWER = kinds.choice("each", "last", "mean")


@checked
def unrolled(parts: kinds.WORDS = ("RNN",), symbols: kinds.WORDS = ("x", "h"), state="h",
             recurrent: kinds.WORDS = None, steps: kinds.whole(2, 4) = 3, answer: ANSWER = "each",
             head="linear", back=False, frames: FRAMES = None, caption=""):
    """Show a network over time: left as a loop, right with its parts once for every step.

    `parts` stand above one another, the lowest first. `symbols` name the input and what each part
    gives: ("CNN", "LSTM") with ("x", "v", "h"). The `recurrent` parts, by default the last, hand
    `state` on ("h", or "h, c"); none are with [""]. The answer is given at each step, or by the
    part `head` from the last step, or by it from the mean over all steps. `back` draws the
    gradient's way. Beside four steps there is no room for the loop.
    `frames`, one a step, stand below the inputs.

    >>> unrolled(("CNN", "LSTM"), ("x", "v", "h"), state="h, c", answer="last", back=True)
    <CNN, LSTM over time: a part has the same weights at every step>
    """
    if len(symbols) != len(parts) + 1:
        raise ArgumentError(f"{len(parts)} parts need {len(parts) + 1} symbols: one for the input "
                            f"and one for what each part gives, not {len(symbols)}")
    recurrent = parts[-1:] if recurrent is None else recurrent
    loops, hands_on = steps <= 3, any(name in parts for name in recurrent)
    levels = len(parts) + (answer != "each")
    left = EDGE + (LOOP * loops + START) * hands_on
    room = 0.0 if frames is None else _height(frames, steps) + 0.1
    sheet = Sheet(left + steps * PITCH + 0.1, 1.32 + levels * RISE + room)
    net = _Net(sheet, parts, symbols, state, recurrent, back, room)
    columns = [net.column(left + (t - 0.5) * PITCH, f"_{t}", top=answer == "each")
               for t in range(1, steps + 1)]
    net.pass_on(columns)
    if answer != "each":
        net.head(head, columns if answer == "mean" else columns[-1:], steps)
    if loops and hands_on:
        net.loop(EDGE + BLOCK[0] / 2, answer == "each")
    if room:
        for t, frame in enumerate(frames):
            sheet.picture(left + (t + 0.5) * PITCH - FRAME / 2, net.low + 0.18, FRAME, frame)
    _words(sheet, back)
    sheet.show(caption or f"{', '.join(parts)} over time: a part has the same weights at every "
               "step")


def _height(frames, steps):
    """The height of a frame in inches."""
    if len(frames) != steps:
        raise ArgumentError(f"{steps} steps need {steps} frames, not {len(frames)}")
    return FRAME * frames.shape[1] / frames.shape[2]


class _Net:
    """The parts, and the sheet that they are drawn on."""

    def __init__(self, sheet, parts, symbols, state, recurrent, back, room):
        self.sheet, self.parts, self.symbols, self.back = sheet, parts, symbols, back
        self.recurrent = [k for k, name in enumerate(parts) if name in recurrent]
        self.state = [part.strip() for part in state.split(",")]
        self.low = sheet.height - 0.55 - room

    def column(self, x, step, top):
        """All parts of one step above one another, and their arrows."""
        blocks = []
        for k, name in enumerate(self.parts):
            y = self.low - 0.72 - k * RISE - BLOCK[1] / 2
            blocks.append(self.sheet.block(x - BLOCK[0] / 2, y, *BLOCK, name,
                                           PALETTE[k % len(PALETTE)]))
        ends = [(x, self.low - 0.14), *(block.top for block in blocks)]
        for k, block in enumerate(blocks):
            self.arrows(ends[k], block.bottom)
        for k, symbol in enumerate(self.symbols[:-1]):
            if k:
                self.sheet.text(f"${symbol}{step}$", x + 0.22 + APART * self.back,
                                blocks[k].bottom[1] + 0.23, 12)
            else:
                self.sheet.text(f"${symbol}{step}$", x, self.low, 13)
        if top:
            self.arrows(ends[-1], (x, ends[-1][1] - 0.4))
            self.sheet.text(f"${self.symbols[-1]}{step}$", x, ends[-1][1] - 0.56, 13)
        return blocks

    def pass_on(self, columns):
        """Arrows from step to step between the recurrent parts, with the names of the states."""
        for k in self.recurrent:
            first = columns[0][k]
            x, y = first.left
            self.sheet.text(self.named(0), x - 0.62, y, 12)
            self.sheet.arrow((x - 0.62 + 0.12 + 0.14 * len(self.state), y), (x, y))
            for t, (one, other) in enumerate(pairwise(columns), 1):
                (x, y), (end, _) = one[k].right, other[k].left
                self.arrows((x, y), (end, y))
                self.sheet.text(self.named(t), (x + end) / 2, y - 0.17 - APART * self.back, 12)

    def named(self, step):
        return ", ".join(f"${part}_{step}$" for part in self.state)

    def head(self, words, columns, steps):
        """The part that answers, over the last step or over all, and the answer above it."""
        left, right = columns[0][-1], columns[-1][-1]
        y = left.y - RISE
        block = self.sheet.block(left.x, y, right.x + right.width - left.x, BLOCK[1],
                                 words if len(columns) == 1 else f"mean over t, {words}",
                                 PALETTE[len(self.parts) % len(PALETTE)])
        for t, column in enumerate(columns, steps + 1 - len(columns)):
            x = column[-1].top[0]
            self.arrows(column[-1].top, (x, block.y + block.height))
            self.sheet.text(f"${self.symbols[-1]}_{t}$", x + 0.22 + APART * self.back,
                            column[-1].y - 0.23, 12)
        x = block.middle[0]
        self.arrows(block.top, (x, block.y - 0.3))
        self.sheet.text("$s$", x, block.y - 0.43, 13)

    def loop(self, x, top):
        """The parts once, and an arrow from each recurrent one back to itself."""
        blocks = self.column(x, "_t", top)
        for k in self.recurrent:
            right, y = blocks[k].right
            self.sheet.arrow((right, y - 0.11), (right + 0.28, y - 0.11), (right + 0.28, y + 0.11),
                             (right, y + 0.11), corner=0.08)
            self.sheet.text(self.named("t"), right + 0.38, y, 12, align="left")
        self.sheet.text("=", EDGE + LOOP - 0.02, blocks[self.recurrent[0]].middle[1], 16)

    def arrows(self, start, end):
        """An arrow, and with `back` a dashed red one beside it, the other way."""
        flat, shift = start[1] == end[1], APART if self.back else 0
        dx, dy = (0, -shift) if flat else (-shift, 0)
        self.sheet.arrow((start[0] + dx, start[1] + dy), (end[0] + dx, end[1] + dy))
        if self.back:
            self.sheet.arrow((end[0] - dx, end[1] - dy), (start[0] - dx, start[1] - dy),
                             colour=RED, dashed=True)


def _words(sheet, back):
    words = "one colour: one set of weights" + ";  red, dashed: the gradient's way back" * back
    sheet.text(words, EDGE, sheet.height - 0.18, 9.5, GREY, "left")
