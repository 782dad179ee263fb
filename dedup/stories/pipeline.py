"""The story of an alignment, top-down: read, analyse, find partners, compare, gather into stories, tell, write."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.align import Link, compare
from dedup.alignment.document_frequency import Background
from dedup.alignment.links import LINK
from dedup.context import RunContext, open_run
from dedup.outputs import writer as write
from dedup.results import Stories, Story
from dedup.runtime.disk_list import DiskList
from dedup.settings import Request
from dedup.stories import describe as storybook
from dedup.stories import tables as storytables
from dedup.stories.candidates import background, find_partners, frequencies
from dedup.stories.clustering import find_stories
from dedup.stories.edges import Tie, make_tie
from dedup.stories.passages import Comparison, alike, find_passages, terms_of
from dedup.stories.summary import summarise_alignment
from dedup.text.analysis import Analysis, analyse
from dedup.text.features import term_id
from dedup.text.language import check_language_code

if TYPE_CHECKING:
    import duckdb

# Analyses and comparisons held in memory.
HELD = 500
# A word that more than this part of the documents have is not named as shared.
COMMON = 0.8

# Comparison and rank of a link in it.
Place = tuple[int, int]


def align(
    inputs: Sequence[Any],
    out: Path | None,
    request: Request,
    *,
    language: str | None,
    stories: int,
) -> Stories:
    """Find who reports the same, and write it to a folder if one is named; see `dedup.align`."""
    check_language_code(language)
    resources = request.resources
    with ExitStack() as stack:
        folder = stack.enter_context(write.whole_folder(out, request.overwrite)) if out else None
        excluded = [out, folder] if out and folder else []
        work = stack.enter_context(open_run(inputs, excluded, request))
        analyses = stack.enter_context(DiskList[Analysis](work.temp / "analyses", HELD))
        comparisons = stack.enter_context(DiskList[Comparison](work.temp / "comparisons", HELD))
        database = work.database()
        with work.step("analyse", work.corpus.rows, "documents"):
            sizes: list[int] = []
            pairs, left_out = find_partners(database, _analyse(work, analyses, sizes, language))
        with work.step("compare", len(pairs), "pairs"):
            nearest = _compare(work, analyses, pairs, background(database, len(analyses)), comparisons)
        with work.step("gather"):
            ties, places = _tie(comparisons, database, len(analyses))
            gathered = _ordered(find_stories(ties, map(tuple, pairs.tolist())), ties)
            story_of = {
                place: number for number, story in enumerate(gathered, 1) for tie in story for place in places[tie]
            }
        with work.step("write"):
            names = storybook.names_of(work.corpus, sorted({doc for story in gathered for doc in _docs(story, ties)}))
            linked = [[places[tie] for tie in story] for story in gathered]
            told = _tell(analyses, comparisons, database, names, linked)
            shown = list(islice(told, stories))
            if folder:
                storytables.write_stories(folder / "stories.parquet", chain(shown, told))
                supported = frozenset(place for found in places for place in found)
                storytables.write_texts(folder / "texts.parquet", names, analyses)
                storytables.write_links(folder / "links.parquet", _links(comparisons, story_of, supported))
        counts = {"characters": sum(sizes), "pairs": len(pairs), "not_compared": left_out, "stories": len(gathered)}
        run = summarise_alignment(work.corpus, {"language": language}, counts, work.seconds)
        if folder:
            write.write_json(folder / "run.json", run.to_dict())
    return Stories(run, tuple(shown), len(gathered), nearest, LINK)


def _analyse(
    work: RunContext, analyses: DiskList[Analysis], sizes: list[int], language: str | None
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Analyse the documents, note their sizes, and give the terms of each."""
    for first, texts in work.texts():
        for doc, text in enumerate(texts.to_pylist(), first):
            analysis = analyse(text or "", language)
            analyses.append(analysis)
            sizes.append(len(analysis.text))
            yield doc, terms_of(analysis)


def _compare(
    work: RunContext,
    analyses: DiskList[Analysis],
    pairs: NDArray[np.int64],
    known: Background,
    comparisons: DiskList[Comparison],
) -> float | None:
    """Compare pairs of documents; gives the score of the best sentence pair, if there is any pair."""
    nearest: float | None = None
    for left, right in pairs.tolist():
        one, other = analyses[left], analyses[right]
        if one.language == other.language:
            found = compare(one, other, known)
            nearest = max(found.nearest, nearest or 0.0)
            if found.links:
                passages = find_passages(one, other, found.links)
                comparisons.append(Comparison(left, right, alike(one, other, known), found.links, passages))
        work.progress.advance(1)
    return nearest


def _tie(
    comparisons: DiskList[Comparison], database: "duckdb.DuckDBPyConnection", documents: int
) -> tuple[list[Tie], list[list[Place]]]:
    """Weigh the passages; gives the ties, and the links of each."""
    keys = {key for at in range(len(comparisons)) for passage in comparisons[at].passages for key in passage.keys}
    frequency = frequencies(database, keys)
    ties: list[Tie] = []
    places: list[list[Place]] = []
    for at in range(len(comparisons)):
        comparison = comparisons[at]
        for passage in comparison.passages:
            tie = make_tie(comparison, passage, frequency, documents)
            if tie is not None:
                ties.append(tie)
                places.append([(at, row) for row in passage.rows])
    return ties, places


def _ordered(stories: list[list[int]], ties: Sequence[Tie]) -> list[list[int]]:
    """Put the stories of most documents first."""
    docs = [_docs(story, ties) for story in stories]
    return [stories[at] for at in sorted(range(len(stories)), key=lambda at: (-len(docs[at]), docs[at], at))]


def _docs(story: Sequence[int], ties: Sequence[Tie]) -> list[int]:
    """List the documents of a story."""
    return sorted({doc for tie in story for doc in (ties[tie].left_doc, ties[tie].right_doc)})


def _tell(
    analyses: DiskList[Analysis],
    comparisons: DiskList[Comparison],
    database: "duckdb.DuckDBPyConnection",
    names: Mapping[int, storybook.Names],
    stories: Sequence[Sequence[list[Place]]],
) -> Iterator[Story]:
    """Tell the stories, one at a time."""
    for number, ties in enumerate(stories, 1):
        links = [(comparisons[at], comparisons[at].links[row]) for at, row in sorted(chain(*ties))]
        members = storybook.members(links, analyses)
        stems = {stem for member in members for _, stem in member.words()}
        common = COMMON * len(analyses)
        frequency = frequencies(database, {term_id(stem) for stem in stems})
        rare = {stem for stem in stems if frequency.get(term_id(stem), 0) <= common}
        yield storybook.tell(number, links, members, names, rare)


def _links(
    comparisons: DiskList[Comparison], story_of: dict[Place, int], supported: frozenset[Place]
) -> Iterator[tuple[Comparison, Link, int | None]]:
    """List all links; what many documents say shows a common topic, no more."""
    for at in range(len(comparisons)):
        for row, link in enumerate(comparisons[at].links):
            shown = link if (at, row) in supported else replace(link, kind="related")
            yield comparisons[at], shown, story_of.get((at, row))
