"""Align a corpus: analyse and compare its documents, cluster their passages into stories, and write the tables."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import Link, align_texts
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.context import RunContext, open_run
from dedup.engine.base import Database
from dedup.outputs.files import RUN_FILE
from dedup.outputs.writer import write_json
from dedup.results import Stories, TemplateFamily
from dedup.runtime.disk_list import DiskList
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import Request
from dedup.stories.candidates import corpus_statistics, document_frequencies, find_candidates
from dedup.stories.clustering import find_stories
from dedup.stories.dates import read_corpus_dates
from dedup.stories.description.links import PairLink
from dedup.stories.description.metadata import read_metadata
from dedup.stories.edges import Edge, make_edge
from dedup.stories.findings import find_out
from dedup.stories.passages import Comparison, document_similarity, find_passages, search_terms
from dedup.stories.summary import language_note, summarise_alignment
from dedup.text.analysis import Analysis, analyse
from dedup.text.language import check_language_code

# Number of analyses, and of comparisons, that are cached in memory.
CACHE_SIZE = 500


class LinkId(NamedTuple):
    """Identifier of a link: a comparison, and a link in it."""

    comparison: int
    """Index of the comparison."""
    row: int
    """Rank of the link in the comparison."""


class _Compared(NamedTuple):
    """What comparing the pairs of documents found, besides their links."""

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
    stories: int,
    csv: bool = False,
) -> Stories:
    """Find the stories of a corpus, and write them to an output folder if `out` is set; see `dedup.align`.

    Args:
        inputs: Paths and tables to read.
        out: The output folder; None writes nothing.
        request: The checked options of the run.
        language: ISO 639-1 code; None detects the language of each document.
        stories: Maximum number of stories to return; all are written.
        csv: Write the tables as CSV too.
    """
    check_language_code(language)
    with ExitStack() as stack:
        run = stack.enter_context(open_run(inputs, out, request))
        analyses = stack.enter_context(DiskList[Analysis](run.temp / "analyses", CACHE_SIZE))
        texts = stack.enter_context(DiskList[str](run.temp / "texts", CACHE_SIZE))
        comparisons = stack.enter_context(DiskList[Comparison](run.temp / "comparisons", CACHE_SIZE))
        database = run.database()
        with run.step("analyse", run.corpus.rows, "documents"):
            sizes: list[int] = []
            pairs, not_compared = find_candidates(database, _analyse(run, analyses, texts, sizes, language))
        with run.step("compare", len(pairs), "pairs"):
            statistics = corpus_statistics(database, len(analyses))
            compared = _compare(run, analyses, pairs, statistics, comparisons)
            if compared.languages:
                run.corpus.add_note(language_note(compared.languages))
        with run.step("gather"):
            edges, links_of_edge = _find_edges(comparisons, database, len(analyses))
            clusters = find_stories(edges, map(tuple, pairs.tolist()))
        with run.step("write"):
            dates = read_corpus_dates(run.corpus)
            for note in dates.notes:
                run.corpus.add_note(note)
            metadata = read_metadata(run.corpus, dates, request.reading)
            links_of_story = [sorted(chain(*(links_of_edge[edge] for edge in story))) for story in clusters]
            story_of = {link: story for story, links in enumerate(links_of_story) for link in links}
            links = _story_links(comparisons, story_of)
            findings = stack.enter_context(find_out(run.temp, links, analyses, texts, metadata, statistics))
            shown = findings.first_stories(min(stories, sys.maxsize))
            if out:
                supported = frozenset(chain(*links_of_edge))
                findings.write(run.folder, _all_links(comparisons, story_of, supported), csv=csv)
        counts = {
            "characters": sum(sizes),
            "pairs": len(pairs) - compared.languages.total(),
            "not_compared": not_compared,
            "other_language": compared.languages.total(),
            "stories": len(clusters),
        }
        templates: tuple[TemplateFamily, ...] = ()
        summary = summarise_alignment(run.corpus, {"language": language}, counts, run.seconds)
        if out:
            write_json(run.folder / RUN_FILE, {**summary.to_dict(), "templates": list(map(asdict, templates))})
        found = findings.result(summary, shown, compared.nearest)
        return replace(found, templates=templates)


def _analyse(
    run: RunContext, analyses: DiskList[Analysis], texts: DiskList[str], sizes: list[int], language: str | None
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Analyse the documents, and yield the rank of each with the terms by which it is found.

    Args:
        run: The run.
        analyses: Receives the analyses.
        texts: Receives the texts.
        sizes: Receives the length of each document in code points.
        language: ISO 639-1 code; None detects the language of each document.
    """
    for first, batch in run.texts():
        for doc, text in enumerate(batch.to_pylist(), first):
            analysis = analyse(text or "", language)
            analyses.append(analysis)
            texts.append(analysis.text)
            sizes.append(len(analysis.text))
            yield doc, search_terms(analysis)


