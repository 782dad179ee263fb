"""Tests of the measures of reused passages and of the generators of corpora with known reuse."""

import gzip
import json
import re
from pathlib import Path

import books
import measures
import numpy as np
import planted
import pyarrow as pa
import pytest
import reuse_measures
import reuse_quality
import threads
from rapidfuzz.distance import Levenshtein
from reuse_measures import Match, PassageCounts, match

TEXTS = ["abcde fghij", "xx abcde yy", "fghij 12345"]


def test_match_puts_the_lower_rank_first() -> None:
    assert match(2, (5, 6), 1, (3, 4)) == Match(1, 3, 4, 2, 5, 6)
    assert match(1, (5, 6), 2, (3, 4)) == Match(1, 5, 6, 2, 3, 4)


def test_letter_counts_by_hand() -> None:
    """Half of one passage is found with two letters too many, a second is missed, a third pair is false."""
    gold = [match(0, (0, 5), 1, (3, 8)), match(0, (6, 11), 2, (0, 5))]
    found = [match(1, (3, 11), 0, (0, 3)), match(1, (0, 2), 2, (6, 11))]
    counts = reuse_measures.letter_counts(TEXTS, gold, found)
    assert counts == {(0, 1): (3 + 5, 2, 2), (0, 2): (0, 0, 10), (1, 2): (0, 7, 0)}
    assert np.array_equal(reuse_measures.total(counts.values()), [[8, 9, 12]])
    assert measures.f1(reuse_measures.total(counts.values())) == pytest.approx(16 / 37)
    assert np.array_equal(reuse_measures.total([]), [[0, 0, 0]])


def test_overlapping_matches_count_once() -> None:
    """Two links with the same letters count these letters once."""
    gold = [match(0, (0, 5), 1, (3, 8))]
    assert reuse_measures.letter_counts(TEXTS, gold, gold * 2) == {(0, 1): (10, 0, 0)}


def test_passage_counts_by_hand() -> None:
    """A passage is found if at least half of its letters are, in both documents; two links may cover it together."""
    gold = [match(0, (0, 5), 1, (3, 8)), match(0, (6, 11), 2, (0, 5))]
    found = [match(0, (0, 2), 1, (3, 8)), match(0, (2, 3), 1, (3, 8)), match(0, (6, 8), 2, (0, 5))]
    counts = reuse_measures.passage_counts(TEXTS, gold, found)
    assert counts == {(0, 1): PassageCounts(1, 1, 2, 2), (0, 2): PassageCounts(1, 0, 1, 1)}
    # Recall 1/2, precision 3/3.
    assert reuse_measures.passage_f1(counts.values()) == pytest.approx(2 / 3)
    assert reuse_measures.passage_f1([]) == 0


def test_pair_counts_by_hand() -> None:
    gold = [match(0, (0, 1), 1, (0, 1)), match(0, (0, 1), 2, (0, 1))]
    found = [match(0, (0, 1), 1, (2, 3)), match(0, (3, 4), 1, (2, 3)), match(1, (0, 1), 2, (0, 1))]
    assert reuse_measures.pair_counts(gold, found) == (1, 1, 1)


