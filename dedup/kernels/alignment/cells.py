"""Matrices of a pair of documents: left sentences by right sentences."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Tolerance within which a value counts as the greatest of its row or column.
TIE_TOLERANCE = 1e-9


@kernel
def add_mean_around(values: Matrix, reach: int, weight: float, target: Matrix) -> None:
    """Add to each cell the weighted mean of the cells before and after it in another matrix.

    For each distance d and direction, the value is the maximum of the cells that are d away in one text and d-1 to d+1
    away in the other text; values nearby have more weight.

    Args:
        values: The values, not negative, shape (left sentences, right sentences).
        reach: Greatest distance.
        weight: Factor of the mean.
        target: Matrix of the same shape, which is changed.
    """
    rows, columns = values.shape
    total_weight = 0.0
    for distance in range(1, reach + 1):
        total_weight += 2.0 / distance
    for row in range(rows):
        for column in range(columns):
            total = 0.0
            for distance in range(1, reach + 1):
                for sign in (-1, 1):
                    total += _greatest(values, row, column, sign, distance) / distance
            target[row, column] += weight * (total / total_weight)


@kernel
def _greatest(values: Matrix, row: int, column: int, sign: int, distance: int) -> float:
    """Return the greatest value at a distance in a direction; 0 outside the matrix."""
    rows, columns = values.shape
    greatest = 0.0
    down = row + sign * distance
    if 0 <= down < rows:
        for other in range(distance - 1, distance + 2):
            along = column + sign * other
            if 0 <= along < columns:
                greatest = max(greatest, values[down, along])
    along = column + sign * distance
    if 0 <= along < columns:
        for other in (distance - 1, distance + 1):
            down = row + sign * other
            if 0 <= down < rows:
                greatest = max(greatest, values[down, along])
    return greatest


@kernel
def is_identical(marks: tuple[NDArray[np.int64], NDArray[np.int64]], row: int, column: int) -> bool:
    """Return whether a left and a right sentence are matched by wording.

    Args:
        marks: Numbers of the left and right sentences that are equal for the same wording, -1 for no match.
        row: Rank of the left sentence.
        column: Rank of the right sentence.
    """
    return bool(marks[0][row] >= 0 and marks[0][row] == marks[1][column])


@kernel
def select_best(
    values: Matrix,
    marks: tuple[NDArray[np.int64], NDArray[np.int64]],
    sizes: tuple[NDArray[np.int64], NDArray[np.int64]],
    best: Mask,
) -> None:
    """Select the pairs in which the longer sentence is the best partner of the shorter sentence.

    Sentences that are matched by wording are paired only with sentences of the same wording.

    Args:
        values: Scores, shape (left sentences, right sentences).
        marks: Numbers of the left and right sentences that are equal for the same wording, -1 for no match.
        sizes: Letters of the left and right sentences.
        best: Receives the selected pairs, of the same shape.
    """
    rows, columns = values.shape
    row_best = np.full(rows, -1.0)
    column_best = np.full(columns, -1.0)
    for row in range(rows):
        for column in range(columns):
            value = _free_value(values[row, column], marks[0][row], marks[1][column])
            row_best[row] = max(row_best[row], value)
            column_best[column] = max(column_best[column], value)
    for row in range(rows):
        for column in range(columns):
            value = _free_value(values[row, column], marks[0][row], marks[1][column])
            of_left = value >= row_best[row] - TIE_TOLERANCE
            of_right = value >= column_best[column] - TIE_TOLERANCE
            if sizes[0][row] < sizes[1][column]:
                chosen = of_left
            elif sizes[0][row] > sizes[1][column]:
                chosen = of_right
            else:
                chosen = of_left or of_right
            best[row, column] = (chosen and value > 0) or is_identical(marks, row, column)


@kernel
def _free_value(value: float, left: int, right: int) -> float:
    """Return a score; -1 for a pair with a sentence that is matched by wording with another one."""
    return -1.0 if (left >= 0 or right >= 0) and left != right else value


@kernel
def are_many(linked: Mask, min_links: int, min_share: float) -> bool:
    """Return whether a number of pairs is linked that covers enough of the sentences.

    Args:
        linked: The linked pairs, shape (left sentences, right sentences).
        min_links: Minimum number of pairs.
        min_share: Minimum share of the sentences of both texts.
    """
    rows, columns = linked.shape
    count = covered = 0
    of_right = np.zeros(columns, np.bool_)
    for row in range(rows):
        found = 0
        for column in range(columns):
            if linked[row, column]:
                found += 1
                of_right[column] = True
        count += found
        covered += found > 0
    covered += of_right.sum()
    return count >= min_links and covered >= min_share * (rows + columns)


@kernel
def add_runs(chosen: Mask, marks: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
    """Add the identical sentences without evidence ("Yes.") in runs between links or the ends of both texts.

    Args:
        chosen: The links, shape (left sentences, right sentences), which is changed.
        marks: Numbers of the left and right sentences that are equal for the same wording, -1 for no match.
    """
    rows, columns = chosen.shape
    added = np.zeros((rows, columns), np.bool_)
    for row in range(rows):
        for column in range(columns):
            added[row, column] = is_identical(marks, row, column) and not chosen[row, column]
    changed = True
    while changed:  # a pair is kept while the diagonal cells before and after it are linked
        before = added.copy()
        changed = False
        for row in range(rows):
            for column in range(columns):
                if before[row, column] and not (
                    _is_linked(chosen, before, row - 1, column - 1) and _is_linked(chosen, before, row + 1, column + 1)
                ):
                    added[row, column] = False
                    changed = True
    for row in range(rows):
        for column in range(columns):
            chosen[row, column] |= added[row, column]


@kernel
def _is_linked(chosen: Mask, added: Mask, row: int, column: int) -> bool:
    """Return whether a cell is linked; the corners beyond the first and last sentences are."""
    rows, columns = chosen.shape
    if 0 <= row < rows and 0 <= column < columns:
        return bool(chosen[row, column] or added[row, column])
    return (row == -1 and column == -1) or (row == rows and column == columns)