def _compare(
    run: RunContext,
    analyses: DiskList[Analysis],
    pairs: NDArray[np.int64],
    statistics: CorpusStatistics,
    comparisons: DiskList[Comparison],
) -> _Compared:
    """Align pairs of documents of the same language; of other pairs, link the sentences with the same words.

    Args:
        run: The run.
        analyses: Analyses of all documents.
        pairs: Pairs of ranks, shape (pairs, 2).
        statistics: Document frequencies and boilerplate of the corpus.
        comparisons: Receives the pairs with links.

    """
    nearest: float | None = None
    languages = Counter[tuple[str, str]]()
    for left_doc, right_doc in pairs.tolist():
        left, right = analyses[left_doc], analyses[right_doc]
        run.progress.advance(1)
        if left.language != right.language:
            languages[min(left.language, right.language), max(left.language, right.language)] += 1
            if not np.isin(left.terms.wordings, right.terms.wordings).any():
                continue
        alignment = align_texts(left, right, statistics)
        if alignment.links or left.language == right.language:
            nearest = max(alignment.nearest, nearest or 0.0)
        if alignment.links:
            similarity = document_similarity(left, right, statistics)
            passages = find_passages(left, right, alignment.links)
            comparisons.append(Comparison(left_doc, right_doc, similarity, alignment.links, passages))
    return _Compared(nearest, languages)


def _find_edges(
    comparisons: DiskList[Comparison], database: Database, documents: int
) -> tuple[list[Edge], list[list[LinkId]]]:
    """Return the edges of all passages that are specific enough, and the links of each edge."""
    keys = {key for index in range(len(comparisons)) for passage in comparisons[index].passages for key in passage.keys}
    frequency = document_frequencies(database, keys)
    edges: list[Edge] = []
    links_of_edge: list[list[LinkId]] = []
    for index in range(len(comparisons)):
        comparison = comparisons[index]
        for passage in comparison.passages:
            edge = make_edge(comparison, passage, frequency, documents)
            if edge is not None:
                edges.append(edge)
                links_of_edge.append([LinkId(index, row) for row in passage.rows])
    return edges, links_of_edge


def _story_links(comparisons: DiskList[Comparison], story_of: Mapping[LinkId, int]) -> Iterator[tuple[int, PairLink]]:
    """Yield the links of stories with the index of their story, in order of comparisons."""
    for index in range(len(comparisons)):
        comparison = comparisons[index]
        for row, link in enumerate(comparison.links):
            story = story_of.get(LinkId(index, row))
            if story is not None:
                yield story, PairLink(comparison.left, comparison.right, link)


def _all_links(
    comparisons: DiskList[Comparison], story_of: Mapping[LinkId, int], supported: frozenset[LinkId]
) -> Iterator[tuple[Comparison, Link, int | None]]:
    """Yield every link with its comparison and the index of its story.

    Args:
        comparisons: All comparisons.
        story_of: Index of the story of each link that is in one.
        supported: Links of specific passages; all others are "related", since their wording is common in the corpus.
    """
    for index in range(len(comparisons)):
        for row, link in enumerate(comparisons[index].links):
            link_id = LinkId(index, row)
            shown = link if link_id in supported else replace(link, kind="related")
            yield comparisons[index], shown, story_of.get(link_id)
