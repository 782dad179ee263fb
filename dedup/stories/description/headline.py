"""Choose the headline of a story: the title or sentence that is nearest to all its documents."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from dedup.alignment.align import is_content_word
from dedup.alignment.document_frequency import CorpusStatistics
from dedup.stories.description.members import StoryMember
from dedup.text.features import stems, term_id
from dedup.text.tokens import tokens

# A sentence with fewer content words is a headline only if no other shares words with the documents.
MIN_CONTENT_WORDS = 3


def choose_headline(
    members: Sequence[StoryMember], titles: Mapping[int, str | None], statistics: CorpusStatistics
) -> str:
    """Choose the headline of a story, the medoid of its titles: the one with the greatest mean similarity to documents.

    A document counts by the content words in its sentences of the story, weighted by rarity in the corpus, as a vector
    of length 1; the similarity is the cosine. A title, or a sentence, is compared with all documents but its own.
    If no title shares a word with another document, a sentence is chosen in the same way.

    Args:
        members: The documents of the story.
        titles: Title of each document by rank; None if it has none.
        statistics: Document frequencies of the corpus.

    Returns:
        A title or a sentence as written; empty if the documents share no content words.
    """
    words = {member.doc: Counter(stem for found in member.words for *_, stem in found) for member in members}
    weights = _weights({stem for counts in words.values() for stem in counts}, statistics)
    vectors = {doc: _unit(counts, weights) for doc, counts in words.items()}
    total: defaultdict[str, float] = defaultdict(float)
    for vector in vectors.values():
        for stem, weight in vector.items():
            total[stem] += weight
    named = [(member.doc, title, _title_stems(title, member)) for member in members if (title := titles[member.doc])]
    best = _nearest(named, vectors, total, weights)
    if best is None:
        sentences = list(_sentences(members))
        best = _nearest((item for item in sentences if len(item[2]) >= MIN_CONTENT_WORDS), vectors, total, weights)
        best = best or _nearest(sentences, vectors, total, weights)
    return best or ""


def _sentences(members: Sequence[StoryMember]) -> Iterator[tuple[int, str, list[str]]]:
    """Yield document, text and stems of the content words of each sentence of a story."""
    for member in members:
        for text, words in zip(member.texts, member.words, strict=True):
            yield member.doc, text, [stem for *_, stem in words]


def _title_stems(title: str, member: StoryMember) -> list[str]:
    """Return the stems of the content words of a title."""
    language = member.language
    found = tokens(title)
    stemmed = zip(found, stems(found, title, language), strict=True)
    return [stem for token, stem in stemmed if is_content_word(token, language)]


def _nearest(
    candidates: Iterable[tuple[int, str, list[str]]],
    vectors: Mapping[int, Mapping[str, float]],
    total: Mapping[str, float],
    weights: Mapping[str, float],
) -> str | None:
    """Return the candidate with the greatest mean cosine with the other documents, the first of equal ones.

    Args:
        candidates: Document, text and stems of each.
        vectors: Weight of each stem in each document; vectors of length 1.
        total: Their sum.
        weights: Weight of each stem in these documents; those of other stems are 1.

    Returns:
        The text; None if no candidate shares a stem with another document.
    """
    best, best_score = None, 1e-9
    for doc, text, found in candidates:
        vector = _unit(Counter(found), weights)
        own = vectors[doc]
        score = sum(weight * (total.get(stem, 0.0) - own.get(stem, 0.0)) for stem, weight in vector.items())
        if score > best_score + 1e-9:
            best, best_score = text, score
    return best


def _unit(counts: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of stems as a vector of length 1."""
    vector = {stem: count**0.5 * weights.get(stem, 1.0) for stem, count in counts.items()}
    length = sum(weight * weight for weight in vector.values()) ** 0.5
    return {stem: weight / length for stem, weight in vector.items()} if length else {}


def _weights(found: Iterable[str], statistics: CorpusStatistics) -> dict[str, float]:
    """Return the rarity of stems in the corpus."""
    listed = sorted(found)
    rarity = statistics.rarity(np.array([term_id(stem) for stem in listed], np.int64))
    return dict(zip(listed, rarity.tolist(), strict=True))
