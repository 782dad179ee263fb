"""Join the units of the references and of the corpus, so that they are compared together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.context import RunContext
from dedup.corpus import Corpus
from dedup.duplicates.columns.scope import encode_values, scope_numbers
from dedup.duplicates.detect import TextReader
from dedup.duplicates.references.base import NewCorpus, NewUnits, References, SharedUnits
from dedup.duplicates.sketches.shingle_sets import DocumentTexts
from dedup.duplicates.sketches.signatures import Sketches
from dedup.duplicates.sketches.units import Units
from dedup.runtime.ordered import distinct
from dedup.settings import Settings

NONE_NAMED = np.empty(0, np.int64)


@dataclass(frozen=True)
class Pool:
    """The documents or the paragraphs that are compared: those of the references, then those of the corpus."""

    units: Units
    """The units; their ``doc`` counts the documents of the references first."""
    references: int
    """Number of rows of the references."""
    first_doc: int
    """Number of the first document of the corpus."""
    texts: TextReader
    """Reads texts of documents of the references and of the corpus."""
    scope: Callable[[], NDArray[np.int64] | None] = lambda: None
    """Returns a number for each row: only rows of an equal number are compared. None: all."""

    @property
    def fixed(self) -> NDArray[np.bool_] | None:
        """Whether each row is always kept, shape (rows,); None if there is no row of a reference."""
        return np.arange(len(self.units)) < self.references if self.references else None

    def docs(self) -> NDArray[np.int64]:
        """Return the document of each row of the corpus, shape (rows - references,)."""
        docs: NDArray[np.int64] = self.units.column("doc")[self.references :] - self.first_doc
        return docs

    def extend(self, values: NDArray[Any], fill: Any) -> NDArray[Any]:
        """Return values of the rows of the corpus with a constant for those of the references before them."""
        return np.concatenate((np.full(self.references, fill, values.dtype), values)) if self.references else values

    def look_up(self, rows: NDArray[np.int64], names: list[str]) -> NDArray[Any]:
        """Read some columns for some rows; ``doc`` is negative for documents of the references.

        Args:
            rows: Row numbers, shape (n,).
            names: Fields of `dedup.duplicates.sketches.units.UNIT`.
        """
        found = self.units.look_up(rows, names)
        if "doc" in names:
            found["doc"] -= self.first_doc
        return found


@dataclass(frozen=True)
class Pools:
    """What is compared in a run."""

    documents: Pool
    """The documents."""
    paragraphs: Pool
    """The paragraphs."""


def make_pools(
    run: RunContext,
    sketches: Sketches,
    references: References,
    values: pa.ChunkedArray | None,
    named: NDArray[np.int64] = NONE_NAMED,
) -> Pools:
    """Find the units of the references that may resemble one of the corpus, and join them to those of the corpus.

    Args:
        run: The context of the run.
        sketches: The units of the corpus.
        references: The references.
        values: The values of the column of ``--per``, from `column_values`; None compares all documents.
        named: Documents of the references that are read again besides, ascending.
    """
    if not references.parts:
        return Pools(*(_alone(run, units, values) for units in (sketches.documents, sketches.paragraphs)))
    settings, workspace = run.settings, run.workspace("reference")
    note_unused_references(run.corpus, settings)
    new = partial(NewUnits, memory=workspace.memory, exact=settings.exact)
    shared = references.share(
        NewCorpus(
            settings,
            new(sketches.documents) if settings.compares_documents else None,
            new(sketches.paragraphs) if settings.compares_across else None,
            named,
            workspace,
            run.progress.advance,
        )
    )
    return _join(run, sketches, references, shared, values)


def note_unused_references(corpus: Corpus, settings: Settings) -> None:
    """Add a note if nothing is compared with the references."""
    if not settings.compares_documents and not settings.compares_across:
        corpus.add_note(
            "nothing is compared with the reference: --unit paragraphs leaves out documents, and only --paragraphs all "
            "compares paragraphs across documents"
        )


def _alone(run: RunContext, units: Units, values: pa.ChunkedArray | None) -> Pool:
    """Return a pool without units of references."""
    read = partial(_read_texts, run, References())
    return Pool(units, 0, 0, read, partial(_scope, units, 0, 0, values, run.settings.per, References()))


def _join(
    run: RunContext, sketches: Sketches, references: References, shared: SharedUnits, values: pa.ChunkedArray | None
) -> Pools:
    pools = []
    for name, former, latter in (
        ("documents", shared.documents, sketches.documents),
        ("paragraphs", shared.paragraphs, sketches.paragraphs),
    ):
        if former is None or not len(former):
            pools.append(_alone(run, latter, values))
            continue
        units = latter.empty_copy(run.temp, f"compared-{name}")
        units.extend(former, 0)
        units.extend(latter, references.documents)
        scope = partial(_scope, units, len(former), references.documents, values, run.settings.per, references)
        read = partial(_read_texts, run, references)
        pools.append(Pool(units, len(former), references.documents, read, scope))
    return Pools(*pools)


def _read_texts(run: RunContext, references: References, docs: NDArray[np.int64]) -> Iterator[DocumentTexts]:
    """Read texts of documents of the references, then of the corpus."""
    first = references.documents
    split = np.searchsorted(docs, first)
    yield from references.texts(docs[:split])
    for start, texts in run.texts(docs[split:] - first):
        yield DocumentTexts(np.arange(first + start, first + start + len(texts)), texts)


def _scope(
    units: Units, known: int, first_doc: int, values: pa.ChunkedArray | None, per: str | None, references: References
) -> NDArray[np.int64] | None:
    """Return a number for each unit, equal if a column of their documents has equal values.

    Args:
        units: The units of a pool.
        known: Number of units of the references, which come first.
        first_doc: Number of the first document of the corpus.
        values: The values of the column in the corpus, from `column_values`; None compares all documents.
        per: Name of the column.
        references: The references.

    Returns:
        Numbers, shape (units,), or None to compare all.
    """
    if values is None or per is None:
        return None
    of_units = units.column("doc")
    docs = distinct(of_units[:known])
    former = references.values(per, docs)
    numbers = scope_numbers(pa.chunked_array([*encode_values(former.chunks).chunks, *values.chunks], values.type))
    latter = numbers[docs.size :][of_units[known:] - first_doc]
    return np.concatenate((numbers[: docs.size][np.searchsorted(docs, of_units[:known])], latter))
