"""Assignment: pair each row of a cost table with a column of its own, as cheaply as possible."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

COST = kinds.array("a matrix (rows, columns) of costs", 2, empty=True)


@checked
def linear_sum_assignment(cost: COST):
    """The pairs of least total cost; of a table that is not square, some rows or columns stay free.

    Row after row is added. A new row takes its cheapest column; if that is taken, its owner looks
    for another, and so on: the cheapest such chain is found by shortest paths, in O(n³) in all.

    Shapes   (R, C)  ->  rows (n,) rising, columns (n,), n the smaller of R and C
    Raises   ArgumentError for a cost that is NaN or infinite
    Source   Kuhn, The Hungarian method, 1955; Jonker and Volgenant, Computing 38, 1987
    Twin     scipy.optimize.linear_sum_assignment

    >>> rows, columns = linear_sum_assignment([[4, 1], [2, 3], [9, 9]])
    >>> list(zip(rows.tolist(), columns.tolist()))
    [(0, 1), (1, 0)]
    """
    cost = cost.astype(float)
    if not np.isfinite(cost).all():
        raise ArgumentError("cost must be finite: give a pair that must not be a large cost, and "
                            "drop it from the result")
    if len(cost) > cost.shape[1]:
        columns, rows = linear_sum_assignment(cost.T)
        order = np.argsort(rows)
        return rows[order], columns[order]
    owner = _owners(cost)
    columns = np.flatnonzero(owner >= 0)
    order = np.argsort(owner[columns])
    return owner[columns][order], columns[order]


def _owners(cost):
    """The row that each column belongs to, -1 for none; no more rows than columns."""
    rows, columns = cost.shape
    owner, u, v = np.full(columns, -1), np.zeros(rows), np.zeros(columns)
    for row in range(rows):
        column, before = _cheapest_chain(cost, row, owner, u, v)
        while column >= 0:                            # each hands its column on
            previous = before[column]
            owner[column] = row if previous < 0 else owner[previous]
            column = previous
    return owner


def _cheapest_chain(cost, row, owner, u, v):
    """The free column at the end of the cheapest chain from `row`, and the column before each.

    u and v are prices of rows and columns: cost - u - v is never below 0, and 0 for each pair.
    """
    columns = cost.shape[1]
    length, before = np.full(columns, np.inf), np.full(columns, -1)
    reached, here, so_far, column = np.zeros(columns, bool), row, 0.0, -1
    while True:
        through = so_far + cost[here] - u[here] - v
        shorter = ~reached & (through < length)
        length[shorter], before[shorter] = through[shorter], column
        column = int(np.where(reached, np.inf, length).argmin())
        so_far = length[column]
        if owner[column] < 0:
            break
        reached[column], here = True, owner[column]
    u[row] += so_far
    u[owner[reached]] += so_far - length[reached]
    v[reached] -= so_far - length[reached]
    return column, before
