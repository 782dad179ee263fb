"""Long texts to links: block by block, where comparing every sentence with every other would take too long."""

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import Background
from dedup.alignment.links import Links, Shared, cosines, link, match_wordings, no_links
from dedup.text.features import SentenceTerms, Terms

# Pairs of sentences up to which all are compared.
ALL = 4_000_000
# Sentences in a block, and the blocks of the other text it is compared with: those most like it.
BLOCK, PARTNERS = 200, 3


def link_long(left: SentenceTerms, right: SentenceTerms, shared: Shared, background: Background) -> Links:
    """Link the sentences of two texts; long ones block by block, each block with those most like it.

    In texts of more than ALL pairs of sentences a link is missed if its blocks are not among each other's PARTNERS most
    similar ones, and context ends at the border of a block.

    Args:
        left: Terms of the one text.
        right: Terms of the other.
        shared: The facts that their sentences share.
        background: What many documents of their folder say.
    """
    if left.sizes.size * right.sizes.size <= ALL:
        return link(left, right, shared, background)
    left, right = left.without(background.boilerplate), right.without(background.boilerplate)
    marks = match_wordings(left.wordings, right.wordings)
    found = [
        _between(left, right, shared, background, marks, row * BLOCK, column * BLOCK)
        for row, column in _partners(left.stems, right.stems).tolist()
    ]
    if not found:  # no word of the one is in the other
        return no_links()
    pairs = np.concatenate([links.pairs for links in found])
    _, first = np.unique(pairs, axis=0, return_index=True)
    return Links(
        pairs=pairs[first],
        scores=np.concatenate([links.scores for links in found])[first],
        related=np.concatenate([links.related for links in found])[first],
        nearest=max(links.nearest for links in found),
    )


def _partners(left: Terms, right: Terms) -> NDArray[np.int64]:
    """Pair the blocks that are most alike, shape (pairs, 2), ascending."""
    alike = cosines(left.merged(BLOCK), right.merged(BLOCK))
    chosen = np.zeros(alike.shape, np.bool_)
    for axis in (0, 1):
        best = np.argsort(-alike, axis=axis, kind="stable").take(range(min(PARTNERS, alike.shape[axis])), axis=axis)
        np.put_along_axis(chosen, best, True, axis=axis)
    return np.argwhere(chosen & (alike > 0))


def _between(
    left: SentenceTerms,
    right: SentenceTerms,
    shared: Shared,
    background: Background,
    marks: tuple[NDArray[np.int64], NDArray[np.int64]],
    row: int,
    column: int,
) -> Links:
    """Link the sentences of two blocks, which begin at a row and a column."""
    inside = (shared.rows // BLOCK == row // BLOCK) & (shared.columns // BLOCK == column // BLOCK)
    mine = Shared(shared.rows[inside] - row, shared.columns[inside] - column, shared.weights[inside])
    rows, columns = slice(row, row + BLOCK), slice(column, column + BLOCK)
    marked = marks[0][rows], marks[1][columns]
    found = link(left.part(row, rows.stop), right.part(column, columns.stop), mine, background, marked)
    return Links(found.pairs + np.array((row, column)), found.scores, found.related, found.nearest)
