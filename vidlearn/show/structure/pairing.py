"""Rows and columns of a cost table as two rows of discs, and the pairs that were chosen."""

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure.sheet import BLUE, GREY, INK, ORANGE, Sheet
from vidlearn.tracking.assignment import linear_sum_assignment

COSTS = kinds.array("a matrix (rows, columns) of costs", 2)
MOST = 4                                   # discs in a row
RADIUS, STEP, TOP, BELOW = 0.3, 1.5, 0.55, 2.35     # inches


@checked
def chosen_pairs(costs: COSTS):
    """The pairs (row, column) of least total cost."""
    return [(int(a), int(b)) for a, b in zip(*linear_sum_assignment(costs), strict=True)]


@checked
def pairing(costs: COSTS, rows: kinds.NAMES, columns: kinds.NAMES, caption=""):
    """Show every pair with its cost; those of the cheapest assignment are bold.

    Shapes   costs (rows, columns), at most 4 x 4; a name for each row and each column
    Raises   ArgumentError for more, or if names and costs do not fit
    """
    if costs.shape != (len(rows), len(columns)) or max(costs.shape) > MOST:
        raise ArgumentError(f"costs {costs.shape} need a name for each of at most {MOST} rows and "
                            f"columns; {len(rows)} and {len(columns)} came")
    chosen = set(chosen_pairs(costs))
    sheet = Sheet(0.6 + STEP * max(costs.shape), BELOW + 0.75)
    upper = [_place(i, len(rows), sheet.width) for i in range(len(rows))]
    lower = [_place(j, len(columns), sheet.width) for j in range(len(columns))]
    for pair in sorted(((i, j) for i in range(len(rows)) for j in range(len(columns))),
                       key=lambda pair: pair in chosen):
        _line(sheet, upper[pair[0]], lower[pair[1]], costs[pair], pair in chosen, pair[0])
    for x, name in zip(upper, rows, strict=True):
        sheet.disc(x, TOP, RADIUS, str(name), BLUE)
    for x, name in zip(lower, columns, strict=True):
        sheet.disc(x, BELOW, RADIUS, str(name), ORANGE)
    sheet.show(caption or "Each row gets a column of its own; bold: the least sum")


def _place(k, count, width):
    return width / 2 + (k - (count - 1) / 2) * STEP


def _line(sheet, x, end, cost, is_chosen, row):
    """A line from disc to disc, with its cost a third of the way; rows write at other heights."""
    ink = INK if is_chosen else GREY
    sheet.stroke([(x, TOP + RADIUS), (end, BELOW - RADIUS)], ink, 3 if is_chosen else 1,
                 dashed=not is_chosen)
    share = 0.28 + 0.14 * (row % 4)
    height = BELOW - TOP - 2 * RADIUS
    sheet.text(f"{cost:g}", x + share * (end - x), TOP + RADIUS + share * height, 11, ink,
               bold=is_chosen, halo=True)
