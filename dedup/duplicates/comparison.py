"""Compare the units of a run, or of a part of it: documents first, then the paragraphs of the kept documents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.duplicates.detect import Matching, detect
from dedup.duplicates.pool import Pools
from dedup.duplicates.removals import inside_removed_blocks
from dedup.duplicates.select import Verdicts, join_verdicts, nothing_removed
from dedup.duplicates.tables import PairsFile
from dedup.runtime.memory import check_memory
from dedup.runtime.workspace import Workspace
from dedup.settings import Settings


@dataclass(frozen=True)
class Comparison:
    """The units of a run, ready to be compared."""

    settings: Settings
    """Options that decide the verdicts."""
    workspace: Callable[[str], Workspace]
    """Returns the workspace of a part of the run by its name."""
    pools: Pools
    """The units of the references and of the corpus."""
    precedence: NDArray[np.int64] | None
    """Sort key of the keep order of the documents of the corpus, shape (documents,); None: the order of the corpus."""
    removed: NDArray[np.bool_] | None = None
    """Whether each document of the corpus is removed whatever it resembles, shape (documents,); None: none is."""

    def kept_documents(self, verdicts: Verdicts) -> NDArray[np.bool_]:
        """Return whether each document of the corpus is kept, shape (documents,).

        Args:
            verdicts: The verdicts on documents.
        """
        kept = verdicts.kept[self.pools.documents.references :]
        return kept if self.removed is None else kept & ~self.removed

    def detect_documents(self, pairs: PairsFile | None = None) -> Verdicts:
        """Return the verdicts on documents, and write their pairs.

        Args:
            pairs: Receives the pairs.
        """
        settings, pool, order = self.settings, self.pools.documents, self.precedence
        if not settings.compares_documents:
            return nothing_removed(len(pool.units))
        with detect(
            pool.units,
            pool.texts,
            _matching(settings, settings.shingle_documents, min_tokens=settings.min_tokens),
            self.workspace("documents"),
            precedence=None if order is None else pool.extend(order, 0),
            compared=None if self.removed is None else pool.extend(~self.removed, fill=True),
            scope=pool.scope(),
            fixed=pool.fixed,
        ) as detection:
            if pairs is not None:
                pairs.write(detection, pool, "document")
            return detection.verdicts

    def detect_paragraphs(
        self, kept: NDArray[np.bool_] | None, matching: Matching, pairs: PairsFile | None = None
    ) -> Verdicts:
        """Return the verdicts on the paragraphs of kept documents, and write their pairs.

        Args:
            kept: Whether each document of the corpus is kept, shape (documents,); None: all.
            matching: When two paragraphs are duplicates.
            pairs: Receives the pairs.
        """
        pool, units = self.pools.paragraphs, self.pools.paragraphs.units
        if not self.settings.compares_paragraphs:
            return nothing_removed(len(units))
        check_memory(len(units), "paragraphs")
        compared = np.ones(len(units), np.bool_) if kept is None else pool.extend(kept[pool.docs()], True)
        is_block = units.column("block")
        scope = pool.scope()

        def select(chosen: NDArray[np.bool_]) -> Verdicts:
            """Return the verdicts on some of the units."""
            workspace, rows = self.workspace("paragraphs"), compared & chosen
            with detect(
                units, pool.texts, matching, workspace, compared=rows, scope=scope, fixed=pool.fixed
            ) as detection:
                if pairs is not None:
                    pairs.write(detection, pool, "paragraph")
                return detection.verdicts

        if not is_block.any():
            return select(np.ones(len(units), np.bool_))
        blocks = select(is_block)  # before their paragraphs, which are not compared if the block is removed
        paragraphs = select(~is_block & ~inside_removed_blocks(units, blocks.kept))
        return join_verdicts(blocks, paragraphs)


def _matching(settings: Settings, shingle: int, **rules: Any) -> Matching:
    """Return when two units are duplicates.

    Args:
        settings: The settings of the run.
        shingle: Tokens in a shingle.
        rules: Other attributes of `Matching`, for one kind of units.
    """
    return Matching(
        shingle,
        settings.threshold,
        settings.permutations,
        by_signs=settings.by_signs,
        exact=settings.exact,
        ignore=settings.ignore,
        **rules,
    )


def matching_paragraphs(settings: Settings) -> Matching:
    """Return when two paragraphs are duplicates."""
    within = settings.paragraphs == "within"
    return _matching(settings, settings.shingle_paragraphs, within=within, near_within=settings.near_within)
