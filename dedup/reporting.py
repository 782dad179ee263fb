"""The story of a report, top-down: read what runs left, align the documents of stories, draw the page, write it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from dedup.alignment.analysis import Analysis, analyse
from dedup.difference import Diff, common_language, diff_of
from dedup.duplicates import find_duplicates, pair_bars
from dedup.gathered import Gathered, StoryPair
from dedup.model import Run, Watch
from dedup.output import load_run
from dedup.show.html.page import check_target, write_page
from dedup.show.html.report import draw_report
from dedup.storyboard import Board, read_boards, texts_of

# Analyses held in memory.
HELD = 100


def report(
    outs: Sequence[Path],
    to: Path,
    *,
    passages: int,
    stories: int,
    diffs: int,
    overwrite: bool,
    watch: Watch,
) -> Path:
    """Draw what runs left as a page; see `dedup.report`."""
    check_target(to, overwrite=overwrite)
    runs = [(out, load_run(out)) for out in outs]
    try:
        gathered = [_gather(out, run, passages, stories, diffs, watch) for out, run in runs]
        watch.step("draw")
        page = draw_report(gathered)
    finally:
        watch.close()
    write_page(page, to, overwrite=overwrite)
    return to


def _gather(out: Path, run: Run, passages: int, stories: int, diffs: int, watch: Watch) -> Gathered:
    """Read what a run left, each command's own way."""
    watch.step(f"read what dedup {run.command} left")
    if run.command == "scan":
        return Gathered(out, run, bars=pair_bars(out, run.settings["threshold"]))
    if run.command == "clean":
        return Gathered(out, run, find_duplicates(out, run.settings["threshold"], passages))
    boards = read_boards(out)
    chosen = _chosen(boards[:stories], diffs)
    watch.step("align", len(chosen), "pairs")
    aligned = dict(_aligned(out, boards, chosen, run.settings.get("language"), watch))
    return Gathered(out, run, boards=tuple(boards[:stories]), story_count=len(boards), diffs=aligned)


def _chosen(boards: Sequence[Board], diffs: int) -> list[StoryPair]:
    """Choose the pairs to align: the best linked one of each story, then the second ones, and so on."""
    ranked = (
        (turn, place, (board.number, pair.left, pair.right))
        for place, board in enumerate(boards)
        for turn, pair in enumerate(sorted(board.pairs, key=lambda pair: (-pair.links, -pair.score)))
    )
    return [chosen for _, _, chosen in sorted(ranked)][:diffs]


def _aligned(
    out: Path, boards: Sequence[Board], chosen: Sequence[StoryPair], language: str | None, watch: Watch
) -> Iterator[tuple[StoryPair, Diff]]:
    """Align pairs of documents, story by story, so that a document is analysed once for all its pairs."""
    docs = {board.number: [telling.doc for telling in board.tellings] for board in boards}
    wanted = {docs[number][place] for number, *places in chosen for place in places}
    texts = texts_of(out, sorted(wanted))

    @lru_cache(HELD)
    def analysed(doc: int, language: str) -> Analysis:
        return analyse(texts[doc], language)

    for number, left, right in sorted(chosen):
        one, other = docs[number][left], docs[number][right]
        common = language or common_language(texts[one], texts[other])
        yield (number, left, right), diff_of(analysed(one, common), analysed(other, common))
        watch.advance(1)
