"""Compare two documents: links, passages, and the evidence that they report the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from dedup.alignment.align import Alignment, Link
from dedup.stories.edges import is_tied
from dedup.stories.evidence.frames import FrameComparison, FramePair, SlotCounts, compare_links, count_slots
from dedup.stories.evidence.measure import Evidence, EvidenceMeasure, EvidenceScale, EvidenceSide
from dedup.stories.passages import Comparison, LinkedPassage, linked_stretches
from dedup.text.spans import Span

# Minimum probability that a passage of rewritten sentences reports the same, if the documents do not.
MIN_REWRITE_PROBABILITY = 0.8
# Minimum score of a rewritten sentence in it.
MIN_REWRITE_SCORE = 0.6
# Minimum number of links that show it together even if they share few words, as in other spellings.
MIN_REWRITTEN_LINKS = 3
# Minimum code points of the links of such a passage.
MIN_PASSAGE_LENGTH = 50


@dataclass(frozen=True)
class _PairEvidence:
    """Two documents with their alignment and the frames of their linked sentences."""

    sides: tuple[EvidenceSide, EvidenceSide]
    alignment: Alignment
    frames: list[list[FramePair]]
    """Pairs of sentences with similar frames of each link."""
    titles: list[FramePair]
    """The first sentences, if they have similar frames and are not linked."""
    scale: EvidenceScale

    @cached_property
    def whole(self) -> SlotCounts:
        """The places with the same and with other facts in the whole documents."""
        return self._count((range(len(self.sides[0].profile.frames)), range(len(self.sides[1].profile.frames))))

    @cached_property
    def _measure(self) -> EvidenceMeasure:
        return EvidenceMeasure(self.sides, self.alignment.shared_facts, self.scale)

    @cached_property
    def _pairs(self) -> list[FramePair]:
        return [*self.titles, *(pair for found in self.frames for pair in found)]

    def slots(self, stretches: tuple[range, range]) -> SlotCounts:
        """Return the places in stretches of both documents; in the whole documents if these share a template.

        A part of a template without facts ("Winds will be light.") says no more than the template.
        """
        return self.whole if self.whole.is_template else self._count(stretches)

    def _count(self, stretches: tuple[range, range]) -> SlotCounts:
        counts = count_slots(
            self._pairs, stretches, (len(self.sides[0].profile.frames), len(self.sides[1].profile.frames))
        )
        for mask, side in zip(counts.template_sentences, self.sides, strict=True):
            mask |= side.templates
        return counts

    def measure(self, stretches: tuple[range, range]) -> Evidence:
        """Measure the evidence that stretches of both documents report the same."""
        return self._measure.measure(stretches, self.slots(stretches))

    def measure_around(self, left: Span, right: Span, context: int) -> Evidence:
        """Measure the evidence of a stretch of each document with `context` sentences before and after it."""
        first, second = (
            range(max(0, stretch.start - context), min(len(side.profile.frames), stretch.end + context))
            for stretch, side in zip((left, right), self.sides, strict=True)
        )
        return self.measure((first, second))


def compare_documents(
    ranks: tuple[int, int], sides: tuple[EvidenceSide, EvidenceSide], alignment: Alignment, scale: EvidenceScale
) -> Comparison:
    """Group the links of two documents into passages, and measure the evidence that they report the same.

    Args:
        ranks: Ranks of the documents.
        sides: The documents.
        alignment: Their links, at least one.
        scale: Information of words.
    """
    analyses = sides[0].analysis, sides[1].analysis
    profiles = sides[0].profile, sides[1].profile
    comparison = FrameComparison(analyses, profiles, alignment.shared_facts)
    frames = compare_links(alignment.links, comparison)
    pair = _PairEvidence(sides, alignment, frames, _titles(frames, comparison), scale)
    lead = pair.measure((profiles[0].lead, profiles[1].lead))
    passages = _passages(pair, alignment.links)
    links = alignment.links
    tied = is_tied(lead, passages)
    if tied and not passages:
        passages = _passages(pair, links, any_kind=True)
    if not tied:
        links = _without_templates(links, frames)
        if links != alignment.links:
            passages = _passages(pair, links)
        strong = _without_weak_links(links, passages)
        if strong != links:
            links, passages = strong, _passages(pair, strong)
    return Comparison(*ranks, links, passages, lead, pair.whole.is_template and not tied)


def _titles(frames: Sequence[Sequence[FramePair]], comparison: FrameComparison) -> list[FramePair]:
    """Return the first sentences as a pair, if they have similar frames and are not linked."""
    if any(pair.left == pair.right == 0 for found in frames for pair in found):
        return []
    pair = comparison.compare(0, 0)
    return [pair] if pair else []


def _passages(pair: _PairEvidence, links: Sequence[Link], *, any_kind: bool = False) -> tuple[LinkedPassage, ...]:
    """Group the links into passages and measure their evidence; without "related" links, unless of `any_kind`."""
    rows = [row for row, link in enumerate(links) if any_kind or link.kind != "related"]
    leads = [side.profile.lead for side in pair.sides]
    found = []
    for passage, left, right in linked_stretches(links, rows):
        is_lead = left.end <= leads[0].stop and right.end <= leads[1].stop
        found.append(LinkedPassage(passage, left, right, is_lead, partial(pair.measure_around, left, right)))
    return tuple(found)


def _without_templates(links: Sequence[Link], frames: Sequence[Sequence[FramePair]]) -> tuple[Link, ...]:
    """Return the links, those that share only the form of words as "related"."""
    return tuple(
        replace(link, kind="related") if any(pair.is_template for pair in found) else link
        for link, found in zip(links, frames, strict=True)
    )


def _without_weak_links(links: Sequence[Link], passages: Sequence[LinkedPassage]) -> tuple[Link, ...]:
    """Return the links of documents of different stories, weak ones as "related"."""
    weak = {row for passage in passages for row in passage.rows if _is_weak(links[row], links, passage)}
    return tuple(replace(link, kind="related") if row in weak else link for row, link in enumerate(links))


def _is_weak(link: Link, links: Sequence[Link], passage: LinkedPassage) -> bool:
    """Return whether a link between documents of different stories is weak evidence.

    It is if its passage is a short line, or if its sentences are rewritten and not similar enough, or if its passage
    has few links, takes over no words, and does not show on its own that both report the same.
    """
    if sum(links[row].left.end - links[row].left.start for row in passage.rows) < MIN_PASSAGE_LENGTH:
        return True
    if link.kind != "heavy":
        return False
    is_alone = len(passage.rows) < MIN_REWRITTEN_LINKS and all(links[row].kind == "heavy" for row in passage.rows)
    return link.score < MIN_REWRITE_SCORE or (is_alone and passage.linked.probability < MIN_REWRITE_PROBABILITY)
