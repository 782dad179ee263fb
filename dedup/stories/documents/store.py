"""Write the tables of documents to files, and read documents from them."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import CorpusStatistics
from dedup.runtime.matrix_file import MatrixFile
from dedup.runtime.row_groups import RowGroupReader, RowGroupWriter, offsets_of
from dedup.stories.documents.tables import CORPUS_COLUMNS, FACT_KINDS, TABLES, Tables
from dedup.stories.evidence.measure import EvidenceSide
from dedup.stories.evidence.profile import Frame, Profile
from dedup.text.analysis import Analysis, OnDemand
from dedup.text.features import term_id
from dedup.text.spans import Credit, Fact, Span

# Number of documents whose analysis is cached in memory.
CACHE_SIZE = 500
# Files of the terms of the corpus statistics, and of their document frequencies.
STATISTICS = ("corpus_terms", "corpus_frequencies")


class DocumentWriter:
    """Writes the tables of documents to a folder."""

    def __init__(self, folder: Path) -> None:
        """Create the files in an existing folder."""
        self._writers = {name: RowGroupWriter(folder / name, dtype) for name, dtype in TABLES.items()}

    def append(self, tables: Tables) -> None:
        """Append the rows of further documents."""
        for name, writer in self._writers.items():
            writer.append(tables[name])


class Languages(NamedTuple):
    """Languages of documents."""

    names: Sequence[str]
    """The distinct languages."""
    codes: NDArray[np.int64]
    """Index of the language of each document, shape (documents,)."""


class DocumentTexts(Sequence[str]):
    """The texts of documents, read from a file."""

    def __init__(self, table: RowGroupReader) -> None:
        """Set the table of their bytes."""
        self._table = table

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self._table)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        """Return the text of a document, or of a slice of documents."""
        if isinstance(index, slice):
            return [self[doc] for doc in range(*index.indices(len(self)))]
        return _decode(self._table[index])


@dataclass(frozen=True, eq=False)
class StoredAnalysis(Analysis):
    """An analysis whose stems are counted in a table, so that not all its sentences are read."""

    stem_terms: NDArray[Any]
    """Its distinct stems, rows of `TERM`."""
    stem_entries: int
    """Number of their entries."""

    def sentences_with(self, stem: str) -> int:
        """Return the number of sentences with a stem."""
        return self._stem_frequencies.get(term_id(stem), 0)

    @cached_property
    def _stem_frequencies(self) -> dict[int, int]:
        counts = np.diff(self.stem_terms["start"], append=self.stem_entries)
        return dict(zip(self.stem_terms["id"].tolist(), counts.tolist(), strict=True))


class StoredDocuments:
    """Documents whose tables are in a folder."""

    def __init__(self, folder: Path) -> None:
        """Open the tables.

        Args:
            folder: A folder that a `DocumentWriter` wrote.
        """
        self.folder = folder
        self.tables = {name: RowGroupReader(folder / name, dtype) for name, dtype in TABLES.items()}
        self.side = lru_cache(CACHE_SIZE)(self._read_side)
        self.facts = lru_cache(CACHE_SIZE)(self._read_facts)
        self.credits = lru_cache(CACHE_SIZE)(self._find_credits)

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.tables["text"])

    @cached_property
    def sentence_counts(self) -> NDArray[np.int64]:
        """Number of sentences of each document, shape (documents,)."""
        return np.diff(self.tables["sentences"].offsets)

    @cached_property
    def texts(self) -> DocumentTexts:
        """The texts of the documents."""
        return DocumentTexts(self.tables["text"])

    def languages(self) -> Languages:
        """Return the languages of the documents."""
        names, codes = np.unique([self.language(doc) for doc in range(len(self))], return_inverse=True)
        return Languages(names.tolist(), codes)

    def language(self, doc: int) -> str:
        """Return the language of a document."""
        return _decode(self.tables["language"][doc])

    def _read_facts(self, doc: int) -> tuple[Fact, ...]:
        """Return the facts of a document."""
        rows, text = self.tables["facts"][doc], _decode(self.tables["fact_text"][doc])
        kinds, starts, ends = (rows[name].tolist() for name in ("kind", "start", "end"))
        sizes = np.column_stack([rows[name] for name in ("value", "noun", "qualifier", "unit")])
        bounds = [0, *np.cumsum(sizes).tolist()]
        return tuple(
            Fact(FACT_KINDS[kind], start, end, text[a:b], text[b:c], text[c:d], text[d:e])
            for kind, start, end, a, b, c, d, e in zip(
                kinds, starts, ends, bounds[::4], bounds[1::4], bounds[2::4], bounds[3::4], bounds[4::4], strict=False
            )
        )

    def analysis(self, doc: int) -> StoredAnalysis:
        """Return the analysis of a document."""
        sentences = self.tables["sentences"][doc]
        return StoredAnalysis(
            text=self.texts[doc],
            language=self.language(doc),
            sentences=tuple(map(Span, sentences["start"].tolist(), sentences["end"].tolist())),
            facts=self.facts(doc),
            fact_sentences=tuple(self.tables["facts"][doc]["sentence"].tolist()),
            stem_terms=self.tables["stems"][doc],
            stem_entries=len(self.tables["stem_entries"][doc]),
        )

    def _find_credits(self, doc: int) -> tuple[Credit, ...]:
        """Return the credits of a document, sorted by start."""
        return self.analysis(doc).credits

    def _read_side(self, doc: int) -> EvidenceSide:
        """Return a document as one side of a comparison."""
        words, sentences = (self.tables[name].offsets[doc : doc + 2] for name in ("words", "sentences"))
        others, templates = self.column("others")[slice(*words)], self.column("template")[slice(*sentences)]
        return EvidenceSide(self.analysis(doc), self._profile(doc), others, templates)

    def _profile(self, doc: int) -> Profile:
        words, numbers = self.tables["words"][doc], self.tables["numbers"][doc]
        occurrences, sentences = self.tables["occurrences"][doc], self.tables["sentences"][doc]
        return Profile(
            ids=np.ascontiguousarray(words["id"]),
            frequencies=np.ascontiguousarray(words["frequency"]),
            shares=np.ascontiguousarray(words["share"]),
            names=np.ascontiguousarray(words["is_name"]),
            rows=np.ascontiguousarray(occurrences["row"]),
            columns=np.ascontiguousarray(occurrences["column"]),
            lengths=np.ascontiguousarray(sentences["length"]),
            fact_ranks=numbers["rank"],
            fact_rows=numbers["row"],
            fact_values=numbers["value"],
            fact_information=numbers["information"],
            frames=_frames(self.tables["places"][doc], sentences["places"]),
            boilerplate=frozenset(),
        )

    def column(self, name: str) -> NDArray[Any]:
        """Return the values of a corpus column for all rows of its table, read-only, shape (rows,)."""
        return self._columns[name].map()

    @cached_property
    def _columns(self) -> dict[str, MatrixFile]:
        """The corpus columns, which `write_corpus_columns` writes."""
        return {name: MatrixFile.open(self.folder / name, dtype) for name, (_, dtype) in CORPUS_COLUMNS.items()}

    def release(self) -> None:
        """Return the mapped pages to the system; they are read again when accessed."""
        for table in self.tables.values():
            table.release()
        for column in self._columns.values():
            column.release()

    @cached_property
    def statistics(self) -> CorpusStatistics:
        """The document frequencies that `write_corpus_columns` wrote, without the boilerplate."""
        terms, frequencies = (MatrixFile.open(self.folder / name, np.int64).map() for name in STATISTICS)
        return CorpusStatistics(terms, frequencies, len(self))

    def write_corpus_columns(self, statistics: CorpusStatistics, templates: Set[int]) -> None:
        """Write the corpus columns, and the document frequencies.

        Args:
            statistics: Document frequencies and boilerplate of the corpus.
            templates: Hashes of the frames that are templates.
        """
        boilerplate, frames = (np.array(sorted(found), np.int64) for found in (statistics.boilerplate, templates))
        files = {name: MatrixFile(self.folder / name, dtype) for name, (_, dtype) in CORPUS_COLUMNS.items()}
        for name, values in zip(STATISTICS, (statistics.terms, statistics.frequencies), strict=True):
            MatrixFile(self.folder / name, np.int64).append(values)
        for sentences in self.tables["sentences"].chunks():
            files["excluded"].append(np.isin(sentences["wording"], boilerplate))
            files["template"].append(np.isin(sentences["frame"], frames))
        for terms in self.tables["content"].chunks():
            files["content_rarity"].append(statistics.rarity(terms["id"].astype(np.int64)))
        for words in self.tables["words"].chunks():
            files["others"].append(statistics.other_documents(words["id"]))
        for rarity in self._fact_rarities(statistics):
            files["fact_rarity"].append(rarity)

    def _fact_rarities(self, statistics: CorpusStatistics) -> Iterator[NDArray[np.float64]]:
        """Yield the rarity of the facts of each document: that of its most frequent key, 1 without keys."""
        keys, facts = self.tables["lookup_keys"], self.tables["facts"]
        sizes = np.diff(facts.offsets)
        for doc in range(len(self)):
            found = np.ones(sizes[doc])
            np.minimum.at(found, keys[doc]["fact"], statistics.rarity(keys[doc]["key"].astype(np.int64)))
            yield found


def _decode(data: NDArray[np.uint8]) -> str:
    return data.tobytes().decode("utf-8", "surrogatepass")


def _frames(places: NDArray[Any], sizes: NDArray[np.int32]) -> OnDemand[Frame]:
    """Return the frames of the sentences of a document.

    Args:
        places: Words and places of all frames, rows of `PLACE`, shape (places,).
        sizes: Number of places of each frame, shape (frames,).
    """
    offsets = offsets_of(sizes)

    def frame(sentence: int) -> Frame:
        rows = places[offsets[sentence] : offsets[sentence + 1]]
        return Frame(tuple(rows["word"].tolist()), tuple(rows["fact"].tolist()))

    return OnDemand(len(sizes), frame)


@lru_cache(1)
def open_documents(folder: Path) -> StoredDocuments:
    """Open the documents in a folder, once in a process."""
    return StoredDocuments(folder)
