"""What outlets take over from each other: on generated articles with known sources, and in single cases."""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from statistics import median

import pyarrow as pa
import pytest
from generated_news import Article, make_news

import dedup

# The whole set takes more than a minute.
NEWS = make_news(2000 if os.environ.get("DEDUP_HYPOTHESIS") == "thorough" else 400)
# Share of the events of which some articles make a second story: 1 of 104, 4 of 501.
MAX_SPLIT = 0.01
# Share of the letters that may be missed: 3 sentences of 1,300 are.
MAX_MISSED = 0.005
CREDITS = ("credited", "common_source", "uncredited", "credit_unknown")
LETTER_COLUMNS = ("verbatim", "light", "heavy", *CREDITS, "undecided", "undecided_credited")
KINDS = {(0, 0): "verbatim", (1, 1): "verbatim", (2, 2): "verbatim", (0, 1): "light", (0, 2): "heavy", (1, 2): "heavy"}


@dataclass
class Row:
    """What is known about an ordered pair of outlets."""

    stories: int = 0
    source_first: int = 0
    outlet_first: int = 0
    delays: list[float] = field(default_factory=list)
    letters: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def is_before(left: Article, right: Article) -> bool:
    """Return whether the date of an article is certainly before that of another."""
    if left.start is None or right.start is None:
        return False
    return left.start + left.precision <= right.start and left.start < right.start


def takes_over(article: Article, source: Article) -> bool:
    """Return whether it is decided that an article takes over from another; the origins credit no outlet."""
    is_credited, is_crediting = article.outlet in source.credits, source.outlet in article.credits
    if is_before(source, article):
        return is_crediting or not is_credited
    return is_crediting and not is_credited and not is_before(article, source)


def known_rows(news: Sequence[Article]) -> dict[tuple[str, str], Row]:
    """Return what is known about each pair of outlets."""
    events: dict[int, list[Article]] = defaultdict(list)
    for article in news:
        events[article.event].append(article)
    rows: dict[tuple[str, str], Row] = defaultdict(Row)
    for articles in events.values():
        for article, source in permutations(articles, 2):
            row = rows[article.outlet, source.outlet]
            row.stories += 1
            row.source_first += is_before(source, article)
            row.outlet_first += is_before(article, source)
            if is_before(source, article) and source.precision == article.precision:
                row.delays.append((article.start - source.start).total_seconds())  # type: ignore[operator]  # both have dates
            count_letters(article, source, row)
    return rows


def count_letters(article: Article, source: Article, row: Row) -> None:
    """Count the letters that an article takes over from another, by kind and credit."""
    credit = "uncredited"
    if source.outlet in article.credits:
        credit = "credited"
    elif article.credits & source.credits:
        credit = "common_source"
    wordings = {id(part.sentence): part.wording for part in source.parts if part.sentence}
    for part in article.parts:
        if part.sentence and id(part.sentence) in wordings:
            letters = sum(map(str.isalnum, part.text))
            first, second = sorted((part.wording, wordings[id(part.sentence)]))
            if takes_over(article, source):
                row.letters[KINDS[first, second]] += letters
                row.letters[credit] += letters
            elif not takes_over(source, article):
                row.letters["undecided"] += letters
                row.letters["undecided_credited"] += letters * (credit != "uncredited")


def as_table(news: Sequence[Article]) -> pa.Table:
    """Return articles as a table."""
    return pa.table({name: [getattr(a, name) for a in news] for name in ("id", "outlet", "date", "title", "text")})


@pytest.fixture(scope="module")
def aligned() -> dedup.Aligned:
    """Align the generated articles."""
    return dedup.align(as_table(NEWS), language="en", stories=100_000)


@pytest.fixture(scope="module")
def events() -> set[frozenset[str]]:
    """Return the ids of the articles of each event that several report."""
    ids: dict[int, set[str]] = defaultdict(set)
    for article in NEWS:
        ids[article.event].add(article.id)
    return {frozenset(found) for found in ids.values() if len(found) > 1}


def ids_of(story: dedup.Story) -> frozenset[str]:
    """Return the ids of the documents of a story."""
    return frozenset(document.id or "" for document in story.documents)


def test_each_event_is_a_story(aligned: dedup.Aligned, events: set[frozenset[str]]) -> None:
    found = [ids_of(story) for story in aligned.result.stories]
    assert events <= {*found}
    assert len(found) - len(events) <= MAX_SPLIT * len(events)
    assert all(any(story <= event for event in events) for story in found)  # none has articles of two events


def test_outlets_match_what_the_generator_knows(aligned: dedup.Aligned) -> None:
    known = known_rows(NEWS)
    rows = aligned.outlets.to_pylist()
    assert {(row["outlet"], row["source"]) for row in rows} == known.keys()
    wrong, total = [0, 0], [0, 0]
    for row in rows:
        expected = known[row["outlet"], row["source"]]
        counts = {name: getattr(expected, name) for name in ("stories", "source_first", "outlet_first")}
        for index, values in enumerate((counts, {name: expected.letters[name] for name in LETTER_COLUMNS})):
            wrong[index] += sum(abs(row[name] - value) for name, value in values.items())
            total[index] += sum(values.values())
        if row["source_first"] == expected.source_first:
            assert row["median_delay"] == (median(expected.delays) if expected.delays else None)
        # The link of a sentence can be missed; nothing is counted that is not shared.
        assert all(row[name] <= expected.letters[name] for name in ("verbatim", "light", "heavy"))
        assert row["verbatim"] + row["light"] + row["heavy"] == sum(row[name] for name in CREDITS)
    assert wrong[0] <= MAX_SPLIT * total[0]
    assert wrong[1] <= MAX_MISSED * total[1]


