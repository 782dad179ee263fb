"""The story of a report, top-down: read what runs left, align the documents of stories, draw the page, write it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from dedup.alignment.diff import Diff, common_language, diff_of
from dedup.outputs.reader import load_run
from dedup.reports.duplicates import Duplicates, find_duplicates, pair_bars
from dedup.reports.stories import StoryReport, read_boards, texts_of
from dedup.results import Run
from dedup.runtime.progress import Progress
from dedup.text.analysis import Analysis, analyse

# Number of a story, and places of two of its documents.
StoryPair = tuple[int, int, int]


@dataclass(frozen=True)
class Gathered:
    """What a run left; each command fills its own part."""

    out: Path
    run: Run
    duplicates: Duplicates | None = None
    """Of `clean`."""
    bars: tuple[int, ...] = ()
    """Of `scan`: pairs by similarity."""
    reports: tuple[StoryReport, ...] = ()
    """Of `align`: the stories, as many as wanted."""
    story_count: int = 0
    """Of `align`: how many there are."""
    diffs: Mapping[StoryPair, Diff] = field(default_factory=dict)
    """Of `align`: the alignments of pairs of documents, as many as wanted."""


# Analyses held in memory.
HELD = 100


def gather(outs: Sequence[Path], *, passages: int, stories: int, diffs: int, progress: Progress) -> list[Gathered]:
    """Read what runs wrote, and align the pairs of documents that the page shows.

    Args:
        outs: Folders that runs wrote.
        passages: Removed passages to show of each.
        stories: Stories to show of each.
        diffs: Pairs of documents to align in each.
        progress: Told how it goes.
    """
    runs = [(out, load_run(out)) for out in outs]
    return [_gather(out, run, passages, stories, diffs, progress) for out, run in runs]


def _gather(out: Path, run: Run, passages: int, stories: int, diffs: int, progress: Progress) -> Gathered:
    """Read what a run left, each command's own way."""
    progress.step(f"read what dedup {run.command} left")
    if run.command == "scan":
        return Gathered(out, run, bars=pair_bars(out, run.settings["threshold"]))
    if run.command == "clean":
        return Gathered(out, run, find_duplicates(out, run.settings["threshold"], passages))
    reports = read_boards(out)
    chosen = _chosen(reports[:stories], diffs)
    progress.step("align", len(chosen), "pairs")
    aligned = dict(_aligned(out, reports, chosen, run.settings.get("language"), progress))
    return Gathered(out, run, reports=tuple(reports[:stories]), story_count=len(reports), diffs=aligned)


def _chosen(reports: Sequence[StoryReport], diffs: int) -> list[StoryPair]:
    """Choose the pairs to align: the best linked one of each story, then the second ones, and so on."""
    ranked = (
        (turn, place, (report.number, pair.left, pair.right))
        for place, report in enumerate(reports)
        for turn, pair in enumerate(sorted(report.pairs, key=lambda pair: (-pair.links, -pair.score)))
    )
    return [chosen for _, _, chosen in sorted(ranked)][:diffs]


def _aligned(
    out: Path, reports: Sequence[StoryReport], chosen: Sequence[StoryPair], language: str | None, progress: Progress
) -> Iterator[tuple[StoryPair, Diff]]:
    """Align pairs of documents, story by story, so that a document is analysed once for all its pairs."""
    docs = {report.number: [document.doc for document in report.documents] for report in reports}
    wanted = {docs[number][place] for number, *places in chosen for place in places}
    texts = texts_of(out, sorted(wanted))

    @lru_cache(HELD)
    def analysed(doc: int, language: str) -> Analysis:
        return analyse(texts[doc], language)

    for number, left, right in sorted(chosen):
        one, other = docs[number][left], docs[number][right]
        common = language or common_language(texts[one], texts[other])
        yield (number, left, right), diff_of(analysed(one, common), analysed(other, common))
        progress.advance(1)
