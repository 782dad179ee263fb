"""Align a corpus: analyse and compare its documents, cluster their passages into stories, and write the tables."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.document_frequency import CorpusStatistics
from dedup.context import RunContext, open_run
from dedup.outputs.files import RUN_FILE
from dedup.outputs.writer import write_json
from dedup.results import Stories
from dedup.runtime.processes import ProcessPool
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import Request
from dedup.stories.candidates import corpus_statistics, find_candidates, template_frames
from dedup.stories.clustering import find_stories
from dedup.stories.dates import read_corpus_dates
from dedup.stories.description.metadata import read_metadata
from dedup.stories.documents.analyse import analyse_texts
from dedup.stories.documents.comparing import LinkedPair
from dedup.stories.documents.linkers import make_linker
from dedup.stories.documents.linking import chunk_pairs
from dedup.stories.documents.store import DocumentWriter, StoredDocuments
from dedup.stories.families import find_families
from dedup.stories.findings import StoryLinks, find_out
from dedup.stories.links import FoundEdges, LinkFile, LinkWriter, find_links
from dedup.stories.summary import credits_note, language_note, summarise_alignment
from dedup.stories.terms import TermTables
from dedup.text.language import check_language_code
from dedup.text.sources.cues import reads_credits

# Number of documents, and of code points of their texts, that a process analyses at a time.
BATCH_DOCUMENTS, BATCH_LENGTH = 64, 100_000
# Number of pairs of documents with links that a process compares at a time, and of such calls for which processes are
# started: they take as long to start as about 20.
COMPARED, MIN_CALLS = 64, 40
# Number of such batches for which processes are started: they take as long to start as it takes to analyse about two.
MIN_BATCHES = 4
# Number of documents after which processes are replaced by new ones: their caches of words and names grow to hundreds
# of megabytes, and are of little use for comparing.
MAX_CACHED_DOCUMENTS = 20_000


@dataclass
class _Totals:
    """What is counted while documents are analysed."""

    boilerplate: set[int] = field(default_factory=set)
    """Wordings of boilerplate sentences."""
    characters: int = 0
    """Code points of all texts."""


class _Compared(NamedTuple):
    """What comparing the pairs of documents found."""

    links: LinkFile
    """Their links."""
    edges: FoundEdges
    """The edges of the graph in which stories are clusters."""
    nearest: float | None
    """Best score of a sentence pair; None if no documents were compared."""
    languages: Counter[tuple[str, str]]
    """Number of pairs of documents that were not compared, by their languages, ascending."""


def align(
    inputs: Sequence[Any],
    out: AnyPath | None,
    request: Request,
    *,
    language: str | None,
    stories: int | None,
    csv: bool = False,
) -> Stories:
    """Find the stories of a corpus, and write them to an output folder if `out` is set; see `dedup.align`.

    Args:
        inputs: Paths and tables to read.
        out: The output folder; None writes nothing.
        request: The checked options of the run.
        language: ISO 639-1 code; None detects the language of each document.
        stories: Maximum number of stories to return, None for all; all are written.
        csv: Write the tables as CSV too.
    """
    check_language_code(language)
    with ExitStack() as stack:
        run = stack.enter_context(open_run(inputs, out, request))
        pool = stack.enter_context(ProcessPool(run.resources.workers))
        database = run.database()
        with run.step("analyse", run.corpus.rows, "documents"):
            totals = _Totals()
            pairs, not_compared = find_candidates(database, _analyse(run, pool, totals, language))
        with run.step("compare", len(pairs), "pairs"):
            documents = StoredDocuments(run.temp / "documents")
            counted = corpus_statistics(database, len(documents))
            statistics = replace(counted, boilerplate=frozenset((*counted.boilerplate, *totals.boilerplate)))
            documents.write_corpus_columns(statistics, template_frames(database))
            database.close()
            compared = _compare(run, pool, documents, pairs, statistics)
            if compared.languages:
                run.corpus.add_note(language_note(compared.languages))
        with run.step("gather"):
            clusters = find_stories(compared.edges.edges, pairs)
            links = StoryLinks(compared.links, compared.edges.rows_of_stories(clusters))
        with run.step("write"):
            dates = read_corpus_dates(run.corpus)
            for note in dates.notes:
                run.corpus.add_note(note)
            metadata = read_metadata(run.corpus, dates, request.reading)
            templates = find_families(compared.links, metadata, documents.texts)
            findings = stack.enter_context(find_out(run.temp, links, documents, pool, metadata))
            languages = Counter(map(documents.language, findings.docs))
            if unread := Counter({name: number for name, number in languages.items() if not reads_credits(name)}):
                run.corpus.add_note(credits_note(unread))
            shown = findings.first_stories(sys.maxsize if stories is None else min(stories, sys.maxsize))
            if out:
                findings.write(run.folder, csv=csv)
        compared_pairs = len(pairs) - compared.languages.total()
        counts = {"characters": totals.characters, "pairs": compared_pairs, "not_compared": not_compared}
        counts |= {"other_language": compared.languages.total(), "stories": len(clusters)}
        summary = summarise_alignment(run.corpus, {"language": language}, counts, run.seconds)
        if out:
            write_json(run.folder / RUN_FILE, {**summary.to_dict(), "templates": list(map(asdict, templates))})
        found = findings.result(summary, shown, compared.nearest)
        return replace(found, templates=templates)


def _analyse(run: RunContext, pool: ProcessPool, totals: _Totals, language: str | None) -> Iterator[TermTables]:
    """Analyse the documents and store their tables, and yield the terms by which they are found.

    Args:
        run: The run.
        pool: Analyses texts.
        totals: Receives what is counted.
        language: ISO 639-1 code; None detects the language of each document.
    """
    folder = run.temp / "documents"
    folder.mkdir()
    writer = DocumentWriter(folder)
    for found in pool.map_in_order(partial(analyse_texts, language), _batches(run), MIN_BATCHES):
        writer.append(found.tables)
        totals.boilerplate |= found.boilerplate
        totals.characters += found.characters
        yield found.terms
    if run.corpus.rows > MAX_CACHED_DOCUMENTS:
        pool.restart()


def _batches(run: RunContext) -> Iterator[list[str]]:
    """Yield the texts of the corpus in batches that a process analyses."""
    for _, texts in run.texts():
        batch: list[str] = []
        length = 0
        for text in texts.fill_null("").to_pylist():
            batch.append(text)
            length += len(text)
            if len(batch) == BATCH_DOCUMENTS or length >= BATCH_LENGTH:
                yield batch
                batch, length = [], 0
        if batch:
            yield batch


def _compare(
    run: RunContext,
    pool: ProcessPool,
    documents: StoredDocuments,
    pairs: NDArray[np.int64],
    statistics: CorpusStatistics,
) -> _Compared:
    """Compare pairs of documents of the same language; of other pairs, link the sentences with the same words.

    Args:
        run: The run.
        pool: Compares documents.
        documents: The analysed documents.
        pairs: Pairs of ranks, shape (pairs, 2).
        statistics: Document frequencies and boilerplate of the corpus.
    """
    with run.note_compilation():
        linker = make_linker(documents, pairs, statistics, pool)
    languages = documents.languages()
    are_same = languages.codes[pairs[:, 0]] == languages.codes[pairs[:, 1]]
    nearest: list[float] = []

    def linked() -> Iterator[list[LinkedPair]]:
        for found in linker.link(chunk_pairs(pairs, are_same, documents.sentence_counts)):
            nearest.append(float(found.nearest.max()))
            run.progress.advance(found.size)
            documents.release()
            yield from (found.pairs[first : first + COMPARED] for first in range(0, len(found.pairs), COMPARED))

    edges = FoundEdges()
    with LinkWriter(run.temp / "links") as writer:
        for found in pool.map_in_order(partial(find_links, documents.folder), linked(), MIN_CALLS):
            edges.append(found.edges, writer.rows)
            writer.append(found.rows)
    links = LinkFile(run.temp / "links")
    is_compared = bool(are_same.any() or len(links))
    differing = Counter(
        tuple(sorted((languages.names[left], languages.names[right])))
        for left, right in languages.codes[pairs[~are_same]].tolist()
    )
    return _Compared(links, edges, max(nearest, default=0.0) if is_compared else None, differing)
