"""The terms by which documents are found: words, facts, phrases, and the lines and frames that recur."""

from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.shared_facts import fact_keys
from dedup.stories.evidence.profile import Profile
from dedup.text.analysis import Analysis

# A line at the beginning or end of documents that have nothing else in common is boilerplate: "Reuter", a signature.
# Sentences at the beginning and at the end in which such lines are looked for, and the maximum number of their letters.
FIRST_LINES, LAST_LINES, MAX_LINE_LETTERS = 3, 5, 100
# Content words of a phrase, and of a part of a document, whose partners are counted on their own.
PHRASE_WORDS, PART_WORDS = 3, 60


class DocumentTerms(NamedTuple):
    """The terms of a document."""

    terms: NDArray[np.int64]
    """Distinct content words and facts, ascending, shape (terms,)."""
    lines: NDArray[np.int64]
    """Wordings (see `dedup.text.features.SentenceTerms`) of the distinct lines at the beginning and end that may be
    boilerplate, shape (lines,)."""
    anchor: int
    """Wording of the longest sentence: documents that are copies of each other have the same."""
    parts: NDArray[np.int64]
    """Part of the document of each phrase, shape (phrases,)."""
    phrases: NDArray[np.int64]
    """Hash of each phrase, distinct in each part, shape (phrases,)."""
    frames: NDArray[np.int64]
    """Hash of the frame of each sentence with facts, shape (frames,)."""
    facts: NDArray[np.int64]
    """Hash of the facts in each frame, shape (frames,)."""


def document_terms(analysis: Analysis, profile: Profile) -> DocumentTerms:
    """Return the terms by which a document is found."""
    keys = [key for fact in analysis.facts for key in fact_keys(fact)]
    parts, phrases = _phrases(profile)
    frames, facts = _frames(analysis, profile)
    return DocumentTerms(
        np.unique(np.concatenate((analysis.terms.content.ids, np.array(keys, np.int64)))),
        _edge_lines(analysis),
        int(analysis.terms.wordings[np.argmax(analysis.terms.sizes)]) if analysis.sentences else -1,
        parts,
        phrases,
        frames,
        facts,
    )


def _edge_lines(analysis: Analysis) -> NDArray[np.int64]:
    """Return the wordings of the lines at the beginning and end, unless they are most of the text: a title, a verse."""
    sizes, wordings = analysis.terms.sizes, analysis.terms.wordings
    chosen = sizes <= MAX_LINE_LETTERS
    chosen[FIRST_LINES : max(FIRST_LINES, chosen.size - LAST_LINES)] = False
    if 2 * sizes[chosen].sum() > sizes.sum():
        return np.empty(0, np.int64)
    return np.unique(wordings[chosen & (wordings >= 0)])


def _phrases(profile: Profile) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the parts and hashes of all runs of PHRASE_WORDS content words outside numbers."""
    words = profile.ids[profile.columns]
    if words.size < PHRASE_WORDS:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    count = words.size - PHRASE_WORDS + 1
    hashed = np.zeros(count, np.uint64)
    for offset in range(PHRASE_WORDS):  # a polynomial hash, modulo 2**64
        hashed = (
            hashed * np.uint64(0x9E3779B97F4A7C15) + words[offset : offset + count].astype(np.uint64) + np.uint64(1)
        )
    hashed ^= hashed >> np.uint64(29)
    rows = np.column_stack((np.arange(count) // PART_WORDS, (hashed >> np.uint64(1)).astype(np.int64)))
    distinct = np.unique(rows, axis=0)
    return distinct[:, 0], distinct[:, 1]


def _frames(analysis: Analysis, profile: Profile) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the hashes of the frames of the sentences with facts, and of the facts in them."""
    frames: list[int] = []
    facts: list[int] = []
    for frame, hashed in zip(profile.frames, profile.frame_hashes, strict=True):
        if hashed >= 0:
            values = [analysis.facts[rank].value for rank in frame.facts if rank >= 0]
            frames.append(hashed)
            facts.append(crc32("\0".join(values).encode("utf-8", "surrogatepass")))
    return np.array(frames, np.int64), np.array(facts, np.int64)
