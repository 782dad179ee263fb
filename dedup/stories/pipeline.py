"""Align a corpus: analyse and compare its documents, cluster their passages into stories, and write the tables."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import Link
from dedup.context import RunContext, open_run
from dedup.engine.base import Database
from dedup.outputs.files import RUN_FILE
from dedup.outputs.writer import write_json
from dedup.results import Stories
from dedup.runtime.disk_list import DiskList
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import Request
from dedup.stories.candidates import corpus_statistics, find_candidates, template_frames
from dedup.stories.clustering import find_stories
from dedup.stories.comparison import CorpusEvidence, compare_documents, share_words
from dedup.stories.dates import read_corpus_dates
from dedup.stories.description.links import PairLink
from dedup.stories.description.metadata import read_metadata
from dedup.stories.edges import Edge, make_edges
from dedup.stories.evidence.measure import EvidenceScale, EvidenceSide
from dedup.stories.evidence.profile import Profile, make_profile
from dedup.stories.families import find_families
from dedup.stories.findings import find_out
from dedup.stories.passages import Comparison
from dedup.stories.summary import language_note, summarise_alignment
from dedup.stories.terms import DocumentTerms, document_terms
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


class _Documents(NamedTuple):
    """The analysed documents, by rank."""

    analyses: DiskList[Analysis]
    profiles: DiskList[Profile]
    texts: DiskList[str]

    def side(self, doc: int) -> EvidenceSide:
        """Return a document as one side of a comparison."""
        return EvidenceSide(self.analyses[doc], self.profiles[doc])


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
        documents = _open_documents(stack, run.temp)
        comparisons = stack.enter_context(DiskList[Comparison](run.temp / "comparisons", CACHE_SIZE))
        database = run.database()
        with run.step("analyse", run.corpus.rows, "documents"):
            boilerplate: set[int] = set()
            sizes: list[int] = []
            pairs, not_compared = find_candidates(database, _analyse(run, documents, boilerplate, sizes, language))
        with run.step("compare", len(pairs), "pairs"):
            corpus = _corpus_evidence(database, len(documents.texts), boilerplate)
            compared = _compare(run, documents, pairs, corpus, comparisons)
            if compared.languages:
                run.corpus.add_note(language_note(compared.languages))
        with run.step("gather"):
            edges, links_of_edge = _find_edges(comparisons)
            clusters = find_stories(edges, map(tuple, pairs.tolist()))
        with run.step("write"):
            dates = read_corpus_dates(run.corpus)
            for note in dates.notes:
                run.corpus.add_note(note)
            metadata = read_metadata(run.corpus, dates, request.reading)
            templates = find_families(comparisons, metadata, documents.texts)
            story_of = _story_of_links(clusters, links_of_edge)
            links = _story_links(comparisons, story_of)
            analyses, texts, statistics = documents.analyses, documents.texts, corpus.statistics
            findings = stack.enter_context(find_out(run.temp, links, analyses, texts, metadata, statistics))
            shown = findings.first_stories(min(stories, sys.maxsize))
            if out:
                findings.write(run.folder, _all_links(comparisons, story_of), csv=csv)
        compared_pairs = len(pairs) - compared.languages.total()
        counts = {"characters": sum(sizes), "pairs": compared_pairs, "not_compared": not_compared}
        counts |= {"other_language": compared.languages.total(), "stories": len(clusters)}
        summary = summarise_alignment(run.corpus, {"language": language}, counts, run.seconds)
        if out:
            write_json(run.folder / RUN_FILE, {**summary.to_dict(), "templates": list(map(asdict, templates))})
        found = findings.result(summary, shown, compared.nearest)
        return replace(found, templates=templates)


def _open_documents(stack: ExitStack, folder: Path) -> _Documents:
    """Create the lists of documents, which are closed with the stack."""
    return _Documents(
        stack.enter_context(DiskList[Analysis](folder / "analyses", CACHE_SIZE)),
        stack.enter_context(DiskList[Profile](folder / "profiles", CACHE_SIZE)),
        stack.enter_context(DiskList[str](folder / "texts", CACHE_SIZE)),
    )


def _analyse(
    run: RunContext, documents: _Documents, boilerplate: set[int], sizes: list[int], language: str | None
) -> Iterator[tuple[int, DocumentTerms]]:
    """Analyse the documents, and yield the rank of each with the terms by which it is found.

    Args:
        run: The run.
        documents: Receives the analyses, profiles and texts.
        boilerplate: Receives the wordings of boilerplate sentences.
        sizes: Receives the length of each document in code points.
        language: ISO 639-1 code; None detects the language of each document.
    """
    for first, batch in run.texts():
        for doc, text in enumerate(batch.to_pylist(), first):
            analysis = analyse(text or "", language)
            profile = make_profile(analysis)
            documents.analyses.append(analysis)
            documents.profiles.append(profile)
            documents.texts.append(analysis.text)
            boilerplate |= profile.boilerplate
            sizes.append(len(analysis.text))
            yield doc, document_terms(analysis, profile)


def _corpus_evidence(database: Database, documents: int, boilerplate: Set[int]) -> CorpusEvidence:
    """Return what the corpus says about words and frames, after `find_candidates`.

    Args:
        database: The database that `find_candidates` filled.
        documents: Number of documents.
        boilerplate: Wordings of boilerplate sentences.
    """
    counted = corpus_statistics(database, documents)
    statistics = replace(counted, boilerplate=frozenset((*counted.boilerplate, *boilerplate)))
    return CorpusEvidence(statistics, EvidenceScale(statistics), template_frames(database))


def _compare(
    run: RunContext,
    documents: _Documents,
    pairs: NDArray[np.int64],
    corpus: CorpusEvidence,
    comparisons: DiskList[Comparison],
) -> _Compared:
    """Compare pairs of documents of the same language; of other pairs, link the sentences with the same words.

    Args:
        run: The run.
        documents: The analysed documents.
        pairs: Pairs of ranks, shape (pairs, 2).
        corpus: What the corpus says about words and frames.
        comparisons: Receives the pairs with links.

    """
    nearest: float | None = None
    languages = Counter[tuple[str, str]]()
    for left, right in pairs.tolist():
        sides = documents.side(left), documents.side(right)
        analyses = sides[0].analysis, sides[1].analysis
        run.progress.advance(1)
        if analyses[0].language != analyses[1].language:
            ordered = sorted(analysis.language for analysis in analyses)
            languages[ordered[0], ordered[1]] += 1
            if not share_words(*analyses):
                continue
        comparison, best = compare_documents((left, right), sides, corpus)
        if comparison or analyses[0].language == analyses[1].language:
            nearest = max(best, nearest or 0.0)
        if comparison:
            comparisons.append(comparison)
    return _Compared(nearest, languages)


def _find_edges(comparisons: DiskList[Comparison]) -> tuple[list[Edge], list[list[LinkId]]]:
    """Return the edges of all passages that show that documents report the same, and the links of each edge."""
    edges: list[Edge] = []
    links_of_edge: list[list[LinkId]] = []
    for index in range(len(comparisons)):
        for edge, rows in make_edges(comparisons[index]):
            edges.append(edge)
            links_of_edge.append([LinkId(index, row) for row in rows])
    return edges, links_of_edge


def _story_of_links(clusters: Sequence[Sequence[int]], links_of_edge: Sequence[Sequence[LinkId]]) -> dict[LinkId, int]:
    """Return the index of the story of each link that is in one.

    Args:
        clusters: Indexes of the edges of each story.
        links_of_edge: The links of each edge.
    """
    return {link: story for story, edges in enumerate(clusters) for edge in edges for link in links_of_edge[edge]}


def _story_links(comparisons: DiskList[Comparison], story_of: Mapping[LinkId, int]) -> Iterator[tuple[int, PairLink]]:
    """Yield the links of stories with the index of their story, in order of comparisons."""
    for index in range(len(comparisons)):
        comparison = comparisons[index]
        for row, link in enumerate(comparison.links):
            story = story_of.get(LinkId(index, row))
            if story is not None:
                yield story, PairLink(comparison.left, comparison.right, link)


def _all_links(
    comparisons: DiskList[Comparison], story_of: Mapping[LinkId, int]
) -> Iterator[tuple[Comparison, Link, int | None]]:
    """Yield every link with its comparison and the index of its story; None if it is in no story."""
    for index in range(len(comparisons)):
        for row, link in enumerate(comparisons[index].links):
            yield comparisons[index], link, story_of.get(LinkId(index, row))