def test_link_matches_selects_kinds() -> None:
    columns = {"left_doc": [2, 0], "left_start": [1, 2], "left_end": [3, 4], "right_doc": [1, 1]}
    columns |= {"right_start": [5, 6], "right_end": [7, 8]}
    links = pa.table({**columns, "kind": ["light", "related"]})
    assert reuse_measures.link_matches(links, related=False) == [Match(1, 5, 7, 2, 1, 3)]
    assert len(reuse_measures.link_matches(links, related=True)) == 2


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write sets of random sentences in place of Reuters and the novels."""
    folder = tmp_path_factory.mktemp("sets")
    random = np.random.default_rng(1)
    for name in ("reuters21578", "french_novels"):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as rows:
            for number in range(20):
                words = [f"é{rank}{'.' * (rank % 9 == 0)}" for rank in random.integers(9000, size=1500).tolist()]
                rows.write(json.dumps({"id": number, "text": " ".join(words)}) + "\n")
    return folder


def test_planted_corpus(sets: Path) -> None:
    """Spans of unedited passages have the same text; no pair of documents occurs twice; the seed decides all."""
    corpus = planted.planted_corpus(sets, passages=40, documents=20, seed=3)
    assert corpus == planted.planted_corpus(sets, passages=40, documents=20, seed=3)
    assert corpus != planted.planted_corpus(sets, passages=40, documents=20, seed=4)
    assert len(corpus.texts) == 20
    assert len({passage.match.pair for passage in corpus.passages}) == len(corpus.passages) == 40
    exact = 0
    for passage in corpus.passages:
        one = passage.match
        left = corpus.texts[one.left][one.left_start : one.left_end]
        right = corpus.texts[one.right][one.right_start : one.right_end]
        assert (left == right) == (passage.edits == passage.noise == 0)
        assert (one.left < 10) == (one.right < 10), "both in the same language"
        exact += left == right
    assert exact > 0
    assert {passage.noise > 0 for passage in corpus.passages} == {True, False}


def test_copied_passages_are_not_split(sets: Path) -> None:
    """No passage is inserted within a passage that is copied elsewhere."""
    corpus = planted.planted_corpus(sets, passages=60, documents=20, seed=3)
    for passage in corpus.passages:
        one = passage.match
        sizes = [one.left_end - one.left_start, one.right_end - one.right_start]
        assert max(sizes) < 1.5 * min(sizes)


def test_edit_changes_the_given_share() -> None:
    """Nothing changes at 0; a fifth of the words is edited at .2."""
    random = np.random.default_rng(1)
    text = " ".join(f"w{number}" for number in range(100))
    assert planted.edit(text, 0, ["new"], random) == text
    kept = set(planted.edit(text, 0.2, ["new"], random).split()) & set(text.split())
    assert 80 <= len(kept) < 100


def test_noise_changes_the_given_share() -> None:
    random = np.random.default_rng(1)
    text = "the same old words of an old text " * 30
    assert planted.add_noise(text, 0, random) == text
    noisy = planted.add_noise(text, 0.1, random)
    assert 0.05 < Levenshtein.distance(text, noisy) / len(text) < 0.12


def test_planted_table_groups_by_edits() -> None:
    """The line of a level of edits counts only its pairs."""
    passages = [
        planted.Planted(match(0, (0, 5), 1, (3, 8)), 0.0, 0.0),
        planted.Planted(match(0, (6, 11), 2, (0, 5)), 0.25, 0.05),
    ]
    corpus = planted.PlantedCorpus(TEXTS, passages)
    table = reuse_quality.planted_table(corpus, {"system": [passages[0].match, match(1, (0, 2), 2, (6, 11))]})
    cells = {line[1]: line[2:] for line in table.lines}
    assert cells["all, 2"][0] == f"{2 * 10 / (2 * 10 + 7 + 10):.3f}"
    assert cells["all, 2"][-3:-1] == ["1", "1 of 2"]
    assert cells["0% of the words edited, 1"][0] == cells["no OCR noise, 1"][0] == "1.000"
    assert cells["25% of the words edited, 1"][0] == cells["OCR noise, 1"][0] == "0.000"


def test_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """With scribes who change nothing, the span of an occurrence has the words of its psalm."""
    monkeypatch.setattr(books, "make_scribe", lambda _: books.Scribe((), 0, 0, 0, 50, 0))
    for name in ("INCIPITS", "LOST_VERSES", "CHANGED_WORDS"):
        monkeypatch.setattr(books, name, 0)
    made = books.library(books=3, psalms=5, pool=8)
    assert made == books.library(books=3, psalms=5, pool=8)
    assert made != books.library(books=3, psalms=5, pool=8, seed=2)
    assert len(made.pairs) == len(made.occurrences) == 15
    for occurrence, found in zip(made.occurrences, books.book_matches(made), strict=True):
        copied = made.books[occurrence.book][occurrence.start : occurrence.end].replace("-\n", "").split()
        assert copied == made.psalms[occurrence.psalm].split()
        assert found.pair == (occurrence.psalm, 8 + occurrence.book)
    assert max(map(len, made.books[0].split("\n"))) < 60


def test_scribes_change_the_text() -> None:
    """Copies differ from their psalms in spelling, but most words stay."""
    made = books.library(books=3, psalms=5, pool=8)
    kept = []
    for occurrence in made.occurrences:
        copied = set(re.findall(r"\w+", made.books[occurrence.book][occurrence.start : occurrence.end].lower()))
        kept.append(len(copied & set(re.findall(r"\w+", made.psalms[occurrence.psalm].lower()))) / len(copied))
    assert 0.2 < np.mean(kept) < 0.9


def test_shared_grams_by_hand() -> None:
    """A word broken at the end of a line is the same word; texts with other words are not a pair."""
    made = books.Library(
        ["Beatus vir qui non abiit in consilio.", "Domine ne in furore tuo arguas me."],
        ["x y z beatus vir qui non a-\nbiit in consilio y z x", "nothing of the kind is in this book"],
        [books.Occurrence(0, 0, 6, 44)],
    )
    assert books.shared_grams(made) == {
        "shared word 3-grams, best cut": {(0, 0)},
        "shared 20-letter strings, best cut": {(0, 0)},
    }


def test_book_lines_by_hand() -> None:
    """Matches between books, and of the other order of documents, are not pairs of a book and a psalm."""
    made = books.Library(
        ["abc", "def"], ["abc xyz", "def"], [books.Occurrence(0, 0, 0, 3), books.Occurrence(1, 1, 0, 3)]
    )
    found = [
        match(0, (0, 3), 2, (0, 3)),
        match(0, (0, 3), 3, (0, 3)),
        match(2, (0, 3), 3, (0, 3)),
        match(0, (0, 1), 1, (0, 1)),
    ]
    ((about, system, *cells),) = reuse_quality.book_lines("books", made, {"system": found})
    assert about.startswith("books: 2, 2 psalms")
    # Pairs: 1 right, 1 false, 1 missed. Letters: 6 right, 6 false, 6 missed.
    assert (system, cells) == ("system", ["0.500", "0.500", "0.500", "1", "1 of 2", "0.500", "≥ .80"])


def test_newsgroup(sets: Path) -> None:
    """Shared lines have the same text in both messages, of the same thread; signatures are not shared."""
    made = threads.newsgroup(sets, threads=4, messages=4)
    assert made == threads.newsgroup(sets, threads=4, messages=4)
    assert made != threads.newsgroup(sets, threads=4, messages=4, seed=2)
    assert len(made.texts) == 16
    for one in made.shared:
        copied = made.texts[one.left][one.left_start : one.left_end]
        assert copied == made.texts[one.right][one.right_start : one.right_end]
        assert one.left // 4 == one.right // 4
        assert "Any sufficiently" not in copied
    assert len({one.pair for one in made.shared}) >= 8
    assert not made.unclear & {one.pair for one in made.shared}


def test_shared_lines_by_hand() -> None:
    """A line quoted twice is shared with its origin and between the quotes; a pair with a single line is unclear."""
    first, second = (threads.Line(text, text, threads.LineId(0, at)) for at, text in enumerate(("One.", "Two.")))
    root = threads.Message([first, second])
    reply = threads.Message([first._replace(text="> One."), second._replace(text="> Two.")])
    other = threads.Message([threads.Line("Eve:", "Eve:", None), first._replace(text=">> One.")])
    made = threads.shared_lines([root, reply, other])
    assert made.texts == ["One.\nTwo.", "> One.\n> Two.", "Eve:\n>> One."]
    assert made.shared == [Match(0, 0, 4, 1, 2, 6), Match(0, 5, 9, 1, 9, 13)]
    assert made.unclear == {(0, 2), (1, 2)}
    found = [match(0, (0, 4), 1, (2, 6)), match(0, (0, 4), 2, (8, 12))]
    # Pairs: 1 right; letters: 6 of 12, none false, since the other pair is unclear.
    assert reuse_quality.quote_cells(made, found) == [
        "1.000",
        "1.000",
        "1.000",
        "0",
        "0 of 1",
        "0.667",
        "1.000",
        "0.500",
    ]
