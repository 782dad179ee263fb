"""Gather the data of the report page from the outputs of runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dedup.alignment.diff import Diff, diff_analyses
from dedup.outputs.reader import load_run
from dedup.reports.duplicates import Duplicates, find_duplicates, pair_bars
from dedup.reports.stories import StoryPair, StoryReport, read_outlets, read_stories, read_templates, read_texts
from dedup.results import OutletPair, Run, TemplateFamily
from dedup.runtime.progress import Progress
from dedup.runtime.storage.paths import AnyPath
from dedup.text.analysis import Analysis, analyse
from dedup.text.language import detect_pair

# Pairs whose coverage is measured, for each pair that is shown sentence by sentence.
MEASURED_PAIRS = 4
# Analysed documents kept in memory.
CACHED_ANALYSES = 100


@dataclass(frozen=True)
class GatheredRun:
    """The data of a run that the report page shows."""

    out: AnyPath
    """The output folder of the run."""
    run: Run
    """Settings, counts and notes of the run."""
    duplicates: Duplicates | None = None
    """Groups of duplicates; for `clean` only."""
    bars: tuple[int, ...] = ()
    """Number of pairs by similarity; for `scan` only."""
    reports: tuple[StoryReport, ...] = ()
    """Stories that are shown; for `align` only."""
    story_count: int = 0
    """Number of all stories; for `align` only."""
    outlets: tuple[OutletPair, ...] = ()
    """What outlets take over from each other, or documents; for `align` only."""
    templates: tuple[TemplateFamily, ...] = ()
    """Families of documents that share a template; for `align` only."""
    diffs: Mapping[StoryPair, Diff] = field(default_factory=dict)
    """Alignments of pairs of documents; for `align` only."""
    coverages: Mapping[StoryPair, tuple[float, float]] = field(default_factory=dict)
    """`Diff.coverage` of pairs of documents, among them all in ``diffs``; for `align` only."""


def gather(outs: Sequence[Path], *, passages: int, stories: int, diffs: int, progress: Progress) -> list[GatheredRun]:
    """Read the outputs of runs, and align the pairs of documents that the page shows.

    Args:
        outs: Output folders of `clean`, `align` or `scan`.
        passages: Number of removed passages to show for each run.
        stories: Number of stories to show for each run.
        diffs: Number of pairs of documents to show sentence by sentence for each run. Of `MEASURED_PAIRS` times as
            many, the coverage is measured.
        progress: Receives the steps.

    Returns:
        The data of each run, in the order of the folders.

    Raises:
        DedupError: A folder is not an output, or a table cannot be read.
    """
    runs = [(out, load_run(out)) for out in outs]
    return [_gather_run(out, run, passages, stories, diffs, progress) for out, run in runs]


def _gather_run(out: Path, run: Run, passages: int, stories: int, diffs: int, progress: Progress) -> GatheredRun:
    """Read the output of one run."""
    progress.step(f"read the output of dedup {run.command}")
    if run.command == "scan":
        return GatheredRun(out, run, bars=pair_bars(out, run.settings["threshold"]))
    if run.command == "clean":
        return GatheredRun(out, run, find_duplicates(out, run.settings["threshold"], passages))
    language = run.settings.get("language")
    reports = read_stories(out, language)
    pairs = _choose_pairs(reports[:stories], diffs * MEASURED_PAIRS)
    shown = frozenset(pairs[:diffs])
    progress.step("align", len(pairs), "pairs")
    aligned: dict[StoryPair, Diff] = {}
    coverages: dict[StoryPair, tuple[float, float]] = {}
    for pair, diff in _align_pairs(out, reports, pairs, language, progress):
        coverages[pair] = diff.coverage
        if pair in shown:
            aligned[pair] = diff
    return GatheredRun(
        out,
        run,
        reports=tuple(reports[:stories]),
        story_count=len(reports),
        outlets=tuple(read_outlets(out)),
        templates=tuple(read_templates(out)),
        diffs=aligned,
        coverages=coverages,
    )


def _choose_pairs(reports: Sequence[StoryReport], limit: int) -> list[StoryPair]:
    """Choose the pairs to align: the pair with most links of each story, then the second of each story, and so on."""
    ranked = (
        (rank, index, StoryPair(report.number, pair.left, pair.right))
        for index, report in enumerate(reports)
        for rank, pair in enumerate(sorted(report.pairs, key=lambda pair: (-pair.links, -pair.score)))
    )
    return [pair for _, _, pair in sorted(ranked)][:limit]


def _align_pairs(
    out: Path, reports: Sequence[StoryReport], pairs: Sequence[StoryPair], language: str | None, progress: Progress
) -> Iterator[tuple[StoryPair, Diff]]:
    """Align pairs of documents, story by story, so that each document is analysed only once."""
    docs = {report.number: [document.doc for document in report.documents] for report in reports}
    texts = read_texts(out, sorted({docs[pair.story][index] for pair in pairs for index in (pair.left, pair.right)}))

    @lru_cache(CACHED_ANALYSES)
    def analysed(doc: int, language: str) -> Analysis:
        return analyse(texts[doc], language)

    for pair in sorted(pairs):
        left, right = docs[pair.story][pair.left], docs[pair.story][pair.right]
        languages = (language, language) if language else detect_pair(texts[left], texts[right])
        analyses = (analysed(doc, found) for doc, found in zip((left, right), languages, strict=True))
        yield pair, diff_analyses(*analyses, is_language_guessed=language is None)
        progress.advance(1)