def test_roles_match_what_the_generator_knows(aligned: dedup.Aligned, events: set[frozenset[str]]) -> None:
    articles = {article.id: article for article in NEWS}
    for story in (story for story in aligned.result.stories if ids_of(story) in events):
        told = [articles[document.id or ""] for document in story.documents]
        outlets = {article.outlet for article in told}
        for document, article in zip(story.documents, told, strict=True):
            is_first = story.first == document.doc
            crediting = [other for other in told if article.outlet in other.credits]
            assert document.title == article.title
            if document.role == "origin":
                assert is_first or any(not is_before(other, article) for other in crediting)
                assert not article.credits & outlets
            elif document.role == "credits":
                assert article.credits
            elif document.role == "uncredited":
                assert not article.credits
                assert not is_first
            elif is_first:
                assert any(other.credits & outlets for other in told)  # another one is the origin
        named = {(source.name, doc) for source in story.sources for doc in source.docs}
        known = {(name, d.doc) for d, a in zip(story.documents, told, strict=True) for name in a.credits}
        # A source is named for a sentence of the story; an outlet of the story wherever it is credited.
        assert {(name, doc) for name, doc in known if name in outlets} <= named <= known


def pair_of(rows: Sequence[dedup.OutletPair], outlet: str, source: str) -> dedup.OutletPair:
    """Return the row of a pair of outlets."""
    [row] = [row for row in rows if (row.outlet, row.source) == (outlet, source)]
    return row


COPIED = "The council of Kingsport voted to build a bridge of 317 metres over the Miskatonic, for 25 million dollars."
OWN = (
    "Dogs sleep for half of the day, and their owners seldom mind.",
    "A storm is expected on the coast, so that fishermen stay in the harbour.",
)


def align_two(
    *dates: str | None, credit: str = "", outlets: Sequence[str | None] = ("Herald", "Post")
) -> dedup.Aligned:
    """Align two articles with a common sentence, the second with a credit."""
    texts = [f"{COPIED} {OWN[0]}", f"{COPIED} {OWN[1]} {credit}"]
    return dedup.align(pa.table({"id": ["a", "b"], "outlet": outlets, "date": dates, "text": texts}), language="en")


LETTERS = sum(map(str.isalnum, COPIED))


def test_equal_and_vague_dates_decide_nothing() -> None:
    for dates in (("2024-05-02", "2024-05-02"), ("2024-05", "2024-05-03"), ("2024-05-02T10:00", None), (None, None)):
        result = align_two(*dates).result
        for outlet, source in (("Herald", "Post"), ("Post", "Herald")):
            row = pair_of(result.outlets, outlet, source)
            assert (row.taken, row.undecided, row.undecided_credited) == (0, LETTERS, 0)
            assert (row.stories, row.source_first, row.outlet_first, row.median_delay) == (1, 0, 0, None)
        assert [document.role for document in result.stories[0].documents] == ["unknown", "unknown"]


def test_the_later_takes_over() -> None:
    result = align_two("2024-05-02T10:00", "2024-05-02T11:30").result
    row = pair_of(result.outlets, "Post", "Herald")
    assert (row.verbatim, row.uncredited, row.median_delay) == (LETTERS, LETTERS, 5400)
    assert pair_of(result.outlets, "Herald", "Post").taken == pair_of(result.outlets, "Herald", "Post").undecided == 0
    assert {document.id: document.role for document in result.stories[0].documents} == {
        "a": "origin",
        "b": "uncredited",
    }
    assert (result.stories[0].started, result.stories[0].first) == ("2024-05-02T10:00", 0)


def test_a_credit_decides_where_dates_do_not_and_may_stand_elsewhere() -> None:
    credit = "It was cold, according to the Herald."
    for dates in ((None, None), ("2024-05-02", "2024-05-02"), ("2024-05-02", "2024-05-03")):
        result = align_two(*dates, credit=credit).result
        row = pair_of(result.outlets, "Post", "Herald")
        assert (row.verbatim, row.credited, row.undecided) == (LETTERS, LETTERS, 0)
        roles = {document.id: document.role for document in result.stories[0].documents}
        assert roles == {"a": "origin", "b": "credits"}
        [source] = result.stories[0].sources
        assert (source.name, source.docs, source.outlet_docs) == ("Herald", (1,), (0,))


def test_a_credit_against_the_dates_decides_nothing() -> None:
    result = align_two("2024-05-03", "2024-05-02", credit="It was cold, according to the Herald.").result
    for outlet, source in (("Herald", "Post"), ("Post", "Herald")):
        row = pair_of(result.outlets, outlet, source)
        assert (row.taken, row.undecided) == (0, LETTERS)


def test_without_outlets_documents_are_counted() -> None:
    found = align_two("2024-05-02", "2024-05-03", outlets=(None, None))
    assert not found.result.by_outlet
    row = pair_of(found.result.outlets, "b", "a")
    assert (row.verbatim, row.outlet_doc, row.source_doc) == (LETTERS, 1, 0)
    some = align_two("2024-05-02", "2024-05-03", outlets=("Herald", None)).result
    assert (some.by_outlet, some.outlets, some.without_outlet) == (True, (), 1)


def test_spellings_of_an_outlet_are_one() -> None:
    texts = [f"{COPIED} {OWN[0]}", f"{COPIED} {OWN[1]}", "Prices of wheat rose by 3 percent in March."]
    table = pa.table({"id": ["a", "b", "c"], "outlet": ["Le Monde", " LE  MONDE", "x"], "text": texts})
    assert dedup.align(table, language="en").result.outlets == ()
